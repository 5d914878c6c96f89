import { can, type Principal } from '../../access/principal.ts';
import type { Database } from '../../database/connect.ts';
import type { Scope } from '../../database/scope.ts';
import { listReach, permissionOfKind, reachSql, reachValues } from '../export-reach.ts';
import type { ExportFormat, ExportKind } from '../plan-export.ts';

/** Exports of much at once; one conversation or one person leaves these times alone (H-11). */
export const bulkKinds = ['workspace', 'contacts', 'conversations', 'audit'] as const satisfies ExportKind[];

interface Who {
  type: string;
  id: string;
  name: string;
}

/** Of one kind: the newest export that stood, and the last time that somebody had all of one. */
export interface LastExport {
  kind: ExportKind;
  made: { id: string; format: ExportFormat; by: Who; at: string; bytes: number } | null;
  downloaded: { id: string; by: Who | null; at: string; bytes: number } | null;
}

/** The last exports of each kind that the principal may make, as far as their list of exports goes (H-11). */
export async function listLastExports(
  database: Database,
  scope: Scope,
  principal: Principal,
): Promise<LastExport[]> {
  const kinds = bulkKinds.filter((kind) => can(principal, permissionOfKind[kind]));
  const mine = `e.workspace_id = $1 and e.kind = wanted.kind and ${reachSql(3, 'e')}`;
  return database.inScope(scope, (transaction) =>
    transaction.query<LastExport>(
      `select wanted.kind, made.made, downloaded.downloaded
         from unnest($2::text[]) with ordinality as wanted (kind, place)
         left join lateral (
           select jsonb_build_object('id', e.id, 'format', e.format, 'by', e.requested_by, 'at', e.finished_at,
                    'bytes', e.bytes) as made
             from exports e where ${mine} and e.status in ('ready', 'expired') and e.finished_at is not null
            order by e.created_at desc, e.id desc limit 1) made on true
         left join lateral (
           select jsonb_build_object('id', e.id, 'at', e.last_downloaded_at, 'bytes', e.downloaded_bytes, 'by',
                    (select d.actor from export_downloads d where d.workspace_id = e.workspace_id
                        and d.export_id = e.id order by d.at desc limit 1)) as downloaded
             from exports e where ${mine} and e.last_downloaded_at is not null
            order by e.last_downloaded_at desc, e.id desc limit 1) downloaded on true
        order by wanted.place`,
      [scope.workspaceId, kinds, ...reachValues(listReach(principal))],
    ),
  );
}
