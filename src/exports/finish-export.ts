import { recordEvent } from '../audit/record-event.ts';
import type { Database } from '../database/connect.ts';
import { ConveyError } from '../errors.ts';
import { cancelled, interrupted } from './exports.errors.ts';
import type { RenderResult } from './render-export.ts';
import { type AcceptedExport, BEAT_EXPIRES_AFTER, eventOf } from './request-export.ts';

/**
 * Makes a rendered export stand: state and audit event in one transaction, only from `running`, so that a
 * cancel that came first wins (then this throws `exports.cancelled`). Nobody gets the file's end before.
 */
export async function finishExport(
  database: Database,
  accepted: AcceptedExport,
  result: RenderResult,
): Promise<void> {
  const { counts, bytes, sha256, snapshotAt } = result;
  await database.inScope(accepted.scope, async (transaction) => {
    const rows = await transaction.query(
      `update exports set status = 'ready', stage = 'ready', counts = $3, bytes = $4, sha256 = $5, snapshot_at = $6,
              finished_at = now()
        where workspace_id = $1 and id = $2 and status = 'running' returning id`,
      [accepted.scope.workspaceId, accepted.id, JSON.stringify(counts), bytes, sha256, snapshotAt],
    );
    if (rows.length === 0) throw new ConveyError(cancelled);
    await recordEvent(
      transaction,
      accepted.scope.workspaceId,
      eventOf(accepted, 'export.completed', 'success', {
        counts,
        bytes,
        sha256,
        snapshot_at: snapshotAt.toISOString(),
      }),
    );
  });
}

/** Writes down why an export ended without a file: `cancelled` or `failed`, with the reason. */
export async function failExport(
  database: Database,
  accepted: AcceptedExport,
  error: unknown,
  stage: string,
): Promise<void> {
  const isCancel = error instanceof ConveyError && error.kind === cancelled;
  const code = error instanceof ConveyError ? error.code : 'http.internal';
  const detail = error instanceof ConveyError ? error.message : 'Something went wrong here.';
  await database.inScope(accepted.scope, async (transaction) => {
    const rows = await transaction.query(
      `update exports set status = $3, stage = $4, error_code = $5, error_detail = $6, finished_at = now()
        where workspace_id = $1 and id = $2 and status = 'running' returning id`,
      [accepted.scope.workspaceId, accepted.id, isCancel ? 'cancelled' : 'failed', stage, code, detail],
    );
    if (rows.length === 0) return;
    const event = isCancel
      ? eventOf(accepted, 'export.cancelled', 'success', { stage })
      : eventOf(accepted, 'export.failed', 'failed', { stage, code });
    await recordEvent(transaction, accepted.scope.workspaceId, event);
  });
}

/** Notes one completed transfer, once it is complete (H-11: only whole downloads count). */
export async function noteDownload(
  database: Database,
  accepted: AcceptedExport,
  bytes: number,
): Promise<void> {
  await database.inScope(accepted.scope, async (transaction) => {
    await transaction.query(
      'update exports set last_downloaded_at = now(), downloaded_bytes = $3 where workspace_id = $1 and id = $2',
      [accepted.scope.workspaceId, accepted.id, bytes],
    );
    await recordEvent(
      transaction,
      accepted.scope.workspaceId,
      eventOf(accepted, 'export.downloaded', 'success', { bytes }),
    );
  });
}

/**
 * Marks exports whose process is gone (kill -9, power) as failed, so that none stays `running` for ever.
 * Runs at start and now and then.
 * @returns how many
 */
export async function sweepInterrupted(database: Database): Promise<number> {
  const workspaces = await database.inSystem((transaction) =>
    transaction.query<{ id: string }>(`select id from workspaces where kind = 'team'`),
  );
  let swept = 0;
  for (const { id: workspaceId } of workspaces) {
    swept += await database.inScope({ workspaceId }, async (transaction) => {
      const rows = await transaction.query<{ id: string; kind: string; format: string; stage: string }>(
        `update exports set status = 'failed', error_code = $2, error_detail = $3, finished_at = now()
          where workspace_id = $1 and status = 'running' and beat_at < now() - interval '${BEAT_EXPIRES_AFTER}'
          returning id, kind, format, stage`,
        [workspaceId, interrupted.code, interrupted.title],
      );
      if (rows.length === 0) return 0;
      await recordEvent(transaction, workspaceId, {
        action: 'export.failed',
        actor: { type: 'system', ref: 'system' },
        target: { type: 'workspace', ref: workspaceId },
        outcome: 'failed',
        interface: 'system',
        details: {
          code: interrupted.code,
          exports: rows.map(({ id, kind, format, stage }) => ({ id, kind, format, stage })),
        },
      });
      return rows.length;
    });
  }
  return swept;
}
