import { randomBytes } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { parseArgs } from 'node:util';
import { Pseudonyms } from '../src/anonymize/pseudonyms.ts';
import { type LabelledText, readAbcd, readEvi, readMultiDogo } from './harness/label-sets.ts';
import { measureMasking } from './harness/measure-masking.ts';

// How much of what is labelled as personal in real conversations an anonymised export masks, with what is known of
// the contact and without, and how often it masks what names nobody.
//   npx tsx bench/anonymizing.ts --data FOLDER

const { values } = parseArgs({
  options: {
    data: { type: 'string', default: process.env['CONVEY_REAL_DATA'] ?? '' },
    output: { type: 'string', default: new URL('results/anonymizing.json', import.meta.url).pathname },
  },
});
if (values.data === '') throw new Error('Say where the labelled data is: --data, or CONVEY_REAL_DATA.');

const multiDogo = (
  await Promise.all((['train', 'dev', 'test'] as const).map((part) => readMultiDogo(values.data, part)))
).flat();
const sets: Record<string, LabelledText[]> = {
  MultiDoGO: multiDogo,
  EVI: await readEvi(values.data),
  ABCD: await readAbcd(values.data),
};

const pseudonyms = new Pseudonyms(randomBytes(32));
const results: Record<string, object> = {};
const percent = (part: number, whole: number) => `${((100 * part) / whole).toFixed(1)} %`.padStart(9);
console.log(
  `${'set'.padEnd(12)}${'class'.padEnd(34)}${'values'.padStart(8)}  unknown contact   known contact  (whole, at least in part)`,
);
for (const [name, texts] of Object.entries(sets)) {
  const started = performance.now();
  const unknown = measureMasking(texts, pseudonyms, false);
  const known = measureMasking(texts, pseudonyms, true);
  const { words } = known;
  const wordsPerSecond = Math.round((2 * words) / ((performance.now() - started) / 1000));
  results[name] = {
    texts: texts.length,
    words,
    wordsPerSecond,
    unknown_contact: unknown,
    known_contact: known,
  };
  for (const [kind, found] of Object.entries(unknown.classes)) {
    const theirs = known.classes[kind]!;
    console.log(
      `${name.padEnd(12)}${kind.padEnd(34)}${String(found.values).padStart(8)}` +
        `${percent(found.whole, found.values)}${percent(found.partly, found.values)}` +
        `${percent(theirs.whole, theirs.values)}${percent(theirs.partly, theirs.values)}`,
    );
  }
  if (known.wrongPer1000 !== undefined)
    console.log(
      `${name.padEnd(12)}masked by mistake: ${unknown.wrongPer1000} and ${known.wrongPer1000} of 1,000 words`,
    );
}
await mkdir(dirname(values.output), { recursive: true });
await writeFile(values.output, `${JSON.stringify({ node: process.version, sets: results }, null, 2)}\n`);
