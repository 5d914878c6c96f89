// `CONVEY_TEST_PICTURES=test-results/pictures npx vitest run test/web && node scripts/copy-pictures.mjs`: puts the
// pictures that the documentation shows, and no others, into docs/pictures/.
import { copyFile, mkdir, readdir, readFile, rm } from 'node:fs/promises';

const ROOT = new URL('../', import.meta.url);
const FROM = new URL('test-results/pictures/', ROOT);
const TO = new URL('docs/pictures/', ROOT);
const SHOWN = /!\[[^\]]*\]\((?:docs\/)?pictures\/([\w-]+)\.png\)/g;

const pages = ['README.md', ...(await readdir(new URL('docs/', ROOT))).map((name) => `docs/${name}`)];
const texts = await Promise.all(
  pages.filter((name) => name.endsWith('.md')).map((name) => readFile(new URL(name, ROOT), 'utf8')),
);
const shown = new Set(texts.flatMap((text) => [...text.matchAll(SHOWN)].map(([, name]) => name)));
const made = new Set(await readdir(FROM));
const missing = [...shown].filter((name) => !made.has(`${name}-light.png`));
if (missing.length > 0) throw new Error(`no picture was made of ${missing.join(', ')}`);
await rm(TO, { recursive: true, force: true });
await mkdir(TO);
for (const name of shown) await copyFile(new URL(`${name}-light.png`, FROM), new URL(`${name}.png`, TO));
console.log(`${shown.size} pictures`);
