import { createHash } from 'node:crypto';
import type { Redaction } from '../anonymize/redactions.ts';
import type { JsonObject } from '../canonical-json.ts';
import type { ChangePlace } from '../catalog/changed-rows.ts';
import { recordEvent } from '../audit/record-event.ts';
import type { Database, Transaction } from '../database/connect.ts';
import { ConveyError } from '../errors.ts';
import { newId } from '../ids.ts';
import type { FormatWarning } from '../formats/record-format.ts';
import type { SigningKeys } from '../keys/signing-keys.ts';
import { publishEvent } from '../notify/webhooks/publish-event.ts';
import type { Counts, Manifest } from '../packages/manifest.ts';
import { sealManifest } from '../packages/seal-manifest.ts';
import { buildManifest } from './build-manifest.ts';
import { endJob } from '../jobs/lease.ts';
import type { ClaimedJob } from '../jobs/job.ts';
import { cancelled, interrupted } from './exports.errors.ts';
import type { FileLayout } from './lay-out-files.ts';
import { sumCounts } from './render/check-counts.ts';
import { partMediaType } from './schedules/select-changes.ts';
import { findWarnings } from './keep/find-warnings.ts';
import { countLinkDownload } from './links/export-links.ts';
import { sumWarnings } from './sum-warnings.ts';
import { tellEnded, type TellDependencies } from './tell-ended.ts';
import { type AcceptedExport, BEAT_EXPIRES_AFTER, eventOf } from './request-export.ts';

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
  const manifest = buildManifest(accepted, finished, signer, version);
  const { manifestBytes, signature } = sealManifest(manifest, signer.privateKey);
  const [only] = finished.parts;
  const warnings = [...sumWarnings(finished.parts), ...findWarnings(finished.missingFiles)];
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

