import type { Database, Transaction } from '../../database/connect.ts';
import type { Scope } from '../../database/scope.ts';
import { ConveyError } from '../../errors.ts';
import { wakeWorkers } from '../../jobs/enqueue-job.ts';
import { dueRuns, nextRun } from './rhythm.ts';
import { busySchedule } from './schedules.errors.ts';
import { type By, getSchedule, note, type Schedule } from './schedules.ts';

/** `waiting`: its turn comes; `queued`: its export waits, runs, or is copied; the others are ends. */
export type OccurrenceStatus = 'waiting' | 'queued' | 'done' | 'failed' | 'skipped';

/** One time that a schedule was due, and what became of it. */
export interface Occurrence {
  at: Date;
  status: OccurrenceStatus;
  exportId: string | null;
  /** Why it was skipped or failed: `missed`, `overlap`, `paused`, or the code of an error. */
  reason: string | null;
}

const COLUMNS = 'occurrence_at as at, status, export_id as "exportId", reason';

/** The occurrences of a schedule, newest first, from before a time on. */
export function listOccurrences(
  transaction: Transaction,
  workspaceId: string,
  scheduleId: string,
  { before, limit }: { before: Date | undefined; limit: number },
): Promise<Occurrence[]> {
  return transaction.query<Occurrence>(
    `select ${COLUMNS} from schedule_occurrences
      where workspace_id = $1 and schedule_id = $2 and ($3::timestamptz is null or occurrence_at < $3)
      order by occurrence_at desc limit $4`,
    [workspaceId, scheduleId, before ?? null, limit],
  );
}

/** Those that wait or run, the earliest first. */
export function openOccurrences(
  transaction: Transaction,
  workspaceId: string,
  scheduleId: string,
): Promise<Occurrence[]> {
  return transaction.query<Occurrence>(
    `select ${COLUMNS} from schedule_occurrences
      where workspace_id = $1 and schedule_id = $2 and status in ('waiting', 'queued') order by occurrence_at`,
    [workspaceId, scheduleId],
  );
}

/**
 * Writes down every time that a schedule was due up to now, each once whoever does it, and when it is due next.
 * Servers take turns on the schedule's row.
 */
export async function noteDue(
  database: Database,
  scope: Scope,
  scheduleId: string,
  now: Date,
): Promise<void> {
  const { workspaceId } = scope;
  await database.inScope(scope, async (transaction) => {
    const schedule = await getSchedule(transaction, workspaceId, scheduleId, 'lock');
    const { nextAt, pausedAt, overlap } = schedule;
    if (pausedAt !== null || nextAt === null || nextAt > now) return;
    const open = await openOccurrences(transaction, workspaceId, scheduleId);
    const isWaiting = open.some(({ status }) => status === 'waiting');
    // What was open before decides; several that are made up at once wait for each other.
    const isInTheWay = open.length > 0 && (overlap === 'skip' || isWaiting);
    for (const { at, isMissed } of dueRuns(schedule, nextAt, now)) {
      const reason = isMissed ? 'missed' : isInTheWay ? 'overlap' : null;
      await insertOccurrence(transaction, workspaceId, scheduleId, { at, reason });
    }
    await transaction.query('update schedules set next_at = $3 where workspace_id = $1 and id = $2', [
      workspaceId,
      scheduleId,
      nextRun(schedule, now),
    ]);
  });
}

/** Has a schedule run now, beside its times. @throws schedules.unknown, schedules.busy */
export async function runNow(
  database: Database,
  scope: Scope,
  scheduleId: string,
  { by, now }: { by: By; now: Date },
): Promise<Occurrence> {
  const { workspaceId } = scope;
  return database.inScope(scope, async (transaction) => {
    const schedule = await getSchedule(transaction, workspaceId, scheduleId, 'lock');
    const open = await openOccurrences(transaction, workspaceId, scheduleId);
    if (open.length > 0) throw new ConveyError(busySchedule);
    const occurrence = await insertOccurrence(transaction, workspaceId, scheduleId, {
      at: now,
      reason: null,
    });
    if (occurrence === undefined) throw new ConveyError(busySchedule); // twice in a millisecond
    await wakeWorkers(transaction, 'schedule');
    await note(transaction, workspaceId, by, 'schedule.run_requested', schedule);
    return occurrence;
  });
}

/** Undefined: it was there already. */
async function insertOccurrence(
  transaction: Transaction,
  workspaceId: string,
  scheduleId: string,
  { at, reason }: { at: Date; reason: string | null },
): Promise<Occurrence | undefined> {
  const [occurrence] = await transaction.query<Occurrence>(
    `insert into schedule_occurrences (workspace_id, schedule_id, occurrence_at, status, reason, attempted_at)
     values ($1, $2, $3, $4, $5, timestamptz 'epoch') on conflict do nothing returning ${COLUMNS}`,
    [workspaceId, scheduleId, at, reason === null ? 'waiting' : 'skipped', reason],
  );
  return occurrence;
}

/** Puts an occurrence to its end, if it is still where it is thought to be. @returns whether it was */
export async function endOccurrence(
  transaction: Transaction,
  workspaceId: string,
  { id }: Pick<Schedule, 'id'>,
  { at, status }: Pick<Occurrence, 'at' | 'status'>,
  end: { status: 'done' | 'failed' | 'skipped'; reason: string | null },
): Promise<boolean> {
  const rows = await transaction.query(
    `update schedule_occurrences set status = $5, reason = $6
      where workspace_id = $1 and schedule_id = $2 and occurrence_at = $3 and status = $4 returning status`,
    [workspaceId, id, at, status, end.status, end.reason],
  );
  return rows.length > 0;
}
