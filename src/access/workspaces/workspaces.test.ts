import { afterAll, beforeAll, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../../test/support/test-database.ts';
import { createWorkspace } from '../access.commands.ts';
import { findWorkspace } from './workspaces.ts';

let test: TestDatabase;
beforeAll(async () => {
  test = await createTestDatabase();
});
afterAll(() => test.drop());

const find = (slugOrId: string) =>
  test.database.inSystem((transaction) => findWorkspace(transaction, slugOrId));

it('a workspace is found by its short name and by its id, and is its own product unless told', async () => {
  const made = await createWorkspace(test.database, { slug: 'acme', name: 'Acme & Söhne' });
  expect(made).toMatchObject({ slug: 'acme', name: 'Acme & Söhne', product: made.id });
  expect(await find('acme')).toEqual(made);
  expect(await find(made.id)).toEqual(made);
  const sister = await createWorkspace(test.database, { slug: 'acme-2', product: made.product });
  expect(sister).toMatchObject({ name: 'acme-2', product: made.id });
});

it('a short name is taken once, and two that ask at the same time do not both get it', async () => {
  const outcomes = await Promise.allSettled(
    Array.from({ length: 5 }, () => createWorkspace(test.database, { slug: 'race' })),
  );
  const refusals = outcomes.filter((outcome) => outcome.status === 'rejected');
  expect(refusals.map(({ reason }) => reason.code)).toEqual(
    Array.from({ length: 4 }, () => 'access.slug_taken'),
  );
});

it.each(['', 'Acme', '-a', 'a-', 'a--b', 'a b', 'a/b', '..', 'ä', 'a\0', 'a'.repeat(64)])(
  'the short name %j is refused',
  async (slug) => {
    await expect(createWorkspace(test.database, { slug })).rejects.toMatchObject({ code: 'access.bad_slug' });
  },
);

it('the server’s own workspace and personal ones are not found', async () => {
  expect(await find('wsp_system')).toBeUndefined();
});
