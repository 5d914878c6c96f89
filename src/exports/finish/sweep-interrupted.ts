import { bySystem, recordEvent } from '../../audit/record-event.ts';
import type { Database } from '../../database/connect.ts';
import { listTeamWorkspaces } from '../../database/list-team-workspaces.ts';
import { interrupted } from '../exports.errors.ts';
import { BEAT_EXPIRES_AFTER } from '../request-export.ts';

/**
 * Marks direct exports whose process is gone (kill -9, power) as failed, so that none stays `running` for ever.
 * Runs at start and now and then. (Kept ones are jobs: another worker takes them over.)
 * @returns how many
 */
export async function sweepInterrupted(database: Database): Promise<number> {
  let swept = 0;
  for (const workspaceId of await listTeamWorkspaces(database)) {
    swept += await database.inScope({ workspaceId }, async (transaction) => {
      const rows = await transaction.query<{ id: string; kind: string; format: string; stage: string }>(
        `update exports set status = 'failed', error_code = $2, error_detail = $3, finished_at = now()
          where workspace_id = $1 and not is_kept and status in ('queued', 'running') and beat_at < now() - interval '${BEAT_EXPIRES_AFTER}'
          returning id, kind, format, stage`,
        [workspaceId, interrupted.code, interrupted.title],
      );
      if (rows.length === 0) return 0;
      await recordEvent(transaction, workspaceId, {
        ...bySystem,
        action: 'export.failed',
        target: { type: 'workspace', ref: workspaceId },
        outcome: 'failed',
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
