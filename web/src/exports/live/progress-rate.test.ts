import { expect, test } from 'vitest';
import { addSample, averageOf, rateOf, type Sample, secondsLeft } from './progress-rate.ts';

const gather = (...samples: [atMs: number, done: number][]) =>
  samples.reduce<readonly Sample[]>((before, [atMs, done]) => addSample(before, { atMs, done }), []);

test('is what came in the last twenty seconds', () => {
  expect(rateOf(gather([0, 100], [10_000, 5_100]))).toBe(500);
  // Getting ready for the first record is not counted.
  expect(rateOf(gather([0, 0], [9_000, 100], [10_000, 600]))).toBe(500);
  expect(rateOf(gather([0, 0], [9_000, 100]))).toBeUndefined();
  // The slow beginning is forgotten.
  expect(rateOf(gather([0, 0], [30_000, 100], [40_000, 20_100]))).toBe(2_000);
});

test('is not known from one look, from two at once, or while nothing comes', () => {
  expect(rateOf([])).toBeUndefined();
  expect(rateOf(gather([0, 10]))).toBeUndefined();
  expect(rateOf(gather([0, 0], [100, 500]))).toBeUndefined();
  expect(rateOf(gather([0, 10], [5_000, 10]))).toBeUndefined();
});

test('who comes later is told the average, once it says something', () => {
  expect(averageOf(500, 25)).toBe(20);
  expect(averageOf(500, 1)).toBeUndefined();
  expect(averageOf(0, 100)).toBeUndefined();
  expect(averageOf(500, undefined)).toBeUndefined();
});

test('begins again when another attempt begins', () => {
  expect(gather([0, 0], [5_000, 900], [6_000, 10])).toEqual([{ atMs: 6_000, done: 10 }]);
});

test('time left needs to know how much there is', () => {
  expect(secondsLeft({ done: 100, planned: 1_100 }, 500)).toBe(2);
  expect(secondsLeft({ done: 100, planned: null }, 500)).toBeUndefined();
  expect(secondsLeft({ done: 100, planned: 1_100 }, undefined)).toBeUndefined();
  expect(secondsLeft({ done: 1_200, planned: 1_100 }, 500)).toBe(0);
});
