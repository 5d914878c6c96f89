import type { paths } from '../../api/schema.d.ts';

type LogQuery = NonNullable<paths['/v1/audit-log']['get']['parameters']['query']>;

/** How an event ended. */
export type Outcome = NonNullable<LogQuery['outcome']>;

/** What the address of the log holds: its filters and the event that is open. */
export interface AuditSearch {
  actor?: string;
  /** One action, or a prefix like `export.*`. */
  action?: string;
  target?: string;
  outcome?: Outcome;
  /** First and last day, as the viewer's calendar has them. */
  from?: string;
  to?: string;
  /** Number of the open event. */
  event?: number;
}

const TEXTS = ['actor', 'action', 'target', 'outcome'] as const;
const DAYS = ['from', 'to'] as const;

/** Reads an address: what is none of ours is left away. */
export function readAuditSearch(search: Record<string, unknown>): AuditSearch {
  const texts = TEXTS.flatMap((name) => {
    const value = search[name];
    return typeof value === 'string' && value !== '' ? [[name, value]] : [];
  });
  const days = DAYS.flatMap((name) => {
    const value = search[name];
    return typeof value === 'string' && /^\d{4}-\d\d-\d\d$/.test(value) ? [[name, value]] : [];
  });
  const event = Number.isInteger(search['event']) ? { event: search['event'] } : {};
  return { ...Object.fromEntries([...texts, ...days]), ...event } as AuditSearch;
}

/** The filters as the API takes them: whole days of the viewer's zone, both included. */
export function logQueryOf(search: AuditSearch): Omit<LogQuery, 'limit' | 'cursor'> {
  const { event: _, from, to, ...rest } = search;
  return {
    ...rest,
    ...(from === undefined ? {} : { from: startOfDay(from) }),
    ...(to === undefined ? {} : { to: startOfDay(to, 1) }),
  };
}

/** The first moment of a day, or of one some days later, in the viewer's zone. */
function startOfDay(day: string, later = 0): string {
  const [year, month, date] = day.split('-').map(Number);
  return new Date(year!, month! - 1, date! + later).toISOString();
}
