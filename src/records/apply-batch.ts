import type { Transaction } from '../database/connect.ts';
import type { Batch, RecordMap } from './assemble-batch.ts';
import { Outcomes } from './count-outcomes.ts';
import type { IngestRecord } from './grammar/parse-record.ts';
import { awaitedTables, shapes } from './grammar/record-shape.ts';
import type { Rejection } from './grammar/refusal.ts';
import { enterScope, type IngestContext } from './ingest-context.ts';
import { unknownRecord } from './ingest.errors.ts';
import { lockWorkspaces } from './lock-workspace.ts';
import { dropObsolete, keepWaiting, queueBehind } from './pending/keep-waiting.ts';
import { ensureAccountStub, notePersonalThreads } from './personal/personal-workspaces.ts';
import { type PersonalGroup, routePersonal } from './personal/route-personal.ts';
import { resolveParents, type Waiting } from './resolve-parents.ts';
import { encodeStage, type StagedRows } from './staging/encode-stage.ts';
import { mergeStage } from './staging/merge-stage.ts';

/** What a transaction did: counted once it has committed. */
export interface Applied {
  outcomes: Outcomes;
  /** Ids that exist now, by table: lines may have waited for them. */
  arrived: Map<string, string[]>;
  /** Lines that were rejected now that the database was asked. */
  refused: IngestRecord[];
}

/** Personal writes of one transaction: each workspace costs a few statements of its own. */
const PERSONAL_WORKSPACES = 50;

/** Encodes a batch's writes ahead, so that the transaction need not wait for it. */
export function encodeBatch(batch: Batch): Map<string, StagedRows> {
  const staged = new Map<string, StagedRows>();
  for (const [table, records] of batch.writes) {
    staged.set(table, encodeStage(shapes.get(table)!, [...records.values()]));
  }
  return staged;
}

/**
 * Writes what of a batch belongs to the team's workspace, in one transaction that holds its lock. Gives back
 * what belongs to personal ones, for `applyPersonal`.
 */
export async function applyTeam(
  transaction: Transaction,
  context: IngestContext,
  batch: Batch,
  staged: ReadonlyMap<string, StagedRows> = new Map(),
): Promise<Applied & { personal: PersonalGroup[] }> {
  const { workspaceId } = context;
  const applied = newApplied();
  const stale = await refuseScreened(transaction, context, batch, applied);
  const resolution = await resolveParents(transaction, workspaceId, batch.writes);
  context.hasWaiting = resolution.hasWaiting;
  if (resolution.hasWaiting) {
    const records = [...recordsOf(batch.writes), ...recordsOf(batch.personalWrites), ...batch.deletions];
    await dropObsolete(transaction, context, records, applied.outcomes);
  }
  for (const { shape } of resolution.mergedAway) applied.outcomes.count(shape.type, 'skipped_older');
  const patches: IngestRecord[] = [];
  for (const [table, shape] of shapes) {
    const records = resolution.ready.get(table) ?? [];
    if (records.length === 0) continue;
    const isFresh = !resolution.touched.has(table) && !stale.has(table);
    const rows = (isFresh ? staged.get(table) : undefined) ?? encodeStage(shape, records);
    patches.push(...(await write(transaction, context, workspaceId, rows, applied)));
  }
  const route =
    batch.personalWrites.size + resolution.waiting.length + patches.length === 0
      ? { groups: [], waiting: [], refused: [], unknown: [] }
      : await routePersonal(transaction, context, batch.personalWrites, resolution.waiting, patches);
  for (const { record, rejection } of route.refused) reject(applied, record, rejection);
  await settle(transaction, context, route.waiting, route.unknown, applied);
  return { ...applied, personal: route.groups };
}

