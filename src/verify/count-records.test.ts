import { expect, test } from 'vitest';
import type { PartLayout } from '../packages/manifest.ts';
import { contents } from '../packages/package.fixture.ts';
import { createRecordCounter } from './count-records.ts';
import { seeded } from './mutants.fixture.ts';
import { JsonScanner, MalformedError } from './scan-json.ts';

async function countIn(
  bytes: Buffer,
  layout: PartLayout,
  pieces: number,
  counts = {},
): Promise<Record<string, number>> {
  const counter = createRecordCounter(layout, counts)!;
  for (let at = 0; at < bytes.length; at += pieces)
    await counter.push(Buffer.from(bytes.subarray(at, at + pieces)));
  return Object.fromEntries(counter.end());
}

test('counts are the same however the bytes are cut into pieces', async () => {
  for (const { name, bytes, layout, counts } of contents) {
    for (const pieces of [1, 2, 3, 7, 64, 1000, bytes.length]) {
      const found = await countIn(bytes, layout, pieces, counts);
      for (const [dataset, count] of Object.entries(counts))
        expect(found[dataset] ?? 0, `${name}/${pieces}`).toBe(count);
    }
  }
});

function accepts(text: string, lines = false, pieces = 1 << 20): boolean {
  const scanner = new JsonScanner(
    { value: (_depth, _key, _kind, text) => void text(), close() {} },
    { lines, visitedDepth: 9 },
  );
  const bytes = Buffer.from(text);
  try {
    for (let at = 0; at < bytes.length; at += pieces) scanner.push(bytes.subarray(at, at + pieces));
    scanner.end();
    return true;
  } catch (error) {
    expect(error).toBeInstanceOf(MalformedError);
    return false;
  }
}

test('the scanner takes what JSON.parse takes and refuses what it refuses', () => {
  const random = seeded(3);
  const atoms = [
    '{',
    '}',
    '[',
    ']',
    ',',
    ':',
    '"a"',
    '"\\n"',
    '"\\u00e9"',
    '"\\x"',
    '"',
    '\\',
    '1',
    '-0.5e+3',
    '01',
    '1.',
    'tru',
    'true',
    'null',
    ' ',
    '\n',
    '\t',
    'é',
    '"é\u0001"',
    '"\\u12"',
  ];
  const parses = (text: string) => {
    try {
      JSON.parse(text);
      return true;
    } catch {
      return false;
    }
  };
  let taken = 0;
  const check = (text: string) => {
    const expected = parses(text);
    if (expected) taken++;
    for (const pieces of [1, 3, 1000]) expect(accepts(text, false, pieces), text).toBe(expected);
  };
  for (let i = 0; i < 20_000; i++)
    check(Array.from({ length: 1 + random(6) }, () => atoms[random(atoms.length)]).join(''));
  const value = (depth: number): unknown => {
    const kind = random(depth > 3 ? 4 : 6);
    if (kind === 4) return Array.from({ length: random(4) }, () => value(depth + 1));
    if (kind === 5)
      return Object.fromEntries(
        Array.from({ length: random(4) }, (_, i) => [`k"\\\n${i}`, value(depth + 1)]),
      );
    return [null, true, random(1e9) / 7, 'te"x\\t\u{1f600}\n'][kind];
  };
  for (let i = 0; i < 2000; i++) {
    const text = JSON.stringify(value(0), null, random(3));
    check(text);
    const at = random(text.length);
    check(text.slice(0, at) + text.slice(at + 1));
    check(text.slice(0, at) + atoms[random(atoms.length)] + text.slice(at));
  }
  expect(taken).toBeGreaterThan(3000);
});

test('deep nesting ends in a sentence', () => {
  expect(accepts('['.repeat(1_000_000))).toBe(false);
  expect(accepts('['.repeat(900) + ']'.repeat(900))).toBe(true);
});

test('texts longer than a block, in keys, strings and numbers, do not disturb the count', async () => {
  const long = 'x'.repeat(3_000_000);
  const record = { type: 'a', text: long, list: [long, { list: [1, 2] }, `${long}"]}`], [long]: [1] };
  const layout: PartLayout = { format: 'ndjson', types: { a: { dataset: 'a', lists: { list: 'items' } } } };
  const bytes = Buffer.from(
    `${JSON.stringify(record)}\n{"type":"a","n":1${'0'.repeat(100_000)},"list":null}\n{"_end":true}\n`,
  );
  expect(await countIn(bytes, layout, 1 << 16)).toEqual({ a: 2, items: 3 });
});

test('rows of a CSV are counted with every mixture of quotes and line breaks, cut anywhere', async () => {
  const random = seeded(5);
  const cells = ['', 'a', '"a"', '"a,b"', '"a\r\nb"', '"""x"""', '"\r"', '"\n"', '""', 'é', '" "'];
  for (let i = 0; i < 2000; i++) {
    const [columns, rows] = [1 + random(4), 1 + random(6)];
    const row = () => Array.from({ length: columns }, () => cells[random(cells.length)]).join(',');
    const bom = random(2) === 0 ? '\uFEFF' : '';
    const text = `${bom}${Array.from({ length: rows }, () => `${row()}\r\n`).join('')}`;
    for (const pieces of [1, 2, 1000])
      expect(await countIn(Buffer.from(text), { format: 'csv', dataset: 'c' }, pieces), text).toEqual({
        c: rows - 1,
      });
  }
});
