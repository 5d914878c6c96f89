import type { Transaction } from '../../database/connect.ts';
import { ConveyError } from '../../errors.ts';
import { Outcomes } from '../count-outcomes.ts';
import type { IngestRecord } from '../grammar/parse-record.ts';
import { changeTooLarge } from '../ingest.errors.ts';
import { enterScope, type IngestContext } from '../ingest-context.ts';
import { lockWorkspaces } from '../lock-workspace.ts';
import { findPersonalThreads, findPersonalWorkspaces } from '../personal/personal-workspaces.ts';
import { accountOf, threadOf } from '../personal/route-personal.ts';
import { deleteSome } from './delete-records.ts';

/** Deletions of one table in one workspace, of different records. */
interface Run {
  table: string;
  workspaceId: string;
  records: Map<string, IngestRecord>;
}

/**
 * Carries out the `op: delete` lines of a batch, in order, each run of one table together.
 * @throws ingest.change_too_large when an atomic ingest would delete more than one transaction may
 */
export async function deleteLines(context: IngestContext, lines: readonly IngestRecord[]): Promise<Outcomes> {
  const outcomes = new Outcomes();
  const places = await context.transact((transaction) => findPlaces(transaction, context, lines));
  const runs: Run[] = [];
  lines.forEach((record, index) => {
    const workspaceId = places[index];
    const table = record.shape.table.name;
    if (workspaceId === undefined) {
      outcomes.count(record.shape.type, 'unchanged'); // of an account or thread that nobody knows
      return;
    }
    const last = runs.at(-1);
    const fits = last?.table === table && last.workspaceId === workspaceId && !last.records.has(record.id);
    if (fits) last.records.set(record.id, record);
    else runs.push({ table, workspaceId, records: new Map([[record.id, record]]) });
  });
  for (const run of runs) await deleteRun(context, run, outcomes);
  return outcomes;
}

/** In which workspace each line's record is to be looked for. */
async function findPlaces(
  transaction: Transaction,
  { workspaceId, product }: IngestContext,
  lines: readonly IngestRecord[],
): Promise<(string | undefined)[]> {
  const accounts = lines.flatMap((line) => (line.isPersonal ? (accountOf(line) ?? []) : []));
  const threadIds = lines.flatMap((line) => threadOf(line) ?? []);
  const workspaces = await findPersonalWorkspaces(transaction, product, accounts);
  const threads = await findPersonalThreads(transaction, product, threadIds);
  const here = new Set(
    threads.size === 0
      ? []
      : (
          await transaction.query<{ id: string }>(
            'select id from conversations where workspace_id = $1 and id = any($2::text[])',
            [workspaceId, [...threads.keys()]],
          )
        ).map(({ id }) => id),
  );
  return lines.map((line) => {
    const threadId = threadOf(line) ?? '';
    if (line.isPersonal) return threads.get(threadId) ?? workspaces.get(accountOf(line) ?? '');
    // A thread that is not in the team's workspace is an account's of the same product.
    return here.has(threadId) ? workspaceId : (threads.get(threadId) ?? workspaceId);
  });
}

async function deleteRun(context: IngestContext, run: Run, outcomes: Outcomes): Promise<void> {
  const { table, workspaceId, records } = run;
  const { feedEpoch } = context;
  let ids: string[] | undefined;
  for (let isDone = false; !isDone; ) {
    const contentKeys: string[] = [];
    isDone = await context.transact(async (transaction) => {
      await lockWorkspaces(transaction, [workspaceId]);
      await enterScope(transaction, workspaceId);
      // Judged once: a deletion that has begun is carried through.
      ids ??= await judge(transaction, run, outcomes);
      const progress = await deleteSome(transaction, workspaceId, {
        feedEpoch,
        table,
        ids,
        reason: 'deleted',
      });
      await enterScope(transaction, context.workspaceId);
      contentKeys.push(...progress.contentKeys);
      return progress.isDone;
    });
    context.orphanedContents.push(...contentKeys);
    if (!isDone && context.isAtomic) throw new ConveyError(changeTooLarge);
  }
  outcomes.count([...records.values()][0]!.shape.type, 'deleted', ids?.length ?? 0);
}

/** Ids that are to be deleted: they exist, and are not newer than the line. */
async function judge(
  transaction: Transaction,
  { table, workspaceId, records }: Run,
  outcomes: Outcomes,
): Promise<string[]> {
  const lines = [...records.values()];
  const { shape } = lines[0]!;
  const clocks = [shape.version, shape.updatedAt].map((clock) =>
    lines.map(({ values }) => (clock === undefined ? null : (values[clock.index] as number | null))),
  );
  const isOlder = `coalesce(d.version < t.version, to_timestamp(d.updated_ms / 1000.0) < t.updated_at, false)`;
  const rows = await transaction.query<{ id: string; is_older: boolean }>(
    `select t.id, ${isOlder} as is_older
       from unnest($2::text[], $3::bigint[], $4::bigint[]) d(id, version, updated_ms)
      cross join lateral (
        select * from ${table} t where t.workspace_id = (select $1::text) and t.id = d.id offset 0) t`,
    [workspaceId, [...records.keys()], ...clocks],
  );
  const doomed = rows.filter((row) => !row.is_older);
  outcomes.count(shape.type, 'skipped_older', rows.length - doomed.length);
  outcomes.count(shape.type, 'unchanged', lines.length - rows.length);
  return doomed.map(({ id }) => id);
}
