import type { Random } from './random.ts';

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;
const MONTHS = 14;

/** How busy each hour of the day is (UTC), out of a few hundred: a European shop with some night owls. */
const HOUR_SHARES = [3, 2, 1, 1, 1, 2, 5, 10, 18, 25, 28, 27, 22, 23, 26, 27, 25, 22, 19, 18, 17, 14, 10, 6];
const hourOf = HOUR_SHARES.flatMap((share, hour) => Array<number>(share).fill(hour));

/** The 14 months of a sample. */
export interface SampleCalendar {
  beginMs: number;
  untilMs: number;
  /** A moment between `fromMs` and the end, on a busy hour rather than at night, on a weekday rather than not. */
  draw(random: Random, fromMs: number): number;
}

/** The months that end at `until`; the same day of the month, or its last one. */
export function createCalendar(until: Date): SampleCalendar {
  const untilMs = until.getTime();
  const begin = new Date(untilMs);
  begin.setUTCDate(1);
  begin.setUTCMonth(begin.getUTCMonth() - MONTHS);
  const lastDay = new Date(Date.UTC(begin.getUTCFullYear(), begin.getUTCMonth() + 1, 0)).getUTCDate();
  begin.setUTCDate(Math.min(until.getUTCDate(), lastDay));
  const beginMs = begin.getTime();

  const firstDay = Math.floor(beginMs / DAY_MS);
  const days = Math.ceil(untilMs / DAY_MS) - firstDay;
  const total = [0];
  for (let day = 0; day < days; day++) {
    const weekday = (firstDay + day + 4) % 7; // 1970-01-01 was a Thursday
    const isWeekend = weekday === 0 || weekday === 6;
    total.push(total[day]! + (isWeekend ? 35 : 100) + Math.floor((day * 60) / days)); // the shop grows
  }

  function draw(random: Random, fromMs: number): number {
    const from = Math.max(fromMs, beginMs);
    const least = total[Math.max(0, Math.floor(from / DAY_MS) - firstDay)]!;
    const wanted = least + random.below(total[days]! - least);
    let low = 0;
    let high = days;
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if (total[middle]! <= wanted) low = middle;
      else high = middle;
    }
    const moment = (firstDay + low) * DAY_MS + random.pick(hourOf) * HOUR_MS + random.below(HOUR_MS);
    // The first and the last day are not whole ones; an hour is left for the conversation itself.
    const later = moment < from ? from + random.below(6 * HOUR_MS) : moment;
    return Math.max(from, Math.min(later, untilMs - HOUR_MS));
  }
  return { beginMs, untilMs, draw };
}

const digits = (width: number, count: number): string[] =>
  Array.from({ length: count }, (_, number) => String(number).padStart(width, '0'));
const two = digits(2, 60);
const three = digits(3, 1000);
let lastDay = Number.NaN;
let lastDate = '';

/**
 * RFC 3339, UTC, milliseconds: as `toISOString`, but several times faster, which is felt over millions of
 * records. Neighbours mostly share their day.
 */
export function timeText(ms: number): string {
  const day = Math.floor(ms / DAY_MS);
  if (day !== lastDay) {
    lastDate = new Date(day * DAY_MS).toISOString().slice(0, -'00:00:00.000Z'.length);
    lastDay = day;
  }
  const rest = ms - day * DAY_MS;
  const seconds = Math.floor(rest / 1000);
  const minutes = Math.floor(seconds / 60);
  return `${lastDate}${two[Math.floor(minutes / 60)]!}:${two[minutes % 60]!}:${two[seconds % 60]!}.${three[rest % 1000]!}Z`;
}
