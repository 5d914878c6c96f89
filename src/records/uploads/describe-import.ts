import type { z } from 'zod';
import { type importSchema, type previewSchema, type rejectionSchema, SHOWN } from './import.schemas.ts';
import type { Import } from './imports.ts';
import type { ImportPreview } from './preview-import.ts';
import { KEPT_HOURS, type Upload } from './upload-folder.ts';

type Rejection = z.infer<typeof rejectionSchema>;

/**
 * An import as the API shows it.
 * @param upload what was uploaded to one that is being prepared
 */
export function describeImport(one: Import, upload?: Upload): z.infer<typeof importSchema> {
  const { result, progress, failure } = one;
  const isRunning = one.status === 'running' && progress.records !== undefined;
  return {
    id: one.id,
    source: one.source,
    status: one.status,
    file: one.fileName,
    format: one.format,
    created_by: one.createdBy,
    created_at: one.createdAt.toISOString(),
    started_at: one.startedAt?.toISOString() ?? null,
    finished_at: one.finishedAt?.toISOString() ?? null,
    upload: upload === undefined ? null : describeUpload(one, upload),
    progress: isRunning
      ? {
          records: progress.records!,
          bytes: progress.bytes ?? 0,
          total_bytes: progress.total_bytes ?? null,
        }
      : null,
    result: result && {
      received: result.received,
      accepted: result.accepted,
      unchanged: result.unchanged,
      skipped_older: result.skipped_older,
      pending: result.pending,
      rejected_count: result.rejected_count,
      rejected: result.rejected.slice(0, SHOWN).map(describeRejection),
      by_type: result.by_type,
      signed_by: result.signed_by,
      files: { ...result.files, missing: result.files.missing.slice(0, SHOWN) },
    },
    failure: failure && { ...failure, detail: failure.detail ?? null },
  };
}

function describeUpload({ createdAt }: Import, { files, isArriving }: Upload) {
  const keptUntil = new Date(createdAt.getTime() + KEPT_HOURS * 3_600_000);
  return { files, is_arriving: isArriving, kept_until: keptUntil.toISOString() };
}

/** A preview as the API shows it. */
export function describePreview(preview: ImportPreview): z.infer<typeof previewSchema> {
  const { takenCount, rejectedCount, rejected, isWhole, ...rest } = preview;
  return {
    ...rest,
    taken_count: takenCount,
    rejected_count: rejectedCount,
    rejected: rejected.map(describeRejection),
    is_whole: isWhole,
  };
}

function describeRejection(one: {
  source: string;
  line: number;
  code: string;
  field?: string;
  detail?: string;
}): Rejection {
  const { source, line, code, field, detail } = one;
  return { source, line, code, field: field === '' ? null : (field ?? null), detail: detail ?? null };
}
