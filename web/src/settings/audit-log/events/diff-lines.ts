/** A line of two texts side by side: in both, only before, or only after. */
export interface DiffLine {
  kind: 'same' | 'before' | 'after';
  text: string;
}

/** More lines than this are not compared one by one: all of one text, then all of the other. */
const MOST_LINES = 400;

/** Two values as indented JSON, line by line, with what is only in one of them; null: there was or is nothing. */
export function diffJson(before: unknown, after: unknown): DiffLine[] {
  return diffLines(linesOf(before), linesOf(after));
}

function linesOf(value: unknown): string[] {
  return value === null || value === undefined ? [] : JSON.stringify(value, null, 2).split('\n');
}

/** The longest run of lines that both have stays; the rest was taken away or put in. */
function diffLines(before: readonly string[], after: readonly string[]): DiffLine[] {
  if (before.length > MOST_LINES || after.length > MOST_LINES)
    return [...marked('before', before), ...marked('after', after)];
  const common = commonLengths(before, after);
  const lines: DiffLine[] = [];
  let [i, j] = [0, 0];
  while (i < before.length && j < after.length) {
    if (before[i] === after[j]) {
      lines.push({ kind: 'same', text: before[i]! });
      [i, j] = [i + 1, j + 1];
    } else if (common[i + 1]![j]! >= common[i]![j + 1]!) lines.push({ kind: 'before', text: before[i++]! });
    else lines.push({ kind: 'after', text: after[j++]! });
  }
  return [...lines, ...marked('before', before.slice(i)), ...marked('after', after.slice(j))];
}

const marked = (kind: DiffLine['kind'], lines: readonly string[]) => lines.map((text) => ({ kind, text }));

/** `[i][j]`: how many lines the texts from line i and j on have in common, in order. */
function commonLengths(before: readonly string[], after: readonly string[]): number[][] {
  const lengths = Array.from({ length: before.length + 1 }, () => Array<number>(after.length + 1).fill(0));
  for (let i = before.length - 1; i >= 0; i--)
    for (let j = after.length - 1; j >= 0; j--)
      lengths[i]![j] =
        before[i] === after[j]
          ? lengths[i + 1]![j + 1]! + 1
          : Math.max(lengths[i + 1]![j]!, lengths[i]![j + 1]!);
  return lengths;
}
