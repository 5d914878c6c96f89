import { expect, test } from 'vitest';
import { Outcomes } from '../count-outcomes.ts';
import { Arrivals } from './arrivals.ts';

const by = { id: 'key_1', name: 'First connection' };

function arrival(received: number, rejections = 0) {
  const outcomes = new Outcomes();
  outcomes.received = received;
  for (let line = 1; line <= rejections; line++)
    outcomes.reject({ line, code: 'ingest.bad_field', field: 'email', detail: 'It takes text.' });
  return { at: new Date(), by, result: outcomes.toResult(), failure: null };
}

test('the last twenty requests of a workspace are told, the newest first, each with its first five reasons', () => {
  const arrivals = new Arrivals();
  for (let n = 1; n <= 25; n++) arrivals.note('wsp_a', arrival(n, n));
  const told = arrivals.list('wsp_a');
  expect(told.map(({ result }) => result.received)).toEqual(Array.from({ length: 20 }, (_, n) => 25 - n));
  expect(told[0]!.result.rejected_count).toBe(25);
  expect(told[0]!.result.rejected.map(({ line }) => line)).toEqual([1, 2, 3, 4, 5]);
  expect(arrivals.list('wsp_b')).toEqual([]);
});

test('of a thousand workspaces, the one that got nothing for longest is forgotten first', () => {
  const arrivals = new Arrivals();
  for (let n = 0; n < 1000; n++) arrivals.note(`wsp_${n}`, arrival(1));
  arrivals.note('wsp_0', arrival(2));
  arrivals.note('wsp_new', arrival(1));
  expect(arrivals.list('wsp_0')).toHaveLength(2);
  expect(arrivals.list('wsp_1')).toEqual([]);
  expect(arrivals.list('wsp_new')).toHaveLength(1);
});
