import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Transaction } from '../database/connect.ts';
import type { Batch, RecordMap } from './assemble-batch.ts';
import type { IngestRecord } from './grammar/parse-record.ts';
import { awaitedTables, shapes } from './grammar/record-shape.ts';
import { enterScope, type IngestContext } from './ingest-context.ts';
import { lockWorkspaces } from './lock-workspace.ts';
import { queueBehind } from './pending/keep-waiting.ts';
import { ensureAccountStub, notePersonalThreads } from './personal/personal-workspaces.ts';
import { type PersonalGroup, routePersonal } from './personal/route-personal.ts';
import { type Resolution, resolveParents, type Waiting } from './resolve-parents.ts';
import { type Applied, newApplied, rejectRecord, settleLines } from './settle-lines.ts';
import { encodeInSteps, encodeStage, type StagedRows } from './staging/encode-stage.ts';
import { mergeStage } from './staging/merge-stage.ts';

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

/** As `encodeBatch`, taking turns with the answers to the batch before, which the database waits to go on from. */
export async function encodeBatchInTurns(batch: Batch): Promise<Map<string, StagedRows>> {
  const staged = new Map<string, StagedRows>();
  for (const [table, records] of batch.writes) {
    const steps = encodeInSteps(shapes.get(table)!, [...records.values()]);
    for (let step = steps.next(); ; step = steps.next()) {
      if (step.done === true) {
        staged.set(table, step.value);
        break;
      }
      await nextTurn();
    }
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
  const queued = resolution.hasWaiting ? await queuePatches(transaction, context, batch, resolution) : [];
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
  for (const { record, rejection } of route.refused) rejectRecord(applied, record, rejection);
  const settled = [...resolution.ready.values(), batch.deletions].flat();
  const waiting = [...queued, ...route.waiting];
  await settleLines(transaction, context, { settled, waiting, unknown: route.unknown }, applied);
  return { ...applied, personal: route.groups };
}

/** Writes to personal workspaces, a number of them in one transaction. */
export async function applyPersonal(
  transaction: Transaction,
  context: IngestContext,
  groups: readonly PersonalGroup[],
): Promise<Applied> {
  const applied = newApplied();
  const settled: IngestRecord[] = [];
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
      settled.push(...records);
      unknown.push(...(await write(transaction, context, workspaceId, encodeStage(shape, records), applied)));
      if (table !== 'conversations') continue;
      const threads = records.filter(({ op }) => op === 'upsert').map(({ id }) => id);
      await notePersonalThreads(transaction, context.product, workspaceId, threads);
    }
  }
  await enterScope(transaction, context.workspaceId);
  await settleLines(transaction, context, { settled, waiting, unknown }, applied);
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

function* recordsOf(writes: RecordMap): Generator<IngestRecord> {
  for (const records of writes.values()) yield* records.values();
}

/** Takes out patches of records about which earlier lines wait: they keep their place behind those. */
async function queuePatches(
  transaction: Transaction,
  context: IngestContext,
  { writes, personalWrites }: Batch,
  resolution: Resolution,
): Promise<Waiting[]> {
  const patches = [...recordsOf(writes), ...recordsOf(personalWrites)].filter(
    ({ op, shape }) => op === 'patch' && shape.awaited.length > 0,
  );
  const queued = await queueBehind(transaction, context, patches);
  if (queued.length === 0) return queued;
  const gone = new Set(queued.map(({ record }) => record));
  for (const records of personalWrites.values()) {
    for (const [key, record] of records) if (gone.has(record)) records.delete(key);
  }
  for (const [table, records] of resolution.ready) {
    const rest = records.filter((record) => !gone.has(record));
    if (rest.length < records.length) resolution.touched.add(table);
    resolution.ready.set(table, rest);
  }
  resolution.waiting = resolution.waiting.filter(({ record }) => !gone.has(record));
  return queued;
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
        rejectRecord(applied, record, rejection);
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
  if (merged.inserted > 0) {
    const { growth } = context;
    growth.add(shape.table.name, merged.inserted);
    if (awaitedTables.has(shape.table.name) && growth.isDueAtOnce(shape.table.name))
      await growth.look(transaction);
  }
  outcomes.count(shape.type, 'inserted', merged.inserted);
  outcomes.count(shape.type, 'updated', merged.updated);
  outcomes.count(shape.type, 'unchanged', merged.unchanged);
  outcomes.count(shape.type, 'skipped_older', merged.older);
  if (merged.inserted > 0 && awaitedTables.has(shape.table.name)) {
    const ids = arrived.get(shape.table.name) ?? [];
    for (const { id, op } of records) if (op === 'upsert') ids.push(id);
    arrived.set(shape.table.name, ids);
  }
  return merged.unknownPatches;
}
