import { expect, test } from 'vitest';
import { sumWarnings } from './sum-warnings.ts';

const glyph = (about: string, count: number) => ({
  code: 'x.glyph',
  count,
  detail: 'No font has it.',
  about,
});

test('warnings of several parts are one each, and one that is about many things names the most frequent', () => {
  const cut = { code: 'x.cut', count: 2, detail: 'Cut.' };
  const many = Array.from({ length: 25 }, (_, index) => glyph(`U+${index}`, 1));
  const warnings = sumWarnings([
    { warnings: [cut, glyph('U+A', 3)] },
    {},
    { warnings: [cut, glyph('U+A', 2), glyph('U+B', 9), ...many] },
  ]);
  expect(warnings[0]).toEqual({ code: 'x.cut', count: 4, detail: 'Cut.' });
  expect(warnings[1]).toMatchObject({ code: 'x.glyph', count: 39 });
  expect(warnings[1]!.detail).toMatch(
    /^No font has it\. U\+B \(9 times\), U\+A \(5 times\), .* and 7 others$/,
  );
  expect(warnings).toHaveLength(2);
});
