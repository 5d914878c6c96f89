const MINUTE = 60;
const HOUR = 60 * MINUTE;

/** A length of time as people say it, e.g. `4 minutes`: in the largest unit of which there are at least two. */
export function formatDuration(seconds: number, language: string): string {
  const [unit, length] =
    seconds < 2 * MINUTE
      ? (['second', 1] as const)
      : seconds < 2 * HOUR
        ? (['minute', MINUTE] as const)
        : (['hour', HOUR] as const);
  const count = Math.max(1, Math.round(seconds / length));
  return new Intl.NumberFormat(language, { style: 'unit', unit, unitDisplay: 'long' }).format(count);
}
