import { listTeamWorkspaces } from '../../database/list-team-workspaces.ts';
import { type IngestDependencies, openContext } from '../ingest.ts';
import type { IngestContext } from '../ingest-context.ts';
import { IngestRun } from '../ingest-run.ts';
import { BATCH_ROWS } from '../assemble-batch.ts';
import { findPersonalThreads } from '../personal/personal-workspaces.ts';
import type { Parents } from './release-waiting.ts';

/** How long the names of lines that were given up stay listed. */
const LISTED_MS = 30 * 24 * 3_600_000;
const PARENTS = 1000;

export interface Swept {
  /** Lines whose parent had come unnoticed (a crash between two transactions, another workspace). */
  released: number;
  givenUp: number;
  /** Names of lines that were given up long ago. */
  forgotten: number;
}

/**
 * Looks after the lines that wait, in every workspace: sets free those whose parent exists by now, gives up
 * those that have waited for `pendingMs` (empties the line, keeps its name for `GET /v1/ingest/pending`), and
 * forgets names after 30 days. To be run now and then; running it twice at once does no harm.
 */
export async function sweepPending(
  dependencies: Omit<IngestDependencies, 'store' | 'log'> & { pendingMs: number },
  now: Date = new Date(),
  signal?: AbortSignal,
): Promise<Swept> {
  const { database, pendingMs } = dependencies;
  const swept: Swept = { released: 0, givenUp: 0, forgotten: 0 };
  for (const workspaceId of await listTeamWorkspaces(database)) {
    signal?.throwIfAborted();
    const context = await openContext(dependencies, { workspaceId });
    if (!(await hasRows(context))) continue;
    swept.released += await releaseArrived(context);
    swept.givenUp += await repeat(
      context,
      `update ingest_pending set line = null, given_up_at = $2 where ctid = any(array(
         select ctid from ingest_pending
          where workspace_id = $1 and given_up_at is null and received_at <= $3 limit ${BATCH_ROWS}))`,
      [now, new Date(now.getTime() - pendingMs)],
    );
    swept.forgotten += await repeat(
      context,
      `delete from ingest_pending where ctid = any(array(
         select ctid from ingest_pending where workspace_id = $1 and given_up_at <= $2 limit ${BATCH_ROWS}))`,
      [new Date(now.getTime() - LISTED_MS)],
    );
  }
  return swept;
}

async function hasRows({ transact, workspaceId }: IngestContext): Promise<boolean> {
  const rows = await transact((transaction) =>
    transaction.query('select from ingest_pending where workspace_id = $1 limit 1', [workspaceId]),
  );
  return rows.length > 0;
}

/** Runs a statement until it finds no more rows, a transaction each; gives their number. */
async function repeat(
  { transact, workspaceId }: IngestContext,
  sql: string,
  values: unknown[],
): Promise<number> {
  let sum = 0;
  for (;;) {
    const count = await transact(
      async ({ client }) => (await client.query(sql, [workspaceId, ...values])).rowCount ?? 0,
    );
    sum += count;
    if (count < BATCH_ROWS) return sum;
  }
}

async function releaseArrived(context: IngestContext): Promise<number> {
  const run = new IngestRun(context);
  for (let last: { table: string; id: string } | undefined; ; ) {
    const parents = await context.transact((transaction) =>
      transaction.query<{ table: string; id: string }>(
        `select parent_table as table, parent_id as id from ingest_pending
          where workspace_id = $1 and given_up_at is null and (parent_table, parent_id) > ($2, $3)
          group by 1, 2 order by 1, 2 limit ${PARENTS}`,
        [context.workspaceId, last?.table ?? '', last?.id ?? ''],
      ),
    );
    for (const found of await findArrived(context, parents)) {
      await run.release(new Map([[found.table, [...found.ids]]]));
    }
    last = parents.at(-1);
    if (parents.length < PARENTS) break;
  }
  return run.outcomes.released;
}

/** Those of the parents that exist: here, by another name after a merge, or as a thread of an account. */
async function findArrived(
  { transact, workspaceId, product }: IngestContext,
  parents: readonly { table: string; id: string }[],
): Promise<Parents[]> {
  const byTable = new Map<string, string[]>();
  for (const { table, id } of parents) byTable.set(table, [...(byTable.get(table) ?? []), id]);
  return transact(async (transaction) => {
    const arrived: Parents[] = [];
    for (const [table, ids] of byTable) {
      const here = await transaction.query<{ id: string }>(
        `select id from ${table} where workspace_id = (select $1::text) and id = any($2::text[])${
          table === 'contacts'
            ? ' union select id from contact_aliases where workspace_id = $1 and id = any($2::text[])'
            : ''
        }`,
        [workspaceId, ids],
      );
      const threads =
        table === 'conversations' ? await findPersonalThreads(transaction, product, ids) : new Map();
      const found = new Set([...here.map(({ id }) => id), ...threads.keys()]);
      if (found.size > 0) arrived.push({ table, ids: [...found] });
    }
    return arrived;
  });
}
