import type { Transaction } from '../../database/connect.ts';
import { Batch, BATCH_BYTES, BATCH_ROWS } from '../assemble-batch.ts';
import type { IngestRecord } from '../grammar/parse-record.ts';
import type { IngestContext } from '../ingest-context.ts';
import { isRejected, parseLine } from '../parse-line.ts';
import { NOW } from '../staging/stage-sql.ts';
import { dropWaiting, originOf } from './keep-waiting.ts';

/**
 * Parents whose waiting lines are looked for at a time: threads may be as many personal workspaces, and all of
 * them are written in one transaction.
 */
const PARENTS = 200;

/** Records that have arrived and that lines may wait for. */
export interface Parents {
  table: string;
  ids: readonly string[];
}

/** Arrived records in handy groups. */
export function* chunkArrived(table: string, ids: readonly string[]): Generator<Parents> {
  for (let start = 0; start < ids.length; start += PARENTS)
    yield { table, ids: ids.slice(start, start + PARENTS) };
}

/**
 * Takes waiting lines whose parents have arrived out of `ingest_pending`, as one batch for the same
 * transaction; undefined when there are none left. Lines of one record come in the order of their arrival.
 * The transaction holds the workspace's lock.
 */
export async function takeWaiting(
  transaction: Transaction,
  context: IngestContext,
  { table, ids }: Parents,
): Promise<Batch | undefined> {
  const { workspaceId, maxTextBytes } = context;
  const found = await transaction.query<{ id: string; bytes: number }>(
    `select w.id, w.bytes from unnest($3::text[]) parent(id) cross join lateral (
       select id, octet_length(line) as bytes from ingest_pending
        where workspace_id = (select $1::text) and parent_table = $2 and parent_id = parent.id and given_up_at is null
        order by id limit ${BATCH_ROWS}) w
     limit ${BATCH_ROWS}`,
    [workspaceId, table, ids],
  );
  if (found.length === 0) return undefined;
  const rows = await transaction.query<{ id: string; line: string; received_at: Date }>(
    `select id, line, received_at from ingest_pending
      where workspace_id = (select $1::text) and id = any($2::text[]) order by id`,
    [workspaceId, firstBytes(found)],
  );
  const taken: string[] = [];
  const broken: string[] = [];
  let batch: Batch | undefined;
  for (const { id, line, received_at: receivedAt } of rows) {
    const origin = originOf(id);
    const parsed = parseLine(line, origin.line, maxTextBytes);
    batch ??= new Batch(origin.run === context.run ? 'waited' : 'waited-elsewhere');
    if ((batch.origin === 'waited') !== (origin.run === context.run)) break;
    if (isRejected(parsed)) broken.push(id);
    else if (batch.add({ ...parsed, waited: { id, receivedAt } })) taken.push(id);
    else break;
  }
  // Only another version of Convey could have taken it.
  if (broken.length > 0) await giveUp(transaction, workspaceId, broken);
  // A merge takes transactions of its own, and takes its line out in the last of them.
  if (batch?.merge !== undefined) return batch;
  await dropWaiting(transaction, workspaceId, taken);
  return batch;
}

/** Empties waiting lines for good and keeps their names, to be reported. */
export async function giveUp(
  transaction: Transaction,
  workspaceId: string,
  ids: readonly string[],
): Promise<void> {
  await transaction.query(
    `update ingest_pending set line = null, given_up_at = ${NOW} where workspace_id = $1 and id = any($2::text[])`,
    [workspaceId, ids],
  );
}

/** Those of the tables that some line waits for. */
export async function findAwaited(
  transaction: Transaction,
  workspaceId: string,
  tables: readonly string[],
): Promise<string[]> {
  const rows = await transaction.query<{ name: string }>(
    `select name from unnest($2::text[]) name where exists (
       select from ingest_pending where workspace_id = $1 and parent_table = name and given_up_at is null)`,
    [workspaceId, tables],
  );
  return rows.map(({ name }) => name);
}

/** The first lines that one batch can hold, at least one. */
function firstBytes(found: { id: string; bytes: number }[]): string[] {
  found.sort((a, b) => (a.id < b.id ? -1 : 1));
  let sum = 0;
  const end = found.findIndex(({ bytes }, index) => (sum += bytes) > BATCH_BYTES && index > 0);
  return found.slice(0, end < 0 ? found.length : end).map(({ id }) => id);
}

/**
 * Keeps the names of lines that waited in an earlier body and cannot be stored after all: nobody hears of
 * their rejection otherwise.
 */
export async function noteGivenUp(
  transaction: Transaction,
  { workspaceId }: IngestContext,
  records: readonly IngestRecord[],
  parent: Parents,
): Promise<void> {
  if (records.length === 0) return;
  const columns = [
    records.map(({ waited }) => waited!.id),
    records.map(({ shape }) => shape.type),
    records.map(({ id }) => id),
    records.map(({ waited }) => waited!.receivedAt.toISOString()),
  ];
  await transaction.query(
    `insert into ingest_pending (workspace_id, id, type, record_id, parent_table, parent_id, received_at, given_up_at)
     select $1, w.id, w.type, w.record_id, $2, $3, w.received_at, ${NOW}
       from unnest($4::text[], $5::text[], $6::text[], $7::timestamptz[]) w(id, type, record_id, received_at)`,
    [workspaceId, parent.table, parent.ids[0], ...columns],
  );
}
