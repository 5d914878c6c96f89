import type { FormatWarning } from '../../formats/record-format.ts';

/** What the parts of an export could not show as it is, once each, with how often. */
export function sumWarnings(
  parts: readonly { warnings?: readonly FormatWarning[] | undefined }[],
): FormatWarning[] {
  const sums = new Map<string, FormatWarning>();
  for (const warning of parts.flatMap(({ warnings }) => warnings ?? [])) {
    const { code, detail } = warning;
    const same = sums.get(`${code} ${detail}`);
    if (same === undefined) sums.set(`${code} ${detail}`, { ...warning });
    else same.count += warning.count;
  }
  return [...sums.values()];
}
