import {
  convertCssVariables,
  DEFAULT_THEME,
  defaultCssVariablesResolver,
  mergeMantineTheme,
} from '@mantine/core';
import react from '@vitejs/plugin-react';
import { defineConfig, type Plugin } from 'vite';
import { theme } from './src/app/theme.ts';

const SERVER = 'http://localhost:4400';
const VARIABLES = 'virtual:theme.css';

/**
 * The theme's variables as a style sheet. Left to itself the component library writes them into the page as a
 * `<style>` element, which the server's content security policy refuses.
 */
function themeVariables(): Plugin {
  return {
    name: 'theme-variables',
    resolveId: (id) => (id === VARIABLES ? `\0${VARIABLES}` : undefined),
    load: (id) =>
      id === `\0${VARIABLES}`
        ? convertCssVariables(defaultCssVariablesResolver(mergeMantineTheme(DEFAULT_THEME, theme)), ':root')
        : undefined,
  };
}

/**
 * The app as plain files for the server's CSP: nothing inline, so no asset becomes a `data:` address and no
 * polyfill is put into the HTML. `vite` alone serves it while developing, beside a running `convey serve`.
 */
export default defineConfig({
  base: '/',
  plugins: [react(), themeVariables()],
  build: { outDir: 'dist', assetsInlineLimit: 0, modulePreload: { polyfill: false } },
  server: {
    proxy: Object.fromEntries(
      ['/v1', '/docs', '/openapi.json', '/problems', '/.well-known'].map((path) => [path, SERVER]),
    ),
  },
});
