import type { Database } from '../../database/connect.ts';
import type { Scope } from '../../database/scope.ts';
import { type ListReach, reachSql, reachValues } from '../export-reach.ts';
import type { ExportKind } from '../plan-export.ts';
import { asItStands, type ExportRow, type ExportStatus, SELECT_EXPORTS } from './find-export.ts';

/** Which exports of a workspace, and how many. */
export interface ListedExports extends ListReach {
  limit: number;
  /** The last of the page before. */
  before?: { createdMicros: string; id: string } | undefined;
  /** Only those that wait, run, or have ended within so many seconds. */
  activeWithin?: number | undefined;
  /** Only those that are so now. */
  statuses?: readonly ExportStatus[] | undefined;
  kinds?: readonly ExportKind[] | undefined;
}

/** None waits and runs for longer: with this the index of the newest finds those that do. */
const LONGEST_ACTIVE = '7 days';

/** The newest exports first, from before a place on. */
export async function listExports(
  database: Database,
  scope: Scope,
  { limit, before, activeWithin, statuses, kinds, ...reach }: ListedExports,
): Promise<ExportRow[]> {
  const rows = await database.inScope(scope, (transaction) =>
    transaction.query<ExportRow>(
      `${SELECT_EXPORTS}
          and ($3::bigint is null or (created_at, id) < (timestamptz 'epoch' + $3::bigint * interval '1 microsecond', $4))
          and ${reachSql(5)}
          and ($7::bigint is null or (created_at > now() - interval '${LONGEST_ACTIVE}'
               and (status in ('queued', 'running') or finished_at > now() - $7 * interval '1 second')))
          and ($8::text[] is null or case when is_kept and status = 'ready' and expires_at <= now() then 'expired'
                                          else status end = any ($8))
          and ($9::text[] is null or kind = any ($9))
        order by created_at desc, id desc limit $2`,
      [
        scope.workspaceId,
        limit,
        before?.createdMicros ?? null,
        before?.id ?? null,
        ...reachValues(reach),
        activeWithin ?? null,
        statuses ?? null,
        kinds ?? null,
      ],
    ),
  );
  return rows.map(asItStands);
}
