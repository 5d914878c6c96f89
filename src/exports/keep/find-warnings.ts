import type { Counts, Manifest } from '../../packages/manifest.ts';
import type { FinishedExport } from '../finish/finish-export.ts';
import { sumWarnings } from '../finish/sum-warnings.ts';
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

/** What a finished export has to be warned of. */
export interface ExportWarnings {
  /** What is not there, or not as it is, beside files: the manifest states it as left out. */
  leftOut: ExportWarning[];
  /** Files whose bytes it could not have, by reason, the most frequent first: the manifest names each of them. */
  missing: ExportWarning[];
}

/** Everything that a finished export has to be warned of: found once, for its manifest and for its row in the books. */
export function findWarnings(
  plan: Pick<ExportPlan, 'kind' | 'format' | 'filter' | 'window'>,
  { counts, parts, missingFiles }: Pick<FinishedExport, 'counts' | 'parts' | 'missingFiles'>,
): ExportWarnings {
  return {
    leftOut: [...warnOfAbsent(plan, counts), ...sumWarnings(parts)],
    missing: warnOfMissing(missingFiles),
  };
}

/**
 * Conversations that were asked for one by one and are not in the export: they do not exist, or whoever asked may not
 * see them.
 */
function warnOfAbsent(
  { kind, format, filter, window }: Pick<ExportPlan, 'kind' | 'format' | 'filter' | 'window'>,
  counts: Counts,
): ExportWarning[] {
  // Of an increment, what did not change is rightly not there.
  if (kind !== 'conversations' || Object.keys(filter).join() !== 'ids' || window != null) return [];
  const count = new Set(filter.ids).size - (counts['conversations'] ?? 0);
  if (count <= 0) return [];
  const why =
    format === 'chat-jsonl'
      ? 'no such id, not for whoever asked, or nothing in them to train with'
      : 'no such id, or not for whoever asked';
  const detail = `Conversations that were named are not there: ${why}.`;
  return [{ code: 'exports.absent_conversation', count, detail }];
}

function warnOfMissing(missingFiles: Manifest['missing_files']): ExportWarning[] {
  const counts = new Map<string, number>();
  for (const { reason } of missingFiles) counts.set(reason, (counts.get(reason) ?? 0) + 1);
  return [...counts]
    .map(([detail, count]) => ({ code: missingFile, count, detail }))
    .sort((a, b) => b.count - a.count);
}
