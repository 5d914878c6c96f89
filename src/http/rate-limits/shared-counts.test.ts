import { afterAll, beforeAll, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../../test/support/test-database.ts';
import { SharedCounts } from './shared-counts.ts';

let test: TestDatabase;
const errors: unknown[] = [];
const newCounts = () => new SharedCounts(test.database, (error) => errors.push(error));
beforeAll(async () => {
  test = await createTestDatabase();
});
afterAll(() => test.drop());

const stored = async (key: string) => {
  const rows = await test.asSuperuser<{ count: string }>('select count from rate_counters where key = $1', [
    key,
  ]);
  return Number(rows[0]?.count ?? 0);
};
const of = (key: string, exactFrom = 8) => [{ key, windowMs: 60_000, exactFrom }];

it('far from the limit, the first of a window is told at once and the others together', async () => {
  const counts = newCounts();
  const seen = [];
  for (let i = 0; i < 5; i++) seen.push((await counts.add(of('a')))[0]!.count);
  expect(seen).toEqual([1, 2, 3, 4, 5]);
  expect(await stored('a')).toBe(1);
  await counts.flush();
  expect(await stored('a')).toBe(5);
});

it('near the limit each is told at once, with those that were not', async () => {
  const counts = newCounts();
  for (let i = 0; i < 7; i++) await counts.add(of('b'));
  expect(await stored('b')).toBe(1);
  expect((await counts.add(of('b')))[0]!.count).toBe(8);
  expect(await stored('b')).toBe(8);
});

it('none is lost and none counted twice, however many come at once, on two servers', async () => {
  const [one, two] = [newCounts(), newCounts()];
  const many = Array.from({ length: 200 }, async (_, i) => (i % 2 ? one : two).add(of('c', 100)));
  await Promise.all(many);
  await Promise.all([one.flush(), two.flush()]);
  expect(await stored('c')).toBe(200);
  expect((await one.add(of('c', 0)))[0]!.count).toBe(201);
});

it('a flush that fails is told, and the next window begins afresh', async () => {
  const counts = newCounts();
  await counts.add(of('d'));
  await counts.add(of('d'));
  await test.asSuperuser('alter table rate_counters rename to gone');
  await counts.flush();
  expect(errors.length).toBe(1);
  await test.asSuperuser('alter table gone rename to rate_counters');
  expect((await counts.add(of('d', 0)))[0]!.count).toBe(2);
});
