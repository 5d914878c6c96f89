import { Cron } from 'croner';
import { ConveyError } from '../../errors.ts';
import { badSchedule } from './schedules.errors.ts';

/** When a schedule is due. */
export interface Rhythm {
  /** Five fields: minute, hour, day of the month, month, day of the week. */
  cron: string;
  /** IANA name, `Europe/Berlin`. */
  timeZone: string;
}

/** Occurrences that nobody was there for: leave them out, make the last one, make all. */
export type CatchUp = 'none' | 'last' | 'all';

const LEAST_INTERVAL_MS = 5 * 60_000;
/** What is begun later than this was missed. */
const LATE_MS = 10 * 60_000;
/** Enough to see the shortest time between two. */
const LOOKED_AT = 60;
/** Of a server that was away for long; older ones are as if they had never been. */
const MOST_MISSED = 100;

/**
 * Hours and minutes that are named are a time of day: on the day that has no such time it runs at the next one that
 * there is, on the day that has it twice at the first, so once on either. What has `*` or a step in its minutes or
 * hours is an interval: it follows the clock, and has an hour less or more.
 */
function read({ cron, timeZone }: Rhythm): Cron {
  return new Cron(cron, { timezone: timeZone, mode: '5-part', fixedTimeRule: 'no-wildcard', paused: true });
}

/** Refuses what is no cron line or time zone, never comes, or comes too often. @throws schedules.bad_schedule */
export function ensureRhythm(rhythm: Rhythm, now: Date): void {
  const refuse = (pointer: string, detail: string): never => {
    throw new ConveyError(badSchedule, `${pointer.slice(1)} ${detail}.`, { fields: [{ pointer, detail }] });
  };
  if (!isTimeZone(rhythm.timeZone)) refuse('/time_zone', 'takes an IANA name, like Europe/Berlin');
  let runs: Date[] = [];
  const takes = 'takes five fields: minute, hour, day of the month, month, day of the week';
  // `@daily` and the like are words of some programs only.
  if (rhythm.cron.trim().startsWith('@')) refuse('/cron', takes);
  try {
    runs = nextRuns(rhythm, now, LOOKED_AT);
  } catch {
    refuse('/cron', takes);
  }
  if (runs.length === 0) refuse('/cron', 'never comes');
  const isTooOften = runs.some((run, index) => {
    const next = runs[index + 1];
    return next !== undefined && next.getTime() - run.getTime() < LEAST_INTERVAL_MS;
  });
  if (isTooOften) refuse('/cron', 'takes times that are at least five minutes apart');
}

/** Whether it is the IANA name of a time zone. */
export function isTimeZone(name: string): boolean {
  if (!/^[A-Za-z][\w+/-]{0,99}$/.test(name)) return false;
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).format(0) !== '';
  } catch {
    return false;
  }
}

/** The next times after a moment. */
export function nextRuns(rhythm: Rhythm, after: Date, count: number): Date[] {
  return read(rhythm).nextRuns(count, after);
}

/** The next time after a moment; null: never. */
export function nextRun(rhythm: Rhythm, after: Date): Date | null {
  return nextRuns(rhythm, after, 1)[0] ?? null;
}

/** What is to be done about the times from `nextAt` up to now, the earliest first. */
export function dueRuns(
  rhythm: Rhythm & { catchUp: CatchUp },
  nextAt: Date,
  now: Date,
): { at: Date; isMissed: boolean }[] {
  const runs: Date[] = [];
  // Back from now, so that a long absence costs no more than what is kept of it.
  let end = new Date(now.getTime() + 1);
  while (runs.length < MOST_MISSED) {
    const before = read(rhythm).previousRuns(1, end)[0];
    if (before === undefined || before < nextAt) break;
    runs.unshift(before);
    end = before;
  }
  return runs.map((at, index) => {
    const isLate = now.getTime() - at.getTime() > LATE_MS;
    const isLast = index === runs.length - 1;
    const isMade = !isLate || rhythm.catchUp === 'all' || (rhythm.catchUp === 'last' && isLast);
    return { at, isMissed: !isMade };
  });
}
