import type { Manifest } from '../../packages/manifest.ts';

/** Something that a ready export could not hold, for people: how often, and why. */
export interface ExportWarning {
  /** `exports.missing_file` */
  code: string;
  count: number;
  detail: string;
}

/** What a finished export has to be warned of: files whose bytes it could not have, by reason, the most frequent first. */
export function findWarnings(missingFiles: Manifest['missing_files']): ExportWarning[] {
  const counts = new Map<string, number>();
  for (const { reason } of missingFiles) counts.set(reason, (counts.get(reason) ?? 0) + 1);
  return [...counts]
    .map(([detail, count]) => ({ code: 'exports.missing_file', count, detail }))
    .sort((a, b) => b.count - a.count);
}
