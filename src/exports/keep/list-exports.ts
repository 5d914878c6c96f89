import type { Database } from '../../database/connect.ts';
import type { Scope } from '../../database/scope.ts';
import type { ExportKind } from '../plan-export.ts';
import { asItStands, type ExportRow, type ExportStatus, SELECT_EXPORTS } from './find-export.ts';

/** Which exports of a workspace, and how many. */
export interface ListedExports {
  limit: number;
  /** The last of the page before. */
  before?: { createdMicros: string; id: string } | undefined;
  /** Id of the one whose exports are listed; undefined: everybody's. */
  onlyOf?: string | undefined;
  /** Only exports that hold no other audiences than these. */
  audiences?: readonly string[] | undefined;
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
  { limit, before, onlyOf, audiences, activeWithin, statuses, kinds }: ListedExports,
): Promise<ExportRow[]> {
  const rows = await database.inScope(scope, (transaction) =>
    transaction.query<ExportRow>(
      `${SELECT_EXPORTS}
          and ($3::bigint is null or (created_at, id) < (timestamptz 'epoch' + $3::bigint * interval '1 microsecond', $4))
          and ($5::text is null or requested_by ->> 'id' = $5)
          and ($6::jsonb is null or (jsonb_typeof(plan -> 'audiences') = 'array' and plan -> 'audiences' <@ $6))
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
        onlyOf ?? null,
        audiences === undefined ? null : JSON.stringify(audiences),
        activeWithin ?? null,
        statuses ?? null,
        kinds ?? null,
      ],
    ),
  );
  return rows.map(asItStands);
}