/** Writes to personal workspaces, a number of them in one transaction. */
export async function applyPersonal(
  transaction: Transaction,
  context: IngestContext,
  groups: readonly PersonalGroup[],
): Promise<Applied> {
  const applied = newApplied();
  const waiting: Waiting[] = [];
  const unknown: IngestRecord[] = [];
  await lockWorkspaces(
    transaction,
    groups.map(({ workspaceId }) => workspaceId),
  );
  for (const { workspaceId, accountId, writes } of groups) {
    await enterScope(transaction, workspaceId);
    if (accountId !== undefined)
      await ensureAccountStub(transaction, workspaceId, accountId, context.feedEpoch);
    const resolution = await resolveParents(transaction, workspaceId, writes);
    waiting.push(...resolution.waiting);
    for (const [table, shape] of shapes) {
      const records = resolution.ready.get(table) ?? [];
      if (records.length === 0) continue;
      unknown.push(...(await write(transaction, context, workspaceId, encodeStage(shape, records), applied)));
      if (table !== 'conversations') continue;
      const threads = records.filter(({ op }) => op === 'upsert').map(({ id }) => id);
      await notePersonalThreads(transaction, context.product, workspaceId, threads);
    }
  }
  await enterScope(transaction, context.workspaceId);
  await settle(transaction, context, waiting, unknown, applied);
  return applied;
}

/** Personal groups as transactions take them. */
export function* chunkGroups(
  groups: readonly PersonalGroup[],
  isAtomic: boolean,
): Generator<PersonalGroup[]> {
  const size = isAtomic ? groups.length : PERSONAL_WORKSPACES;
  for (let start = 0; start < groups.length; start += size) yield groups.slice(start, start + size);
}

function newApplied(): Applied {
  return { outcomes: new Outcomes(), arrived: new Map(), refused: [] };
}

export function* recordsOf(writes: RecordMap): Generator<IngestRecord> {
  for (const records of writes.values()) yield* records.values();
}

/** Takes out what must not be stored; gives the tables it changed. */
async function refuseScreened(
  transaction: Transaction,
  { screen, workspaceId }: IngestContext,
  { writes, personalWrites }: Batch,
  applied: Applied,
): Promise<Set<string>> {
  const stale = new Set<string>();
  if (screen === undefined) return stale;
  const refused = await screen(transaction, workspaceId, [
    ...recordsOf(writes),
    ...recordsOf(personalWrites),
  ]);
  for (const map of [writes, personalWrites]) {
    for (const [table, records] of map) {
      for (const [key, record] of records) {
        const rejection = refused.get(record);
        if (rejection === undefined) continue;
        records.delete(key);
        stale.add(table);
        reject(applied, record, rejection);
      }
    }
  }
  return stale;
}

/** Merges one table's rows; gives the patches that found no record. */
async function write(
  transaction: Transaction,
  context: IngestContext,
  workspaceId: string,
  rows: StagedRows,
  { outcomes, arrived }: Applied,
): Promise<IngestRecord[]> {
  const { shape, records } = rows;
  const merged = await mergeStage(transaction, context, workspaceId, rows);
  context.growth.inserted += merged.inserted;
  outcomes.count(shape.type, 'inserted', merged.inserted);
  outcomes.count(shape.type, 'updated', merged.updated);
  outcomes.count(shape.type, 'unchanged', merged.unchanged);
  outcomes.count(shape.type, 'skipped_older', merged.older);
  if (merged.inserted > 0 && awaitedTables.has(shape.table.name)) {
    const ids = arrived.get(shape.table.name) ?? [];
    for (const { id } of records) ids.push(id);
    arrived.set(shape.table.name, ids);
  }
  return merged.unknownPatches;
}

/** Keeps what waits, queues patches behind a record that waits, refuses the others. */
async function settle(
  transaction: Transaction,
  context: IngestContext,
  waiting: readonly Waiting[],
  unknownPatches: readonly IngestRecord[],
  applied: Applied,
): Promise<void> {
  const { outcomes } = applied;
  await keepWaiting(transaction, context, waiting);
  const { queued, unknown } = await queueBehind(transaction, context, unknownPatches);
  await keepWaiting(transaction, context, queued);
  for (const { record } of [...waiting, ...queued]) {
    const parts = record.parts?.length ?? 1;
    outcomes.count(record.shape.type, 'pending', parts);
    outcomes.count(record.shape.type, 'superseded', 1 - parts);
  }
  const rejection = { code: unknownRecord.code, field: 'id', detail: unknownRecord.title };
  for (const record of unknown) reject(applied, record, rejection);
}

/** Rejects a record with all the lines that it was folded from. */
function reject({ outcomes, refused }: Applied, record: IngestRecord, rejection: Rejection): void {
  const parts = record.parts ?? [record];
  refused.push(...parts);
  for (const { line } of parts) outcomes.reject({ line, ...rejection });
  outcomes.count(record.shape.type, 'superseded', 1 - parts.length);
}
