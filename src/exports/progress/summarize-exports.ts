import type { Database } from '../../database/connect.ts';
import type { Scope } from '../../database/scope.ts';
import type { Principal } from '../../access/principal.ts';
import { listReach, reachSql, reachValues } from '../export-reach.ts';
import { type ExportRow, SELECT_EXPORTS } from '../keep/find-export.ts';

/** What was exported on one day. */
export interface ExportDay {
  /** As the time zone has it: `2026-03-01`. */
  day: string;
  made: number;
  failed: number;
  bytes: number;
}

export interface ExportSummary {
  days: ExportDay[];
  people: { by: { type: string; id: string; name: string }; made: number; bytes: number }[];
  expiring: ExportRow[];
}

/** Of each list at most so many. */
const MOST_LISTED = 5;
const DAY_MS = 86_400_000;
/** Clocks differ by whole quarters of an hour: counted by them, any zone's days can be put together. */
const QUARTER = '15 minutes';
/** After `$1`, the workspace. */
const WITHIN_REACH = reachSql(2);
const STOOD = `status in ('ready', 'expired')`;

/**
 * What the principal may see of the exports of the last days at a glance: how many and how much a day, who had them
 * made; and the kept ones whose files end first.
 */
export async function summarizeExports(
  database: Database,
  scope: Scope,
  principal: Principal,
  { days, timeZone, now }: { days: number; timeZone: string; now: Date },
): Promise<ExportSummary> {
  const calendar = listDays(days, timeZone, now);
  // A day more, since the first one can have begun a day before by our clock.
  const since = new Date(now.getTime() - (days + 1) * DAY_MS);
  const values = [scope.workspaceId, ...reachValues(listReach(principal))];
  const { quarters, expiring } = await database.inScope(scope, async (transaction) => ({
    quarters: await transaction.query<Quarter>(
      `select date_bin('${QUARTER}', created_at, timestamptz 'epoch') as at, requested_by as by,
              count(*) filter (where ${STOOD}) as made, count(*) filter (where status = 'failed') as failed,
              coalesce(sum(bytes) filter (where ${STOOD}), 0)::bigint as bytes
         from exports where workspace_id = $1 and ${WITHIN_REACH} and created_at >= $4 group by 1, 2`,
      [...values, since],
    ),
    expiring: await transaction.query<ExportRow>(
      `${SELECT_EXPORTS} and ${WITHIN_REACH} and is_kept and status = 'ready' and expires_at > now()
        order by expires_at, id limit ${MOST_LISTED}`,
      values,
    ),
  }));
  const dayOf = dayFormat(timeZone);
  return {
    days: sumUp(calendar, quarters, (at) => dayOf.format(at)),
    people: sumPeople(quarters.filter(({ at }) => calendar.includes(dayOf.format(at)))),
    expiring,
  };
}

interface Quarter {
  at: Date;
  by: { type: string; id: string; name: string };
  made: number;
  failed: number;
  bytes: number;
}

/** Writes days as `2026-03-01`. */
const dayFormat = (timeZone: string) =>
  new Intl.DateTimeFormat('en-CA', { timeZone, year: 'numeric', month: '2-digit', day: '2-digit' });

/** The last days of a calendar, today the last. */
function listDays(days: number, timeZone: string, now: Date): string[] {
  const today = new Date(`${dayFormat(timeZone).format(now)}T00:00:00Z`).getTime();
  return Array.from({ length: days }, (_, index) =>
    new Date(today - (days - 1 - index) * DAY_MS).toISOString().slice(0, 10),
  );
}

function sumUp(calendar: string[], quarters: Quarter[], dayOf: (at: Date) => string): ExportDay[] {
  const found = new Map(calendar.map((day) => [day, { day, made: 0, failed: 0, bytes: 0 }]));
  for (const { at, made, failed, bytes } of quarters) {
    const day = found.get(dayOf(at));
    if (day === undefined) continue;
    day.made += made;
    day.failed += failed;
    day.bytes += bytes;
  }
  return [...found.values()];
}

/** Those who had most made first; somebody who was renamed has the newest name. */
function sumPeople(quarters: Quarter[]): ExportSummary['people'] {
  const people = new Map<string, ExportSummary['people'][number]>();
  for (const { by, made, bytes } of quarters.toSorted((a, b) => a.at.getTime() - b.at.getTime())) {
    if (made === 0) continue;
    const before = people.get(by.id);
    people.set(by.id, { by, made: made + (before?.made ?? 0), bytes: bytes + (before?.bytes ?? 0) });
  }
  return [...people.values()].toSorted((a, b) => b.made - a.made).slice(0, MOST_LISTED);
}
