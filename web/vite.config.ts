import { defineConfig } from 'vite';

const SERVER = 'http://localhost:4400';

/**
 * The page as plain files for the server's CSP: nothing inline, so no asset becomes a `data:` address and no
 * polyfill is put into the HTML. `vite` alone serves it while developing, beside a running `convey serve`.
 */
export default defineConfig({
  base: '/',
  build: { outDir: 'dist', assetsInlineLimit: 0, modulePreload: { polyfill: false } },
  server: {
    proxy: Object.fromEntries(['/v1', '/docs', '/openapi.json', '/problems'].map((path) => [path, SERVER])),
  },
});
