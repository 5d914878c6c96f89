import { sumCounts } from '../../sum-counts.ts';
import { basename } from 'node:path';
import { z } from 'zod';
import { listErrorKinds } from '../../errors.ts';
import { sentence } from '../../http/sentence.ts';
import { storedOrder } from '../order/order.schemas.ts';
import { orderOfPlan } from '../order/rerun-order.ts';
import { exportFormats, exportKinds } from '../../catalog/tables/workings.ts';
import { type ExportPart, type ExportRow, exportStatuses } from './find-export.ts';

const time = z.iso.datetime();
const counts = z.record(z.string(), z.number());

const progressSchema = z.object({
  stage: z.string(),
  records: z.object({
    done: z.number(),
    planned: z.number().nullable().describe('Null until they are counted.'),
  }),
  bytes: z.number().describe('Written so far.'),
  documents: z.number().optional().describe('Of what is made of documents (PDF, HTML): those that are done.'),
  started_at: time
    .nullable()
    .describe('When the present attempt began; null while it waits, and once it has ended.'),
  position: z.number().optional().describe('Of one that waits: its place among those of the workspace.'),
  running: z
    .number()
    .optional()
    .describe('Of one that waits: exports of the workspace that run now, for which it waits at the limit.'),
  not_before: time.optional().describe('Of one that waits for another attempt: when that may begin.'),
});

/** An export, for whoever asks how it is (contract §2). */
export const exportSchema = z
  .object({
    job_id: z.string(),
    kind: z.enum(exportKinds),
    format: z.enum(exportFormats),
    filter: z.record(z.string(), z.unknown()).describe('What was asked for; empty is everything.'),
    fields: z
      .array(z.string())
      .nullable()
      .describe('What of each conversation; null: all that the kind has.'),
    order: storedOrder,
    kept: z
      .boolean()
      .describe('Its files stay here to be fetched; one that was sent at once leaves a receipt.'),
    status: z.enum(exportStatuses),
    progress: progressSchema,
    counts: counts.nullable().describe('Records per dataset, checked against the base tables.'),
    bytes: z.number().nullable(),
    sha256: z.string().nullable().describe('Of the file that was sent, or of the package’s manifest.json.'),
    files: z.array(
      z.object({
        url: z.string(),
        name: z.string(),
        part: z.number().nullable().describe('Which part it is, from 1; null: contents of a file.'),
        records: z.number(),
        bytes: z.number(),
        sha256: z.string(),
      }),
    ),
    package: z.string().nullable().describe('Where the whole package is, as a zip.'),
    manifest: z.string().nullable().describe('Where the signed manifest, or the receipt, is.'),
    requested_by: z.object({ type: z.string(), id: z.string(), name: z.string() }),
    requested_at: time,
    rerun_of: z.string().nullable().describe('The export that it repeats, as it was or with changes.'),
    snapshot_at: time.nullable().describe('The one moment whose data it holds.'),
    finished_at: time.nullable(),
    expires_at: time.nullable(),
    last_download: z
      .object({ at: time, bytes: z.number() })
      .nullable()
      .describe(
        'Last time that all of it had been fetched: the file, the package, or the last of all parts.',
      ),
    downloads: z
      .array(
        z.object({
          at: time,
          actor: z.object({ type: z.string(), id: z.string(), name: z.string() }),
          file: z.string().nullable().describe('Null: the whole package, or the one file.'),
          bytes: z.number(),
          complete: z.boolean().describe('All of that file was sent, not a range of it.'),
        }),
      )
      .describe('Completed transfers, the newest first; at most 50. The audit log has all of them.'),
    warnings: z
      .array(z.object({ code: z.string(), count: z.number(), detail: sentence() }))
      .describe(
        'What a ready export could not hold, such as files whose bytes are gone; the manifest names each.',
      ),
    error: z.object({ code: z.string(), title: sentence(), detail: z.string().nullable() }).nullable(),
  })
  .meta({ id: 'Export' });

/** The export as `exportSchema` has it. */
export function describeExport(row: ExportRow, parts: readonly ExportPart[]): z.infer<typeof exportSchema> {
  const isThere = row.status === 'ready';
  const url = `/v1/exports/${row.id}`;
  return {
    job_id: row.id,
    kind: row.plan.kind,
    format: row.plan.format,
    filter: { ...row.plan.filter },
    fields: row.plan.fields == null ? null : [...row.plan.fields],
    order: describeOrder(row),
    kept: row.is_kept,
    status: row.status,
    progress: describeProgress(row),
    counts: row.counts,
    bytes: row.bytes,
    sha256: row.sha256,
    files: isThere
      ? parts.map((part, index) => ({
          url: `${url}/files/${basename(part.name)}`,
          name: part.name,
          // Parts come first, in the manifest's order.
          part: part.kind === 'part' ? index + 1 : null,
          records: part.records,
          bytes: part.bytes,
          sha256: part.sha256,
        }))
      : [],
    package: isThere && row.is_kept ? `${url}/package.zip` : null,
    manifest: !isThere ? null : row.is_kept ? `${url}/files/manifest.json` : `${url}/receipt`,
    requested_by: row.requested_by,
    requested_at: row.created_at.toISOString(),
    rerun_of: row.rerun_of,
    snapshot_at: row.snapshot_at?.toISOString() ?? null,
    finished_at: row.finished_at?.toISOString() ?? null,
    expires_at: row.expires_at?.toISOString() ?? null,
    last_download:
      row.last_downloaded_at === null
        ? null
        : { at: row.last_downloaded_at.toISOString(), bytes: row.downloaded_bytes ?? 0 },
    downloads: row.downloads.map(({ at, ...download }) => ({ at: new Date(at).toISOString(), ...download })),
    warnings: row.warnings,
    error: row.error_code === null ? null : describeError(row.error_code, row.error_detail),
  };
}

/** What was ordered. Who is told of its end is nobody else's business. */
function describeOrder({ plan }: ExportRow): z.infer<typeof storedOrder> {
  const { filter, notify: _told, ...order } = orderOfPlan(plan);
  return { ...order, ...(filter === undefined ? {} : { filter: { ...filter } }) };
}

/** How far an export is: what its worker said last, or what it came to. */
export function describeProgress(row: ExportRow): z.infer<typeof progressSchema> {
  const { progress } = row;
  const isRunning = row.status === 'running';
  const documents = isRunning ? progress?.documents : undefined;
  // One that is sent at once begins as it is asked for.
  const startedAt = progress?.startedAt ?? (row.is_kept ? null : row.created_at.toISOString());
  const records = sumCounts(row.counts ?? {});
  return {
    stage: (isRunning ? progress?.stage : undefined) ?? row.stage,
    records: isRunning
      ? { done: progress?.records ?? 0, planned: progress?.planned ?? null }
      : { done: records, planned: row.counts === null ? null : records },
    bytes: (isRunning ? progress?.bytes : row.bytes) ?? 0,
    ...(documents === undefined ? {} : { documents }),
    started_at: isRunning ? startedAt : null,
    ...(row.position === null ? {} : { position: row.position }),
    ...(row.running === null ? {} : { running: row.running }),
    ...(row.run_at === null ? {} : { not_before: row.run_at.toISOString() }),
  };
}

function describeError(code: string, detail: string | null) {
  const kind = listErrorKinds().find((one) => one.code === code);
  return { code, title: kind?.title ?? 'The export failed.', detail };
}
