import type { Counts, Manifest } from '../../packages/manifest.ts';
import type { ExportPlan } from '../plan-export.ts';

/** The code of a warning that bytes of files are not there. */
export const missingFile = 'exports.missing_file';

/** Something that a ready export could not hold, for people: how often, and why. */
export interface ExportWarning {
  /** Stable, for programs: `exports.missing_file`. */
  code: string;
  count: number;
  detail: string;
}

/**
 * Conversations that were asked for one by one and are not in the export: they do not exist, or whoever asked may not
 * see them.
 */
export function warnOfAbsent(
  { kind, filter, window }: Pick<ExportPlan, 'kind' | 'filter' | 'window'>,
  counts: Counts,
): ExportWarning[] {
  // Of an increment, what did not change is rightly not there.
  if (kind !== 'conversations' || Object.keys(filter).join() !== 'ids' || window != null) return [];
  const count = new Set(filter.ids).size - (counts['conversations'] ?? 0);
  if (count <= 0) return [];
  const detail = 'Conversations that were named are not there: no such id, or not for whoever asked.';
  return [{ code: 'exports.absent_conversation', count, detail }];
}

/** What a finished export has to be warned of: files whose bytes it could not have, by reason, the most frequent first. */
export function findWarnings(missingFiles: Manifest['missing_files']): ExportWarning[] {
  const counts = new Map<string, number>();
  for (const { reason } of missingFiles) counts.set(reason, (counts.get(reason) ?? 0) + 1);
  return [...counts]
    .map(([detail, count]) => ({ code: missingFile, count, detail }))
    .sort((a, b) => b.count - a.count);
}
