import { createHash } from 'node:crypto';
import type { Redaction } from '../../anonymize/redactions.ts';
import type { ChangePlace } from '../../catalog/changed-rows.ts';
import { recordEvent } from '../../audit/record-event.ts';
import type { Database, Transaction } from '../../database/connect.ts';
import { ConveyError } from '../../errors.ts';
import type { FormatWarning } from '../../formats/record-format.ts';
import type { SigningKeys } from '../../keys/signing-keys.ts';
import type { Counts, Manifest } from '../../packages/manifest.ts';
import { sealManifest } from '../../packages/seal-manifest.ts';
import { buildManifest } from './build-manifest.ts';
import { endJob } from '../../jobs/lease.ts';
import type { ClaimedJob } from '../../jobs/job.ts';
import { cancelled } from '../exports.errors.ts';
import type { FileLayout } from '../layout/file-layout.ts';
import { sumCounts } from '../../sum-counts.ts';
import { partMediaType } from '../schedules/select-changes.ts';
import { findWarnings } from '../keep/find-warnings.ts';
import { tellEnded, type TellDependencies } from './tell-ended.ts';
import { type AcceptedExport, eventOf } from '../request-export.ts';

/** What signs, and what is said of who made it. */
export interface FinishDependencies {
  database: Database;
  signingKeys: SigningKeys;
  /** Convey's version. */
  version: string;
  /** Who is told when a kept export has ended. */
  tell: TellDependencies;
}

/** A file with records, written. */
export interface FinishedPart {
  name: string;
  /** How it was made; undefined: a zip of several, in which nothing is counted. */
  file: FileLayout | undefined;
  bytes: number;
  sha256: string;
  crc32: string;
  counts: Counts;
  /** What it could not show as it is. */
  warnings?: readonly FormatWarning[];
  /** Of an anonymised export: what was replaced where. */
  redactions?: readonly Redaction[];
  /** Where the store keeps it; unset: it was sent at once. */
  objectKey?: string;
}

/** The contents of a file, copied into the export. */
export interface FinishedFile {
  name: string;
  ref: string;
  bytes: number;
  sha256: string;
  crc32: string;
  objectKey: string;
}

/** What an export states about itself, as canonical JSON, and the signature over it in Base64. */
export interface SealedManifest {
  manifest: string;
  signature: string;
}

/** All that an export turned out to be. */
export interface FinishedExport {
  snapshotAt: Date;
  /** Of a kept one: up to which change its snapshot shows everything. */
  reaches?: ChangePlace;
  counts: Counts;
  parts: FinishedPart[];
  files: FinishedFile[];
  missingFiles: Manifest['missing_files'];
}

/**
 * Notes that a waiting export runs now, or once more after a worker died; throws `exports.cancelled` when a cancel
 * came first.
 */
export async function startExport(database: Database, { scope, id }: AcceptedExport): Promise<void> {
  const rows = await database.inScope(scope, (transaction) =>
    transaction.query(
      `update exports set status = 'running', stage = 'running', beat_at = now()
        where workspace_id = $1 and id = $2 and status in ('queued', 'running') returning id`,
      [scope.workspaceId, id],
    ),
  );
  if (rows.length === 0) throw new ConveyError(cancelled);
}

/**
 * Makes a rendered export stand: signs its manifest, and writes state, parts and audit event in one transaction,
 * only from `running`, so that a cancel that came first wins (then this throws `exports.cancelled`). Nobody gets
 * the file's end, or any part, before.
 * @param job of a kept export: a worker that lost its lease publishes nothing, as its end is part of the same
 *   transaction (`jobs.lease_lost`)
 */
export async function finishExport(
  { database, signingKeys, version, tell }: FinishDependencies,
  accepted: AcceptedExport,
  finished: FinishedExport,
  job?: ClaimedJob,
): Promise<SealedManifest> {
  const { scope, id, plan } = accepted;
  const signer = await signingKeys.current();
  const found = findWarnings(plan, finished);
  const manifest = buildManifest(accepted, finished, found, { signer, version });
  const { manifestBytes, signature } = sealManifest(manifest, signer.privateKey);
  const [only] = finished.parts;
  const warnings = [...found.leftOut, ...found.missing];
  const sha256 = plan.keep === null ? only!.sha256 : sha256Of(manifestBytes);
  const bytes = [...finished.parts, ...finished.files].reduce((sum, file) => sum + file.bytes, 0);
  await database.inScope(scope, async (transaction) => {
    const rows = await transaction.query(
      `update exports set status = 'ready', stage = 'ready', counts = $3, bytes = $4, sha256 = $5, snapshot_at = $6,
              finished_at = now(), name = $7, manifest = $8, signature = $9, warnings = $10
        where workspace_id = $1 and id = $2 and status = 'running' returning id`,
      [
        scope.workspaceId,
        id,
        JSON.stringify(finished.counts),
        bytes,
        sha256,
        finished.snapshotAt,
        manifest.name,
        manifestBytes.toString('utf8'),
        signature.toString('base64'),
        JSON.stringify(warnings),
      ],
    );
    if (rows.length === 0) throw new ConveyError(cancelled);
    if (plan.keep !== null) {
      await insertParts(transaction, accepted, finished);
      const { counts } = finished;
      const warned = warnings.reduce((sum, { count }) => sum + count, 0);
      const ending = { status: 'ready', counts, bytes, warnings: warned } as const;
      await tellEnded(transaction, tell, accepted, ending);
    }
    if (job !== undefined) await endJob(transaction, job, 'done');
    await recordEvent(
      transaction,
      scope.workspaceId,
      eventOf(accepted, 'export.completed', 'success', {
        counts: finished.counts,
        bytes,
        sha256,
        snapshot_at: finished.snapshotAt.toISOString(),
      }),
    );
  });
  return { manifest: manifestBytes.toString('utf8'), signature: signature.toString('base64') };
}

async function insertParts(
  transaction: Transaction,
  { scope, id, plan }: AcceptedExport,
  { parts, files }: FinishedExport,
): Promise<void> {
  const rows = [
    ...parts.map((part) => ({
      ...part,
      kind: 'part',
      media_type: partMediaType(plan, part.file),
      records: sumCounts(part.counts),
    })),
    ...files.map((file) => ({ ...file, kind: 'file', media_type: 'application/octet-stream', records: 0 })),
  ].map(({ kind, name, media_type, bytes, sha256, crc32, records, objectKey }, index) => ({
    position: index + 1,
    kind,
    name,
    media_type,
    bytes,
    sha256,
    crc32,
    records,
    object_key: objectKey,
  }));
  await transaction.query(
    `insert into export_parts (workspace_id, export_id, position, kind, name, media_type, bytes, sha256, crc32, records, object_key)
     select $1, $2, position, kind, name, media_type, bytes, sha256, crc32, records, object_key
       from jsonb_to_recordset($3) as part(position bigint, kind text, name text, media_type text, bytes bigint,
         sha256 text, crc32 text, records bigint, object_key text)`,
    [scope.workspaceId, id, JSON.stringify(rows)],
  );
}

function sha256Of(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
