import type { Database } from '../../database/connect.ts';
import { ConveyError } from '../../errors.ts';
import { cancelJob } from '../../jobs/enqueue-job.ts';
import type { JobEvents } from '../../jobs/job-events.ts';
import { cancelled } from '../exports.errors.ts';
import { writeFailure } from '../finish/fail-export.ts';
import type { AcceptedExport } from '../request-export.ts';

/** Waiting for a change again and again, in case the one that was waited for was missed. */
const LOOK_AGAIN_MS = 1_000;

/**
 * Cancels a kept export that waits or runs. One that waits ends at once; one that runs ends when its worker hears
 * of it. One that has ended stays what it is.
 */
export async function cancelExport(database: Database, accepted: AcceptedExport): Promise<void> {
  await database.inScope(accepted.scope, async (transaction) => {
    const state = await cancelJob(transaction, 'export', accepted.id);
    if (state === 'cancelled') {
      await writeFailure(transaction, accepted, new ConveyError(cancelled), 'waiting');
    }
  });
}

/** Resolves when an export has ended, however it did, or after a while. */
export async function exportEnded(
  database: Database,
  events: JobEvents,
  { scope, id }: Pick<AcceptedExport, 'scope' | 'id'>,
  atMostMs: number,
): Promise<void> {
  const endsAt = Date.now() + atMostMs;
  for (;;) {
    const changed = events.changed(Math.min(LOOK_AGAIN_MS, Math.max(0, endsAt - Date.now())));
    const [row] = await database.inScope(scope, (transaction) =>
      transaction.query<{ is_open: boolean }>(
        `select status in ('queued', 'running') as is_open from exports where workspace_id = $1 and id = $2`,
        [scope.workspaceId, id],
      ),
    );
    if (row?.is_open !== true || Date.now() >= endsAt) return;
    await changed;
  }
}
