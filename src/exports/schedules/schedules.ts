import { canonicalJson, type JsonObject } from '../../canonical-json.ts';
import type { ChangePlace } from '../../catalog/changed-rows.ts';
import type { AuditAction } from '../../audit/actions.ts';
import { type AuditEvent, recordEvent } from '../../audit/record-event.ts';
import type { Database, Transaction } from '../../database/connect.ts';
import type { Scope } from '../../database/scope.ts';
import { ConveyError } from '../../errors.ts';
import type { Page } from '../../http/paging.ts';
import { newId } from '../../ids.ts';
import type { ChainGap } from '../../packages/manifest.ts';
import { parseJson } from '../../parse-json.ts';
import type { Order } from '../order/order.schemas.ts';
import type { CatchUp, Rhythm } from './rhythm.ts';
import { nextRun } from './rhythm.ts';
import { tooManySchedules, unknownSchedule } from './schedules.errors.ts';

/** Where the package goes, beside being kept: nowhere; a link by mail; a copy in a store that the operator named. */
export type Destination =
  | { type: 'link' }
  | { type: 'mail'; to: readonly string[] }
  | { type: 's3'; destination: string; prefix?: string | undefined };

/** What people say of a schedule. */
export interface NewSchedule extends Rhythm {
  name: string;
  request: Order;
  isIncremental: boolean;
  /** An occurrence is due while the one before still runs: leave it out, or let one wait. */
  overlap: 'skip' | 'wait';
  catchUp: CatchUp;
  destination: Destination;
  /** Mail addresses of members who are told when it is paused. */
  notify: readonly string[];
}

/** Why a schedule does not run. */
export type PausedReason = 'by_hand' | 'failures' | 'not_allowed';

export interface Schedule extends NewSchedule {
  id: string;
  createdBy: { type: 'user' | 'api_key'; id: string; name: string };
  createdAt: Date;
  updatedAt: Date;
  nextAt: Date | null;
  pausedAt: Date | null;
  pausedReason: PausedReason | null;
  /** Failed occurrences in a row. */
  failures: number;
  lastExportId: string | null;
  /** Of the chain: its newest manifest, up to where that reaches (null: the next starts anew), its number. */
  lastManifestSha256: string | null;
  reaches: ChangePlace | null;
  sequence: number;
  gaps: ChainGap[];
}

/** Who acted, as parts of an audit event. */
export type By = Pick<AuditEvent, 'actor' | 'interface' | 'personal'>;

const MOST_SCHEDULES = 50;
const COLUMNS = `id, name, request, cron, time_zone as "timeZone", is_incremental as "isIncremental", overlap,
  catch_up as "catchUp", destination, notify, created_by as "createdBy", created_at as "createdAt",
  updated_at as "updatedAt", next_at as "nextAt", paused_at as "pausedAt", paused_reason as "pausedReason",
  failures, last_export_id as "lastExportId", last_manifest_sha256 as "lastManifestSha256", reaches, sequence, gaps`;

/** Makes a schedule; what it asks for was checked. @throws schedules.too_many */
export async function createSchedule(
  database: Database,
  scope: Scope,
  wanted: NewSchedule,
  { by, createdBy, now }: { by: By; createdBy: Schedule['createdBy']; now: Date },
): Promise<Schedule> {
  const { workspaceId } = scope;
  return database.inScope(scope, async (transaction) => {
    // The lock makes two that come at once count each other.
    await transaction.query('select 1 from workspaces where id = $1 for no key update', [workspaceId]);
    const [count] = await transaction.query<{ n: number }>(
      'select count(*) as n from schedules where workspace_id = $1',
      [workspaceId],
    );
    if (count!.n >= MOST_SCHEDULES) throw new ConveyError(tooManySchedules, `It may have ${MOST_SCHEDULES}.`);
    const [schedule] = await transaction.query<Schedule>(
      `insert into schedules (workspace_id, id, name, request, cron, time_zone, is_incremental, overlap, catch_up,
         destination, notify, created_by, next_at)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13) returning ${COLUMNS}`,
      [workspaceId, newId('sch'), ...valuesOf(wanted), JSON.stringify(createdBy), nextRun(wanted, now)],
    );
    await note(transaction, workspaceId, by, 'schedule.created', schedule!);
    return schedule!;
  });
}

function valuesOf(wanted: NewSchedule): unknown[] {
  const { name, request, cron, timeZone, isIncremental, overlap, catchUp, destination, notify } = wanted;
  const [order, place] = [JSON.stringify(request), JSON.stringify(destination)];
  return [name, order, cron, timeZone, isIncremental, overlap, catchUp, place, notify];
}

/** The schedules of a workspace, newest first, from a page on. */
export function listSchedules(
  transaction: Transaction,
  workspaceId: string,
  { after, limit }: Page,
): Promise<Schedule[]> {
  return transaction.query<Schedule>(
    `select ${COLUMNS} from schedules
      where workspace_id = $1
        and ($2::text is null or (created_at, id) < (
          select s.created_at, s.id from schedules s where s.workspace_id = $1 and s.id = $2))
      order by schedules.created_at desc, schedules.id desc limit $3`,
    [workspaceId, after ?? null, limit],
  );
}

/** One schedule. @param mode `lock`: until the transaction ends nobody else changes it @throws schedules.unknown */
export async function getSchedule(
  transaction: Transaction,
  workspaceId: string,
  id: string,
  mode: 'look' | 'lock' = 'look',
): Promise<Schedule> {
  const [schedule] = await transaction.query<Schedule>(
    `select ${COLUMNS} from schedules where workspace_id = $1 and id = $2${mode === 'lock' ? ' for update' : ''}`,
    [workspaceId, id],
  );
  if (schedule === undefined) throw new ConveyError(unknownSchedule);
  return schedule;
}

