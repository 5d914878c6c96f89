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
import { type Language, languages } from '../src/texts/choose-language.ts';
import { translate } from '../src/texts/translate.ts';
import type { ObjectSchema, ValueSchema } from './src/api/json-schema.ts';
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

const TEXTS = 'virtual:api-texts/';

/**
 * Shapes of the API as values: forms are made from them, so that they ask for what the server takes. Beside them what
 * they say of their properties in other languages than English, from the server's own catalogue.
 */
function apiSchemas(): Plugin {
  const isOurs = (id: string) => id.startsWith(SCHEMA) || id.startsWith(TEXTS);
  return {
    name: 'api-schemas',
    resolveId: (id) => (isOurs(id) ? `\0${id}` : undefined),
    async load(id) {
      const ours = id.slice(1);
      if (!id.startsWith('\0') || !isOurs(ours)) return undefined;
      if (ours.startsWith(SCHEMA))
        return `export default ${JSON.stringify(await readSchema(ours.slice(SCHEMA.length)))}`;
      const { properties } = await readSchema(ours.slice(TEXTS.length));
      return `export default ${JSON.stringify(sayElsewhere(Object.values(properties)))}`;
    },
  };
}

async function readSchema(name: string): Promise<ObjectSchema> {
  const { components } = JSON.parse(await readFile(API, 'utf8')) as {
    components: { schemas: Record<string, ObjectSchema> };
  };
  const schema = components.schemas[name];
  if (schema === undefined) throw new Error(`the API has no schema ${name}`);
  return schema;
}

/** Language → what is said in English → the same in that language. */
function sayElsewhere(schemas: readonly ValueSchema[]): Record<string, Record<string, string>> {
  const said = schemas.flatMap(({ description }) => description ?? []);
  const inLanguage = (language: Language) =>
    Object.fromEntries(said.map((sentence) => [sentence, translate(sentence, language)]));
  const others = languages.filter((language) => language !== 'en');
  return Object.fromEntries(others.map((language) => [language, inLanguage(language)]));
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
