import type { Transaction } from '../../database/connect.ts';
import type { Outcomes } from '../count-outcomes.ts';
import { haveSameParents } from '../fold-records.ts';
import type { IngestRecord } from '../grammar/parse-record.ts';
import { hasBit } from '../grammar/record-shape.ts';
import type { IngestContext } from '../ingest-context.ts';
import { isRejected, parseLine } from '../parse-line.ts';
import type { Waiting } from '../resolve-parents.ts';

let counter = 0;

/**
 * Name of a waiting line: names sort in the order of arrival, and say which body and which of its lines it
 * was, so that the body's counts can be set right when the parent comes later in it.
 */
function newPendingId({ run }: IngestContext, line: number): string {
  const time = Date.now().toString(36).padStart(9, '0');
  counter = (counter + 1) % 36 ** 6;
  return `pnd_${time}${counter.toString(36).padStart(6, '0')}_${run}_${line}`;
}

/** The body and line in a waiting line's name. */
export function originOf(pendingId: string): { run: string; line: number } {
  const [, , run = '', line = '0'] = pendingId.split('_');
  return { run, line: Number(line) };
}

/** Keeps lines until their parent comes. The transaction is in the scope of the team workspace. */
export async function keepWaiting(
  transaction: Transaction,
  context: IngestContext,
  waiting: readonly Waiting[],
): Promise<void> {
  if (waiting.length === 0) return;
  const columns: (string | null)[][] = [[], [], [], [], [], [], []];
  for (const { record, parentTable, parentId } of waiting) {
    for (const { waited, line, shape, id, text } of record.parts ?? [record]) {
      const row = [
        waited?.id ?? newPendingId(context, line),
        shape.type,
        id,
        parentTable,
        parentId,
        text,
        waited?.receivedAt.toISOString() ?? null,
      ];
      row.forEach((value, index) => columns[index]!.push(value));
    }
  }
  await transaction.query(
    `insert into ingest_pending (workspace_id, id, type, record_id, parent_table, parent_id, line, received_at)
     select $1, w.id, w.type, w.record_id, w.parent_table, w.parent_id, w.line,
            coalesce(w.received_at, date_trunc('milliseconds', now()))
       from unnest($2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::timestamptz[])
         w(id, type, record_id, parent_table, parent_id, line, received_at)`,
    [context.workspaceId, ...columns],
  );
  context.hasWaiting = true;
  context.growth.add('ingest_pending', columns[0]!.length);
}

/**
 * Finds, of patches, those about whose record lines wait, and gives them the parent of the last of these: a
 * patch must not be carried out before what was said before it.
 */
export async function queueBehind(
  transaction: Transaction,
  { workspaceId }: IngestContext,
  patches: readonly IngestRecord[],
): Promise<Waiting[]> {
  if (patches.length === 0) return [];
  const rows = await transaction.query<{ n: number; parent_table: string; parent_id: string }>(
    `select p.n::int as n, w.parent_table, w.parent_id
       from unnest($2::text[], $3::text[], $4::text[]) with ordinality p(type, id, pending_id, n)
      cross join lateral (
        select parent_table, parent_id from ingest_pending
         where workspace_id = (select $1::text) and type = p.type and record_id = p.id and given_up_at is null
           and (p.pending_id is null or id < p.pending_id)
         order by id desc limit 1) w`,
    [
      workspaceId,
      patches.map(({ shape }) => shape.type),
      patches.map(({ id }) => id),
      patches.map(({ waited }) => waited?.id ?? null),
    ],
  );
  return rows.map((row) => ({
    record: patches[row.n - 1]!,
    parentTable: row.parent_table,
    parentId: row.parent_id,
  }));
}

/**
 * Drops waiting lines about records that a line after them has replaced or deleted, or will replace as soon as
 * the same parents are there; unless the later line is the older one by version or time. Lines that were
 * given up go too: their record has come after all. Those of this body count as superseded from now on.
 */
export async function dropObsolete(
  transaction: Transaction,
  context: IngestContext,
  settled: readonly IngestRecord[],
  waiting: readonly IngestRecord[],
  outcomes: Outcomes,
): Promise<void> {
  const deciding = [...settled, ...waiting].filter(({ op }) => op === 'upsert' || op === 'delete');
  if (deciding.length === 0) return;
  const areWaiting = new Set(waiting);
  const rows = await transaction.query<{ id: string; type: string; n: number; line: string | null }>(
    `select w.id, r.type, w.line, r.n::int as n
       from unnest($2::text[], $3::text[], $4::text[]) with ordinality r(type, id, pending_id, n)
      cross join lateral (
        select id, line from ingest_pending
         where workspace_id = (select $1::text) and type = r.type and record_id = r.id offset 0) w
      where r.pending_id is null or w.id < r.pending_id`,
    [
      context.workspaceId,
      deciding.map(({ shape }) => shape.type),
      deciding.map(({ id }) => id),
      deciding.map(({ waited }) => waited?.id ?? null),
    ],
  );
  const held = rows.map(({ id, type, n, line }) => {
    const parsed = line === null ? undefined : parseLine(line, 0);
    return {
      id,
      type,
      line,
      later: deciding[n - 1]!,
      record: parsed && !isRejected(parsed) ? parsed : undefined,
    };
  });
  // What waits is replaced by what waits too only if all of it waits for the same.
  const apart = new Set(held.filter(({ later, record }) => record && !standsBehind(record, later)));
  const kept = new Set([...apart].map(({ later }) => later).filter((later) => areWaiting.has(later)));
  const obsolete = held.filter(({ later, record }) => {
    if (record === undefined) return true;
    return record.op !== 'merge' && !kept.has(later) && !isOlder(later, record);
  });
  if (obsolete.length === 0) return;
  for (const { id, type, line } of obsolete) {
    if (line === null || originOf(id).run !== context.run) continue;
    outcomes.count(type, 'pending', -1);
    outcomes.count(type, 'superseded');
  }
  await dropWaiting(
    transaction,
    context.workspaceId,
    obsolete.map(({ id }) => id),
  );
}

/** Whether a waiting line can be set free no earlier than a later one about the same record. */
function standsBehind(held: IngestRecord, later: IngestRecord): boolean {
  if (held.op === 'upsert') return haveSameParents(held, later);
  return (
    held.participants === undefined && held.shape.awaited.every(({ index }) => held.values[index] === null)
  );
}

/** Takes lines out of the wait. */
export async function dropWaiting(
  transaction: Transaction,
  workspaceId: string,
  ids: readonly string[],
): Promise<void> {
  await transaction.query(
    'delete from ingest_pending where workspace_id = (select $1::text) and id = any($2::text[])',
    [workspaceId, ids],
  );
}

/** Whether a line is older than another about the same record: by version, else by the host's time. */
export function isOlder(one: IngestRecord, other: IngestRecord): boolean {
  const { version, updatedAt } = one.shape;
  for (const clock of [version, updatedAt]) {
    if (clock === undefined || !hasBit(one.given, clock.bit) || !hasBit(other.given, clock.bit)) continue;
    const [mine, theirs] = [one.values[clock.index], other.values[clock.index]] as (number | null)[];
    if (mine != null && theirs != null) return mine < theirs;
  }
  return false;
}