/**
 * Changes a schedule; what it asks for now was checked. What it exports is another thing then: an incremental one
 * starts anew, and its next manifest says so. @throws schedules.unknown
 */
export async function changeSchedule(
  database: Database,
  scope: Scope,
  id: string,
  wanted: NewSchedule,
  { by, now }: { by: By; now: Date },
): Promise<Schedule> {
  const { workspaceId } = scope;
  return database.inScope(scope, async (transaction) => {
    const before = await getSchedule(transaction, workspaceId, id, 'lock');
    const isSame =
      canonicalJson(jsonOf(before.request)) === canonicalJson(jsonOf(wanted.request)) &&
      before.isIncremental === wanted.isIncremental;
    const isMoved = before.cron !== wanted.cron || before.timeZone !== wanted.timeZone;
    const [schedule] = await transaction.query<Schedule>(
      `update schedules set name = $3, request = $4, cron = $5, time_zone = $6, is_incremental = $7, overlap = $8,
              catch_up = $9, destination = $10, notify = $11, updated_at = now(), next_at = $12
        where workspace_id = $1 and id = $2 returning ${COLUMNS}`,
      [workspaceId, id, ...valuesOf(wanted), isMoved ? nextRun(wanted, now) : before.nextAt],
    );
    const after = isSame
      ? schedule!
      : await startAnew(transaction, workspaceId, schedule!, 'request_changed', now);
    await note(transaction, workspaceId, by, 'schedule.changed', after);
    return after;
  });
}

/** Has the next incremental export hold everything again. @throws schedules.unknown */
export async function restartSchedule(
  database: Database,
  scope: Scope,
  id: string,
  { by, now }: { by: By; now: Date },
): Promise<Schedule> {
  const { workspaceId } = scope;
  return database.inScope(scope, async (transaction) => {
    const before = await getSchedule(transaction, workspaceId, id, 'lock');
    const after = await startAnew(transaction, workspaceId, before, 'restarted', now);
    await note(transaction, workspaceId, by, 'schedule.changed', after);
    return after;
  });
}

/** A chain that has begun gets a gap that its next manifest names. */
async function startAnew(
  transaction: Transaction,
  workspaceId: string,
  schedule: Schedule,
  reason: 'request_changed' | 'restarted',
  now: Date,
): Promise<Schedule> {
  const gap: ChainGap = { reason, at: now.toISOString() };
  const [changed] = await transaction.query<Schedule>(
    // One whose first export still runs gets it as well: that export is of what was asked before.
    `update schedules set reaches = null, updated_at = now(), gaps = gaps || $3::jsonb
      where workspace_id = $1 and id = $2 and (sequence > 0 or exists (
        select from schedule_occurrences o where o.workspace_id = $1 and o.schedule_id = $2 and o.status = 'queued'))
      returning ${COLUMNS}`,
    [workspaceId, schedule.id, JSON.stringify([gap])],
  );
  return changed ?? schedule;
}

/** Deletes a schedule with what is known of its occurrences; exports that it made stay. @throws schedules.unknown */
export async function deleteSchedule(database: Database, scope: Scope, id: string, by: By): Promise<void> {
  const { workspaceId } = scope;
  await database.inScope(scope, async (transaction) => {
    const [before] = await transaction.query<Schedule>(
      `delete from schedules where workspace_id = $1 and id = $2 returning ${COLUMNS}`,
      [workspaceId, id],
    );
    if (before === undefined) throw new ConveyError(unknownSchedule);
    await note(transaction, workspaceId, by, 'schedule.deleted', before);
  });
}

/** Has a paused schedule run again, from its next time on; what was missed is not made up. @throws schedules.unknown */
export async function resumeSchedule(
  database: Database,
  scope: Scope,
  id: string,
  { by, now }: { by: By; now: Date },
): Promise<Schedule> {
  const { workspaceId } = scope;
  return database.inScope(scope, async (transaction) => {
    const before = await getSchedule(transaction, workspaceId, id, 'lock');
    if (before.pausedAt === null) return before;
    const [schedule] = await transaction.query<Schedule>(
      `update schedules set paused_at = null, paused_reason = null, failures = 0, next_at = $3, updated_at = now()
        where workspace_id = $1 and id = $2 returning ${COLUMNS}`,
      [workspaceId, id, nextRun(before, now)],
    );
    await note(transaction, workspaceId, by, 'schedule.resumed', schedule!);
    return schedule!;
  });
}

/** Writes an audit event about a schedule: the last statement of the transaction. */
export async function note(
  transaction: Transaction,
  workspaceId: string,
  by: By,
  action: AuditAction,
  schedule: Schedule,
  more: JsonObject = {},
): Promise<void> {
  const { id, name, request, cron, timeZone, isIncremental, destination } = schedule;
  await recordEvent(transaction, workspaceId, {
    ...by,
    action,
    target: { type: 'schedule', ref: id },
    outcome: 'success',
    details: {
      kind: request.kind,
      cron,
      time_zone: timeZone,
      incremental: isIncremental,
      destination: destination.type,
      ...more,
    },
    // A filter, a name or an address may name people.
    personal: {
      ...by.personal,
      schedule: jsonOf({ name, request, destination }),
    },
  });
}

/** As it is stored: without members that are undefined. */
function jsonOf(value: object): JsonObject {
  return parseJson(JSON.stringify(value)) as JsonObject;
}
