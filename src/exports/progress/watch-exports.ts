import { setTimeout as pause } from 'node:timers/promises';
import type { JsonObject } from '../../canonical-json.ts';
import { authorize, type Principal, scopeOf } from '../../access/principal.ts';
import { renewPrincipal } from '../../access/renew-principal.ts';
import type { Database } from '../../database/connect.ts';
import { ConveyError } from '../../errors.ts';
import type { StreamedEvent } from '../../http/event-stream.ts';
import type { JobEvents } from '../../jobs/job-events.ts';
import { ensureWithinReach, listReach } from '../export-reach.ts';
import { describeProgress } from '../keep/describe-export.ts';
import { type ExportRow, getExport } from '../keep/find-export.ts';
import { listExports } from '../keep/list-exports.ts';

export interface WatchDependencies {
  database: Database;
  events: JobEvents;
  sessions: { idleMs: number };
}

/** What a stream is about: all exports within reach, or one. */
export interface Watched {
  principal: Principal;
  exportId?: string;
}

/** Workers say how far they are every second; nobody is woken for that. */
const LOOK_EVERY_MS = 1_500;
/** However much happens in the queue, nobody looks more often. */
const SHORTEST_PAUSE_MS = 500;
/** Where nothing waits or runs: a new one wakes. */
const IDLE_LOOK_MS = 5_000;
/** Whoever watches is asked for again after so long. */
const RENEW_EVERY_MS = 3_000;
/** Of all exports: those that ended no longer ago than this are told as well, so that none ends between two looks. */
const ENDED_WITHIN_SECONDS = 15;
/** At most so many exports are told of at once, the newest. */
const MOST_EXPORTS = 100;
/** Id of the last event of one export that has ended: with it a browser is told not to come again. */
export const LAST_EVENT_ID = 'ended';

/**
 * Tells how exports are, now and at every change, without holding a connection in between. Who watches is asked for
 * again within seconds: a session or a key that has ended, or a permission that was taken away, ends the stream with
 * its code. The stream of one export ends with it.
 * @param first what was found before the reply began, so that it could be refused
 */
export async function* watchExports(
  dependencies: WatchDependencies,
  watched: Watched,
  first: readonly ExportRow[],
  signal: AbortSignal,
): AsyncGenerator<StreamedEvent> {
  const said = new Map<string, string>();
  let watcher = { ...watched, renewedAt: performance.now() };
  for (let rows = first; ; ) {
    const lookAfterMs = rows.every(hasEnded) ? IDLE_LOOK_MS : LOOK_EVERY_MS;
    const changed = dependencies.events.changed(lookAfterMs, signal);
    for (const row of rows) {
      const data = viewOf(row);
      const text = JSON.stringify(data);
      if (said.get(row.id) === text) continue;
      said.set(row.id, text);
      yield { event: 'export', data };
    }
    for (const id of said.keys()) if (!rows.some((row) => row.id === id)) said.delete(id);
    if (watched.exportId !== undefined && rows.every(hasEnded)) {
      yield { event: 'end', id: LAST_EVENT_ID, data: {} };
      return;
    }
    if (signal.aborted) return;
    await Promise.all([changed, pause(SHORTEST_PAUSE_MS, undefined, { signal }).catch(() => {})]);
    if (signal.aborted) return;
    try {
      if (performance.now() - watcher.renewedAt >= RENEW_EVERY_MS)
        watcher = { ...(await renewWatcher(dependencies, watcher)), renewedAt: performance.now() };
      rows = await findWatched(dependencies, watcher);
    } catch (error) {
      if (!(error instanceof ConveyError) || error.kind.status >= 500) throw error;
      yield { event: 'end', id: LAST_EVENT_ID, data: { code: error.code } };
      return;
    }
  }
}

/** @throws access.unauthenticated, access.no_longer_allowed, access.forbidden */
async function renewWatcher({ database, sessions }: WatchDependencies, watched: Watched): Promise<Watched> {
  const principal = await renewPrincipal(database, watched.principal, sessions);
  authorize(principal, 'export.read');
  return { ...watched, principal };
}

/**
 * The exports that a stream tells of, as they stand now.
 * @throws exports.unknown, exports.beyond_reach, access.forbidden
 */
export async function findWatched(
  { database }: Pick<WatchDependencies, 'database'>,
  { principal, exportId }: Watched,
): Promise<ExportRow[]> {
  const scope = scopeOf(principal);
  if (exportId !== undefined) {
    const row = await getExport(database, scope, exportId);
    ensureWithinReach(principal, row);
    return [row];
  }
  const rows = await listExports(database, scope, {
    limit: MOST_EXPORTS,
    activeWithin: ENDED_WITHIN_SECONDS,
    ...listReach(principal),
  });
  return rows.filter((row) => isWithinReach(principal, row));
}

function isWithinReach(principal: Principal, row: ExportRow): boolean {
  try {
    ensureWithinReach(principal, row);
    return true;
  } catch {
    return false;
  }
}

export function hasEnded({ status }: ExportRow): boolean {
  return status !== 'queued' && status !== 'running';
}

/** What the stream says of one export. */
function viewOf(row: ExportRow): JsonObject {
  return {
    job_id: row.id,
    kind: row.plan.kind,
    format: row.plan.format,
    status: row.status,
    progress: describeProgress(row) as JsonObject,
    error: row.error_code,
  };
}
