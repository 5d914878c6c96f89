import type { Database, Transaction } from '../../database/connect.ts';
import type { Scope } from '../../database/scope.ts';
import { ConveyError } from '../../errors.ts';
import type { Counts } from '../../packages/manifest.ts';
import { unknownExport } from '../exports.errors.ts';
import type { JobProgress } from '../../jobs/job.ts';
import type { ExportWarning } from './find-warnings.ts';
import type { ExportPlan } from '../plan-export.ts';
import { type AcceptedExport, type Asker, targetOf } from '../request-export.ts';

export const exportStatuses = ['queued', 'running', 'ready', 'failed', 'cancelled', 'expired'] as const;
export type ExportStatus = (typeof exportStatuses)[number];

/** An export as the books have it. */
export interface ExportRow {
  id: string;
  status: ExportStatus;
  stage: string;
  plan: ExportPlan;
  is_kept: boolean;
  name: string | null;
  counts: Counts | null;
  bytes: number | null;
  sha256: string | null;
  manifest: string | null;
  signature: string | null;
  snapshot_at: Date | null;
  created_at: Date;
  /** `created_at` in microseconds since 1970, for a cursor. */
  created_micros: string;
  finished_at: Date | null;
  expires_at: Date | null;
  requested_by: { type: Asker['type']; id: string; name: string };
  error_code: string | null;
  error_detail: string | null;
  last_downloaded_at: Date | null;
  downloaded_bytes: number | null;
  interface: Asker['interface'];
  /** The export that it repeats. */
  rerun_of: string | null;
  /** Mail addresses of members who are told of its end. */
  notify: string[];
  /** What a ready one could not hold. */
  warnings: ExportWarning[];
  /** Its latest completed transfers, the newest first. */
  downloads: {
    at: string;
    actor: { type: string; id: string; name: string };
    file: string | null;
    bytes: number;
    complete: boolean;
  }[];
  /** Of a kept export: how far its worker is. */
  progress: JobProgress | null;
  /** Of one that waits: its place among those of the workspace, from 1; how many of them run; when it may begin. */
  position: number | null;
  running: number | null;
  run_at: Date | null;
}

/** A file of a kept export. */
export interface ExportPart {
  kind: 'part' | 'file';
  name: string;
  media_type: string;
  bytes: number;
  sha256: string;
  crc32: string;
  records: number;
  object_key: string;
}

const COLUMNS = `id, status, stage, plan, is_kept, name, counts, bytes, sha256, manifest, signature, snapshot_at,
  created_at, (extract(epoch from created_at) * 1000000)::bigint::text as created_micros, finished_at, expires_at, requested_by, interface, error_code,
  error_detail, last_downloaded_at, downloaded_bytes, rerun_of, notify, warnings, fetched.downloads, job.progress, job.position, job.running, job.run_at`;
const MOST_DOWNLOADS = 50;
/** What the queue knows of an export; nothing of one that was sent at once. */
const JOB = `left join lateral (
  select j.progress,
         case when j.status = 'queued' then
           (select count(*) from jobs o where o.kind = 'export' and o.workspace_id = j.workspace_id
               and o.status = 'queued' and (o.run_at, o.id) <= (j.run_at, j.id)) end as position,
         case when j.status = 'queued' then
           (select count(*) from jobs o where o.kind = 'export' and o.workspace_id = j.workspace_id
               and o.status = 'running' and o.lease_until > now()) end as running,
         case when j.status = 'queued' and j.run_at > now() then j.run_at end as run_at
    from jobs j where j.kind = 'export' and j.subject_id = exports.id) job on true
  left join lateral (
  select coalesce(jsonb_agg(jsonb_build_object('at', d.at, 'actor', d.actor, 'file', d.file, 'bytes', d.bytes,
           'complete', d.is_whole) order by d.at desc, d.id), '[]') as downloads
    from (select * from export_downloads e where e.workspace_id = exports.workspace_id and e.export_id = exports.id
           order by e.at desc limit ${MOST_DOWNLOADS}) d) fetched on true`;
/** Exports of a workspace, which is `$1`. */
export const SELECT_EXPORTS = `select ${COLUMNS} from exports ${JOB} where workspace_id = $1`;

/**
 * One export of the scope's workspace.
 * @throws exports.unknown for a foreign id as for an unknown one
 */
export async function getExport(database: Database, scope: Scope, id: string): Promise<ExportRow> {
  const [row] = await database.inScope(scope, (transaction) =>
    transaction.query<ExportRow>(`${SELECT_EXPORTS} and id = $2`, [scope.workspaceId, id]),
  );
  if (row === undefined) throw new ConveyError(unknownExport);
  return asItStands(row);
}

/** A file whose time is over counts as expired even before the sweep. */
export function asItStands(row: ExportRow): ExportRow {
  return row.is_kept && row.status === 'ready' && row.expires_at! <= new Date()
    ? { ...row, status: 'expired' }
    : row;
}

/** The files of a kept export, in the manifest's order. */
export async function listParts(database: Database, scope: Scope, id: string): Promise<ExportPart[]> {
  return database.inScope(scope, (transaction) => readParts(transaction, scope, id));
}

export function readParts(transaction: Transaction, scope: Scope, id: string): Promise<ExportPart[]> {
  return transaction.query<ExportPart>(
    `select kind, name, media_type, bytes, sha256, crc32, records, object_key from export_parts
      where workspace_id = $1 and export_id = $2 order by position`,
    [scope.workspaceId, id],
  );
}

/** What a kept export may see: as much as its plan holds, and what its filter looks through. */
export function scopeOfPlan({
  workspace,
  audiences,
  includeInternal,
  searchesInternal = false,
}: ExportPlan): Scope {
  return {
    workspaceId: workspace.id,
    ...(audiences === null ? {} : { audiences }),
    ...(includeInternal || searchesInternal ? {} : { hidesInternal: true }),
  };
}

/** An export of the books as it was accepted: with the scope that its plan has frozen. */
export async function acceptedExport(
  database: Database,
  workspaceId: string,
  { id, plan, requested_by: requestedBy, interface: through, created_at: requestedAt }: ExportRow,
): Promise<AcceptedExport> {
  const { includeInternal } = plan;
  const scope = scopeOfPlan(plan);
  // A record that is gone since then has no ref any more.
  const target = (await database.inScope({ workspaceId }, (transaction) =>
    targetOf(transaction, { workspaceId }, plan),
  )) ?? { type: 'workspace', ref: workspaceId };
  return {
    id,
    scope,
    plan,
    asker: { ...requestedBy, interface: through, includeInternal },
    requestedAt,
    target,
  };
}
