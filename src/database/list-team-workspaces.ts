import type { Database } from './connect.ts';

/**
 * Ids of the workspaces that people work in (not the accounts' personal ones, nor the server's own), in order: for
 * sweeps and checks that go from one to the next, since row-level security shows one at a time.
 */
export async function listTeamWorkspaces(database: Database): Promise<string[]> {
  const rows = await database.inSystem((transaction) =>
    transaction.query<{ id: string }>(`select id from workspaces where kind = 'team' order by id`),
  );
  return rows.map(({ id }) => id);
}
