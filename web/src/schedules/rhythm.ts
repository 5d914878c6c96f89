/** When a schedule runs, as people say it; `cron`: none of the plain ones. */
export type Rhythm =
  | { every: 'day'; time: string }
  | { every: 'week'; time: string; day: number }
  | { every: 'month'; time: string; date: number }
  | { every: 'cron' };

const PLAIN = /^(\d{1,2}) (\d{1,2}) (\*|\d{1,2}) \* (\*|[0-6])$/;

/** Reads a cron line; what is not simply daily, weekly or monthly stays a cron line. */
export function rhythmOf(cron: string): Rhythm {
  const [, minute, hour, date, day] = PLAIN.exec(cron) ?? [];
  if (minute === undefined || hour === undefined) return { every: 'cron' };
  const time = `${hour.padStart(2, '0')}:${minute.padStart(2, '0')}`;
  if (date === '*') return day === '*' ? { every: 'day', time } : { every: 'week', time, day: Number(day) };
  return day === '*' ? { every: 'month', time, date: Number(date) } : { every: 'cron' };
}

/** The cron line of a plain rhythm. */
export function cronOf(rhythm: Exclude<Rhythm, { every: 'cron' }>): string {
  const [hour, minute] = rhythm.time.split(':').map(Number);
  const date = rhythm.every === 'month' ? rhythm.date : '*';
  const day = rhythm.every === 'week' ? rhythm.day : '*';
  return `${minute ?? 0} ${hour ?? 0} ${date} * ${day}`;
}

/** The name of a day of the week, Sunday is 0. */
export function weekdayName(day: number, language: string): string {
  // The first of January 2023 was a Sunday.
  const date = new Date(Date.UTC(2023, 0, 1 + day));
  return new Intl.DateTimeFormat(language, { weekday: 'long', timeZone: 'UTC' }).format(date);
}
