import { bySystem, recordEvent } from '../../audit/record-event.ts';
import type { Database, Transaction } from '../../database/connect.ts';
import { listTeamWorkspaces } from '../../database/list-team-workspaces.ts';
import type { Scope } from '../../database/scope.ts';
import type { Log } from '../../log.ts';
import { publishEvent } from '../../notify/webhooks/publish-event.ts';
import type { ObjectStore } from '../../storage/object-store.ts';
import { eventOf, type Asker } from '../request-export.ts';
import { type ExportRow, listParts } from './find-export.ts';
import { objectFolder, removeObjects } from './export-objects.ts';

interface EndDependencies {
  database: Database;
  store: ObjectStore;
  log: Log;
}

/**
 * Withdraws a published export: its row first, since from then on nobody may have it, then its files. (One whose time
 * is over goes the other way: as long as its row stands, it vouches for what is left of the files.)
 */
export async function revokeExport(
  dependencies: EndDependencies,
  scope: Scope,
  asker: Asker,
  row: ExportRow,
): Promise<void> {
  await dependencies.database.inScope(scope, (transaction) => markRevoked(transaction, scope, asker, row));
  await removeObjects(dependencies, objectFolder(scope.workspaceId, row.id));
}

/** Withdraws a published export in a transaction of the caller's; its files go with the next sweep. */
export async function markRevoked(
  transaction: Transaction,
  scope: Scope,
  asker: Asker,
  { id, plan, created_at: requestedAt }: ExportRow,
): Promise<void> {
  const target = { type: 'workspace', ref: scope.workspaceId };
  const accepted = { id, scope, plan, asker, requestedAt, target };
  const rows = await transaction.query(
    `update exports set status = 'expired', error_code = 'exports.expired', expires_at = least(expires_at, now())
      where workspace_id = $1 and id = $2 and status = 'ready' and is_kept returning id`,
    [scope.workspaceId, id],
  );
  if (rows.length === 0) return;
  await recordEvent(transaction, scope.workspaceId, eventOf(accepted, 'export.cancelled', 'success', {}));
}

/**
 * Deletes the files of kept exports whose time is over, files first and then the row's state, and what exports
 * left in the store that no row vouches for. Runs at start and now and then.
 * @returns how many exports expired
 */
export async function expireExports(dependencies: EndDependencies): Promise<number> {
  const { database, store, log } = dependencies;
  let expired = 0;
  for (const workspaceId of await listTeamWorkspaces(database)) {
    const due = await database.inScope({ workspaceId }, (transaction) =>
      transaction.query<{ id: string }>(
        `select id from exports
          where workspace_id = $1 and is_kept and status = 'ready' and expires_at <= now() order by id limit 100`,
        [workspaceId],
      ),
    );
    for (const { id } of due) {
      try {
        if (await expireExport(dependencies, workspaceId, id)) expired++;
      } catch (error) {
        // Its row still says that its files are there, as some may be: the next sweep tries again. One that cannot
        // be deleted holds up no other.
        log.warn('files of an export could not be deleted', { export_id: id, error });
      }
    }
  }
  await removeOrphans(database, store, log);
  return expired;
}

/** @returns whether it expired now */
async function expireExport(
  { database, store }: EndDependencies,
  workspaceId: string,
  id: string,
): Promise<boolean> {
  for await (const { key } of store.list(objectFolder(workspaceId, id))) await store.delete(key);
  return database.inScope({ workspaceId }, async (transaction) => {
    const rows = await transaction.query(
      `update exports set status = 'expired', error_code = 'exports.expired'
        where workspace_id = $1 and id = $2 and status = 'ready' returning id`,
      [workspaceId, id],
    );
    if (rows.length === 0) return false;
    await publishEvent(transaction, workspaceId, 'export.expired', { export_id: id });
    await recordEvent(transaction, workspaceId, {
      ...bySystem,
      action: 'export.expired',
      target: { type: 'workspace', ref: workspaceId },
      outcome: 'success',
      details: { export_id: id },
    });
    return true;
  });
}

/** Removes objects that no export needs: of one that neither runs nor stands, or of an attempt that was given up. */
async function removeOrphans(database: Database, store: ObjectStore, log: Log): Promise<void> {
  const folders = new Set<string>();
  for await (const { key } of store.list('exports/')) folders.add(key.split('/').slice(1, 3).join('/'));
  for (const folder of folders) {
    const [workspaceId = '', id = ''] = folder.split('/');
    const scope = { workspaceId };
    const [row] = await database.inScope(scope, (transaction) =>
      transaction.query<{ status: string }>(
        `select status from exports where workspace_id = $1 and id = $2`,
        [workspaceId, id],
      ),
    );
    if (row?.status === 'queued' || row?.status === 'running') continue;
    const parts = row?.status === 'ready' ? await listParts(database, scope, id) : [];
    const needed = new Set(parts.map((part) => part.object_key));
    await removeObjects({ store, log }, objectFolder(workspaceId, id), (key) => needed.has(key));
  }
}
