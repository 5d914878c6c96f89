import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
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
const WHOLE_THEME = mergeMantineTheme(DEFAULT_THEME, theme);

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
        ? convertCssVariables(defaultCssVariablesResolver(WHOLE_THEME), ':root') + widthClasses()
        : undefined,
  };
}

/** What `hiddenFrom` and `visibleFrom` stand for: by the width of the window. */
function widthClasses(): string {
  return Object.entries(WHOLE_THEME.breakpoints)
    .map(
      ([name, from]) =>
        `@media (width < ${from}) { .mantine-visible-from-${name} { display: none !important; } }\n` +
        `@media (width >= ${from}) { .mantine-hidden-from-${name} { display: none !important; } }\n`,
    )
    .join('');
}

/** Modules of libraries that would write `<style>` elements while the app runs: ours stands in for them. */
function adoptedStyles(): Plugin {
  const writers = /\/InlineStyles\/InlineStyles\.mjs$|^react-style-singleton$/;
  return {
    name: 'adopted-styles',
    enforce: 'pre',
    resolveId(id) {
      return writers.test(id) ? this.resolve('/src/app/adopted-styles.ts') : undefined;
    },
  };
}

const API = new URL('../docs/generated/openapi.json', import.meta.url);
const SCHEMA = 'virtual:api-schema/';

/** Shapes of the API as values: forms are made from them, so that they ask for what the server takes. */
function apiSchemas(): Plugin {
  return {
    name: 'api-schemas',
    resolveId: (id) => (id.startsWith(SCHEMA) ? `\0${id}` : undefined),
    async load(id) {
      if (!id.startsWith(`\0${SCHEMA}`)) return undefined;
      const { components } = JSON.parse(await readFile(API, 'utf8')) as {
        components: { schemas: Record<string, object> };
      };
      const schema = components.schemas[id.slice(SCHEMA.length + 1)];
      if (schema === undefined) throw new Error(`the API has no schema ${id}`);
      return `export default ${JSON.stringify(schema)}`;
    },
  };
}

/**
 * What stands for Node in the verifier, which is the same code as `convey verify`: the browser's files, hashes and
 * signatures (src/verify/platform/). Nothing else of the app imports these.
 */
const platform = [
  [/^node:(crypto|fs|path|zlib)$/, 'node-$1.ts'],
  [/^node:fs\/promises$/, 'node-fs-promises.ts'],
  [/^\.\/(check-signature|inflate-entry)\.ts$/, '$1.ts'],
] as const;

/**
 * The app as plain files for the server's CSP: nothing inline, so no asset becomes a `data:` address and no
 * polyfill is put into the HTML. `vite` alone serves it while developing, beside a running `convey serve`.
 */
export default defineConfig({
  base: '/',
  plugins: [react(), themeVariables(), adoptedStyles(), apiSchemas()],
  resolve: {
    alias: platform.map(([find, file]) => ({
      find,
      replacement: fileURLToPath(new URL('src/verify/platform/', import.meta.url)) + file,
    })),
  },
  worker: { format: 'es' },
  build: { outDir: 'dist', assetsInlineLimit: 0, modulePreload: { polyfill: false } },
  server: {
    proxy: Object.fromEntries(
      ['/v1', '/docs', '/openapi.json', '/problems', '/.well-known'].map((path) => [path, SERVER]),
    ),
  },
});
