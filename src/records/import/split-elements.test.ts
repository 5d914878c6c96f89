import { expect, test } from 'vitest';
import { splitElements } from './split-elements.ts';

async function split(input: string, size: number, maxBytes = 1_000_000): Promise<string[]> {
  const all = Buffer.from(input);
  async function* chunks(): AsyncGenerator<Buffer> {
    for (let at = 0; at < all.length; at += size) yield all.subarray(at, at + size);
  }
  const seen: string[] = [];
  for await (const elements of splitElements(chunks(), 'a.json', maxBytes)) {
    for (const { element, bytes, isTooLong } of elements) {
      expect(element).toBe(seen.length + 1);
      seen.push(isTooLong ? 'TOO LONG' : bytes.toString());
    }
  }
  return seen;
}

const sizes = [1, 2, 3, 7, 10_000];

test.each(sizes)('elements are cut as JSON.parse would, in chunks of %i', async (size) => {
  const array = [
    { a: 1, b: ['x', { c: ']' }], text: 'quotes " and \\ and \\" and ] } , [ {' },
    [[[]]],
    'a string, with "quotes" and \\',
    '',
    -1.5e3,
    true,
    null,
    { emoji: '🙂 ü', nul: '\u0000', nested: { deep: [{}] } },
    7,
  ];
  for (const spaces of [0, 2]) {
    const parsed = (await split(` \n${JSON.stringify(array, null, spaces)}\r\n\t`, size)).map((one) =>
      JSON.parse(one),
    );
    expect(parsed).toEqual(array);
  }
});

test.each(sizes)('an empty array has no elements, in chunks of %i', async (size) => {
  expect(await split(' [ ] \n', size)).toEqual([]);
});

test.each(sizes)(
  'an element over the limit is passed by and the next ones read, in chunks of %i',
  async (size) => {
    const input = `[{"a":1},{"big":"${'x'.repeat(300)}"},"${'y'.repeat(300)}",${'1'.repeat(300)},{"b":2}]`;
    expect(await split(input, size, 50)).toEqual(['{"a":1}', 'TOO LONG', 'TOO LONG', 'TOO LONG', '{"b":2}']);
  },
);

test.each([
  ['', 'import.empty_file'],
  [' \n ', 'import.empty_file'],
  ['{"a":[1]}', 'import.wrong_format'],
  ['"text"', 'import.wrong_format'],
  ['[', 'import.damaged_file'],
  ['[{"a":1}', 'import.damaged_file'],
  ['[{"a":1},', 'import.damaged_file'],
  ['[{"a":"x', 'import.damaged_file'],
  ['[1', 'import.damaged_file'],
  ['[{"a":1}{"b":2}]', 'import.damaged_file'],
  ['[1,,2]', 'import.damaged_file'],
  ['[1,]', 'import.damaged_file'],
  ['[,1]', 'import.damaged_file'],
  ['[1]]', 'import.damaged_file'],
  ['[1] [2]', 'import.damaged_file'],
])('%j is refused as %s, never read short', async (input, code) => {
  for (const size of sizes) await expect(split(input, size)).rejects.toMatchObject({ code });
});

test('what an element holds is left to the parser: brackets that do not match stay inside it', async () => {
  expect(await split('[1}, {"a":1]]', 3)).toEqual(['1}', '{"a":1]']);
});

test('an element over the limit is not collected', async () => {
  let largest = 0;
  async function* chunks(): AsyncGenerator<Buffer> {
    yield Buffer.from('["');
    const before = process.memoryUsage().arrayBuffers;
    for (let i = 0; i < 600; i++) {
      yield Buffer.alloc(1024 * 1024, 'x');
      largest = Math.max(largest, process.memoryUsage().arrayBuffers - before);
    }
    yield Buffer.from('"]');
  }
  for await (const [one] of splitElements(chunks(), 'a.json', 1024 * 1024)) expect(one!.isTooLong).toBe(true);
  // All of it would be 600 MiB; what is let go of is collected some time later.
  expect(largest).toBeLessThan(400 * 1024 * 1024);
});