/** What webhooks are told of any export. */
function aboutExport({ id, plan }: AcceptedExport): JsonObject {
  return { export_id: id, kind: plan.kind, format: plan.format };
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

/** Writes down why an export ended without a file, and ends its job with it: `cancelled` or `failed`. */
export async function failExport(
  { database, tell }: Pick<FinishDependencies, 'database' | 'tell'>,
  accepted: AcceptedExport,
  error: unknown,
  stage: string,
  job?: ClaimedJob,
): Promise<void> {
  await database.inScope(accepted.scope, async (transaction) => {
    if (job !== undefined) await endJob(transaction, job, isCancel(error) ? 'cancelled' : 'failed');
    await writeFailure(transaction, accepted, error, stage, tell);
  });
}

/**
 * As part of the caller's transaction: the state of an export that ended without a file, and its audit event.
 * @param tell who is told of a kept one's failure; unset where nobody waits (a cancel)
 */
export async function writeFailure(
  transaction: Transaction,
  accepted: AcceptedExport,
  error: unknown,
  stage: string,
  tell?: TellDependencies,
): Promise<void> {
  const { scope, id } = accepted;
  const code = error instanceof ConveyError ? error.code : 'http.internal';
  const detail = error instanceof ConveyError ? error.message : 'Something went wrong here.';
  const rows = await transaction.query(
    `update exports set status = $3, stage = $4, error_code = $5, error_detail = $6, finished_at = now()
      where workspace_id = $1 and id = $2 and status in ('queued', 'running') returning id`,
    [scope.workspaceId, id, isCancel(error) ? 'cancelled' : 'failed', stage, code, detail],
  );
  if (rows.length === 0) return;
  if (!isCancel(error) && accepted.plan.keep !== null && tell !== undefined)
    await tellEnded(transaction, tell, accepted, { status: 'failed', code });
  const event = isCancel(error)
    ? eventOf(accepted, 'export.cancelled', 'success', { stage })
    : eventOf(accepted, 'export.failed', 'failed', { stage, code });
  await recordEvent(transaction, scope.workspaceId, event);
}

function isCancel(error: unknown): boolean {
  return error instanceof ConveyError && error.kind === cancelled;
}

/**
 * Notes one completed transfer, once it is complete (H-11). The export itself remembers the last one that left its
 * reader with all of it: the one file, the package, or the last of its parts.
 * @param what which file, if the export has several, and whether all of that one was sent
 * @param link through which it was fetched, by whoever holds it; whether this counts as a use of it
 */
export async function noteDownload(
  database: Database,
  accepted: AcceptedExport,
  bytes: number,
  what: { file?: string; is_whole?: boolean } = {},
  { link }: { link?: { id: string; isCounted: boolean } } = {},
): Promise<void> {
  await database.inScope(accepted.scope, async (transaction) => {
    await insertDownload(transaction, accepted, bytes, { ...what, linkId: link?.id });
    if (link?.isCounted) await countLinkDownload(transaction, link.id);
    const wholeBytes =
      what.file === undefined ? bytes : await wholeBytesOf(transaction, accepted, bytes, what);
    if (wholeBytes !== undefined)
      await transaction.query(
        'update exports set last_downloaded_at = now(), downloaded_bytes = $3 where workspace_id = $1 and id = $2',
        [accepted.scope.workspaceId, accepted.id, wholeBytes],
      );
    const said = { ...aboutExport(accepted), bytes };
    await publishEvent(transaction, accepted.scope.workspaceId, 'export.downloaded', said);
    const event = eventOf(accepted, 'export.downloaded', 'success', {
      bytes,
      ...what,
      ...(link === undefined ? {} : { link_id: link.id }),
    });
    // Who holds a link is not known: it acts for itself.
    if (link !== undefined) event.actor = { type: 'system', ref: link.id };
    await recordEvent(transaction, accepted.scope.workspaceId, event);
  });
}

async function insertDownload(
  transaction: Transaction,
  { id, scope, asker }: AcceptedExport,
  bytes: number,
  what: { file?: string; is_whole?: boolean; linkId: string | undefined },
): Promise<void> {
  const { file, is_whole: isWhole = file === undefined, linkId } = what;
  const { type, id: askerId, name } = asker;
  const actor = linkId === undefined ? { type, id: askerId, name } : { type: 'link', id: linkId, name };
  await transaction.query(
    `insert into export_downloads (workspace_id, id, export_id, actor, file, bytes, is_whole)
     values ($1, $2, $3, $4, $5, $6, $7)`,
    [scope.workspaceId, newId('dwn'), id, JSON.stringify(actor), file ?? null, bytes, isWhole],
  );
}

/** Bytes of a kept export that its reader now has all of; undefined if something is lacking still. */
async function wholeBytesOf(
  transaction: Transaction,
  { scope: { workspaceId }, id }: AcceptedExport,
  bytes: number,
  { file, is_whole: isWhole }: { file?: string; is_whole?: boolean },
): Promise<number | undefined> {
  if (isWhole !== true) return undefined;
  const [row] = await transaction.query<{ is_package: boolean; is_part: boolean }>(
    `select name || '.zip' = $3 as is_package,
            exists (select from export_parts p where p.workspace_id = $1 and p.export_id = $2 and p.kind = 'part'
               and p.name = 'data/' || $3) as is_part
       from exports where workspace_id = $1 and id = $2 for no key update`, // two that end at once see each other
    [workspaceId, id, file],
  );
  if (row?.is_package) return bytes;
  if (!row?.is_part) return undefined;
  const [parts] = await transaction.query<{ is_all: boolean; bytes: number }>(
    `select bool_and(p.name = 'data/' || $3 or exists (
              select from export_downloads d where d.workspace_id = $1 and d.export_id = $2 and d.is_whole
                 and p.name = 'data/' || d.file)) as is_all,
            sum(p.bytes)::bigint as bytes
       from export_parts p where p.workspace_id = $1 and p.export_id = $2 and p.kind = 'part'`,
    [workspaceId, id, file],
  );
  return parts?.is_all ? parts.bytes : undefined;
}

/**
 * Marks direct exports whose process is gone (kill -9, power) as failed, so that none stays `running` for ever.
 * Runs at start and now and then. (Kept ones are jobs: another worker takes them over.)
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
          where workspace_id = $1 and not is_kept and status in ('queued', 'running') and beat_at < now() - interval '${BEAT_EXPIRES_AFTER}'
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
