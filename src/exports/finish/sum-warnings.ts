import type { FormatWarning } from '../../formats/record-format.ts';

/** Of what a warning is about, the most frequent are named. */
const MOST_NAMED = 20;

/** What the parts of an export could not show as it is, once each, with how often. */
export function sumWarnings(
  parts: readonly { warnings?: readonly FormatWarning[] | undefined }[],
): FormatWarning[] {
  const sums = new Map<string, { code: string; detail: string; abouts: Map<string | undefined, number> }>();
  for (const { code, count, detail, about } of parts.flatMap(({ warnings }) => warnings ?? [])) {
    const key = `${code} ${detail}`;
    const sum = sums.get(key) ?? { code, detail, abouts: new Map() };
    sum.abouts.set(about, (sum.abouts.get(about) ?? 0) + count);
    sums.set(key, sum);
  }
  return [...sums.values()].map(({ code, detail, abouts }) => {
    const count = [...abouts.values()].reduce((sum, one) => sum + one, 0);
    const names = [...abouts].filter(([about]) => about !== undefined).sort(([, a], [, b]) => b - a);
    const named = names.slice(0, MOST_NAMED).map(([about, times]) => `${about} (${times} times)`);
    const more = names.length > MOST_NAMED ? `, and ${names.length - MOST_NAMED} others` : '';
    return { code, count, detail: named.length === 0 ? detail : `${detail} ${named.join(', ')}${more}` };
  });
}
