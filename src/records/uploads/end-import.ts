import { actedBy, type Actor } from '../../access/actor.ts';
import { bySystem, recordEvent } from '../../audit/record-event.ts';
import type { Database, Transaction } from '../../database/connect.ts';
import { listTeamWorkspaces } from '../../database/list-team-workspaces.ts';
import type { IngestResult } from '../count-outcomes.ts';
import type { ImportResult } from '../import-file.ts';
import type { ImportFailure } from './imports.ts';
import { KEPT_HOURS, listUploadFolders, UploadFolder } from './upload-folder.ts';
import { interrupted } from './uploads.errors.ts';

/** A process that gave no sign for so long is gone. */
const SILENT = '1 minute';

/** Writes down what an import took; the caller's transaction ends with its audit event. */
export async function noteDone(
  transaction: Transaction,
  workspaceId: string,
  id: string,
  result: ImportResult,
): Promise<void> {
  await transaction.query(
    `update imports set status = 'done', result = $3, finished_at = now()
      where workspace_id = $1 and id = $2 and status = 'running'`,
    [workspaceId, id, JSON.stringify(result)],
  );
}

/** Ends an import early, unless it has ended. @returns whether it had not */
export async function endEarly(
  transaction: Transaction,
  workspaceId: string,
  id: string,
  end: {
    status: 'failed' | 'cancelled';
    failure: ImportFailure;
    actor: Actor;
    /** What had been taken by then, as far as it is known. */
    taken?: IngestResult['accepted'] | undefined;
  },
): Promise<boolean> {
  const rows = await transaction.query<{ was_running: boolean }>(
    `update imports set status = $3, failure = $4, finished_at = now()
      where workspace_id = $1 and id = $2 and status in ('preparing', 'running')
      returning started_at is not null as was_running`,
    [workspaceId, id, end.status, JSON.stringify(end.failure)],
  );
  if (rows.length === 0) return false;
  // One that was never started changed nothing.
  if (rows[0]!.was_running) {
    await recordEvent(transaction, workspaceId, {
      ...actedBy(end.actor),
      action: 'import.failed',
      target: { type: 'import', ref: id },
      outcome: 'failed',
      details: { code: end.failure.code, ...(end.taken === undefined ? {} : { accepted: { ...end.taken } }) },
    });
  }
  return true;
}

/**
 * Marks imports whose process is gone as failed, gives up those that nobody started, and deletes the files that no
 * import needs any more. Runs at start and now and then.
 * @param uploads the folder of all uploads
 */
export async function sweepImports(database: Database, uploads: string): Promise<number> {
  const folders = await listUploadFolders(uploads); // first: an import that begins meanwhile keeps its files
  const kept = new Set<string>();
  let swept = 0;
  for (const workspaceId of await listTeamWorkspaces(database)) {
    swept += await database.inScope({ workspaceId }, async (transaction) => {
      await transaction.query(
        `update imports set status = 'cancelled', finished_at = now()
          where workspace_id = $1 and status = 'preparing' and created_at < now() - interval '${KEPT_HOURS} hours'`,
        [workspaceId],
      );
      const gone = await transaction.query<{ id: string }>(
        `update imports set status = 'failed', failure = $2, finished_at = now()
          where workspace_id = $1 and status = 'running' and seen_at < now() - interval '${SILENT}'
          returning id`,
        [workspaceId, JSON.stringify({ code: interrupted.code, title: interrupted.title })],
      );
      const open = await transaction.query<{ id: string }>(
        `select id from imports where workspace_id = $1 and status in ('preparing', 'running')`,
        [workspaceId],
      );
      for (const { id } of open) kept.add(id);
      if (gone.length === 0) return 0;
      await recordEvent(transaction, workspaceId, {
        ...bySystem,
        action: 'import.failed',
        target: { type: 'workspace', ref: workspaceId },
        outcome: 'failed',
        details: { code: interrupted.code, imports: gone.map(({ id }) => id) },
      });
      return gone.length;
    });
  }
  for (const id of folders) if (!kept.has(id)) await new UploadFolder(uploads, id).remove();
  return swept;
}
