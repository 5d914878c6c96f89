import { expect, test } from 'vitest';
import { ConnectionBudget, type Taker } from './connection-budget.ts';

const SIZE = 24; // 6 for what somebody waits for; of the other 18 one workspace may hold 12

/** Somebody who asks: whether they have their connections, how they give them back and go away. */
function asker(budget: ConnectionBudget, count: number, taker: Taker) {
  const controller = new AbortController();
  const state = { has: false, giveBack: () => {}, leave: () => controller.abort(new Error('left')) };
  const taken = budget.take(count, taker, controller.signal).then(
    (giveBack) => {
      state.has = true;
      state.giveBack = giveBack;
    },
    () => {},
  );
  return Object.assign(state, { taken });
}
const long = (workspaceId: string): Taker => ({ workspaceId, givesWay: true });
const prompt: Taker = { workspaceId: 'giant', givesWay: false };
/** Every promise that can go on has gone on. */
const settled = () => new Promise((resolve) => setImmediate(resolve));
const having = (askers: readonly { has: boolean }[]) => askers.map(({ has }) => has);

test('a workspace’s giants take their share and no more: another’s export and one conversation begin at once', async () => {
  const budget = new ConnectionBudget(SIZE);
  const giants = [8, 8, 8].map((count) => asker(budget, count, long('giant')));
  const small = asker(budget, 5, long('small'));
  const one = asker(budget, 6, prompt);
  await settled();
  expect(having([...giants, small, one])).toEqual([true, false, false, true, true]);
  giants[0]!.giveBack();
  giants[0]!.giveBack(); // twice is once
  await settled();
  expect(having(giants)).toEqual([true, true, false]);
});

test('who waits for room is not overtaken for ever by those who need less', async () => {
  const budget = new ConnectionBudget(SIZE);
  const first = asker(budget, 12, long('a'));
  const large = asker(budget, 10, long('b'));
  const little = asker(budget, 2, long('c'));
  await settled();
  expect(having([first, large, little])).toEqual([true, false, false]);
  first.giveBack();
  await settled();
  expect(having([large, little])).toEqual([true, true]);
});

test('who leaves makes room for those behind, and gets nothing', async () => {
  const budget = new ConnectionBudget(SIZE);
  const first = asker(budget, 12, long('a'));
  const large = asker(budget, 10, long('b'));
  const little = asker(budget, 2, long('c'));
  await settled();
  large.leave();
  await settled();
  expect(having([first, large, little])).toEqual([true, false, true]);
});

test.each([1, 2, 4, 5, 24, 1000])('of %i nobody waits for ever, however much they want', async (size) => {
  const budget = new ConnectionBudget(size);
  const askers = ['a', 'b', 'c'].flatMap((name) =>
    [1, 3, 5000].flatMap((count) => [
      asker(budget, count, long(name)),
      asker(budget, count, { workspaceId: name, givesWay: false }),
    ]),
  );
  for (let round = 0; round < askers.length; round++) {
    await settled();
    for (const one of askers.filter(({ has }) => has)) one.giveBack();
  }
  expect(askers.every(({ has }) => has)).toBe(true);
});
