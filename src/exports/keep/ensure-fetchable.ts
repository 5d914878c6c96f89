import { ConveyError, type ErrorAction } from '../../errors.ts';
import { ended, expired, noPackage, notReady } from '../exports.errors.ts';
import type { ExportRow } from './find-export.ts';

/** Throws unless the export's files are there: `exports.not_ready`, `exports.expired`, `exports.ended`. */
export function ensureFetchable(row: ExportRow): void {
  if (row.status === 'queued' || row.status === 'running') throw new ConveyError(notReady);
  if (row.status === 'expired') throw filesGone(row);
  if (row.status !== 'ready') throw new ConveyError(ended, undefined, { action: runAgain(row) });
}

/** The same, and `exports.no_package` for one that was sent at once. */
export function ensurePackage(row: ExportRow): void {
  if (!row.is_kept) throw new ConveyError(noPackage);
  ensureFetchable(row);
}

/** `exports.expired`, with how to have the export made again. */
export function filesGone(row: Pick<ExportRow, 'id'>): ConveyError {
  return new ConveyError(expired, undefined, { action: runAgain(row) });
}

/** What one can do about an export whose files are gone. */
export function runAgain({ id }: Pick<ExportRow, 'id'>): ErrorAction {
  return { title: 'Run it again', method: 'POST', href: `/v1/exports/${id}/rerun` };
}
