import { expect, test } from 'vitest';
import { contrastWithWhite, readableColor } from './brand-color.ts';

test('a colour too light to be read on white gets darker until it can, and no further', () => {
  for (const light of ['#ffffff', '#ffff00', '#f4b400', '#8888ff', '#00ff88']) {
    const contrast = contrastWithWhite(readableColor(light));
    expect(contrast).toBeGreaterThanOrEqual(4.5);
    expect(contrast).toBeLessThan(5.5);
  }
});

test('a colour that can be read stays as it is', () => {
  for (const dark of ['#000000', '#2f5d8a', '#8a0000']) expect(readableColor(dark)).toBe(dark);
  expect([contrastWithWhite('#ffffff'), contrastWithWhite('#000000')]).toEqual([1, 21]);
});
