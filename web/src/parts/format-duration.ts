const MINUTE = 60;
const HOUR = 60 * MINUTE;

/** A length of time as people say it, e.g. `4 minutes`: in the largest unit of which there are at least two. */
export function formatDuration(seconds: number, language: string): string {
  const { format, countOf } = unitOf(seconds, language);
  return format.format(countOf(seconds));
}

/** Between two lengths of time, e.g. `2–10 seconds`: both in the unit of the longer. */
export function formatDurationRange({ from, to }: { from: number; to: number }, language: string): string {
  const { format, countOf } = unitOf(to, language);
  const [least, most] = [countOf(from), countOf(to)];
  return least === most ? format.format(most) : format.formatRange(least, most);
}

function unitOf(seconds: number, language: string) {
  const [unit, length] =
    seconds < 2 * MINUTE
      ? (['second', 1] as const)
      : seconds < 2 * HOUR
        ? (['minute', MINUTE] as const)
        : (['hour', HOUR] as const);
  return {
    format: new Intl.NumberFormat(language, { style: 'unit', unit, unitDisplay: 'long' }),
    countOf: (time: number) => Math.max(1, Math.round(time / length)),
  };
}
