import { type Principal, scopeOf } from '../../access/principal.ts';
import { ConveyError, type FieldProblem } from '../../errors.ts';
import { ensureCanAnonymize } from '../anonymized/anonymized-plan.ts';
import { unknownRecord } from '../exports.errors.ts';
import { ensureMembers } from '../order/ensure-members.ts';
import { type OrderDependencies, requestOfOrder } from '../order/request-of-order.ts';
import type { ExportRequest } from '../plan-export.ts';
import { targetOf } from '../request-export.ts';
import { ensureRhythm } from './rhythm.ts';
import { badSchedule } from './schedules.errors.ts';
import type { NewSchedule } from './schedules.ts';

export interface CheckDependencies extends OrderDependencies {
  /** Names of the stores that the operator lets packages be copied to. */
  destinations: ReadonlyMap<string, string>;
}

/** Formats whose records a program can put together again over several packages, and the kinds that have a clock. */
const INCREMENTAL: Partial<Readonly<Record<ExportRequest['kind'], readonly ExportRequest['format'][]>>> = {
  conversations: ['json', 'ndjson', 'csv'],
  contacts: ['json', 'ndjson', 'csv'],
  workspace: ['ndjson'],
};

/**
 * Refuses a schedule that could not run as it stands: its rhythm, its order (which whoever makes it must be allowed
 * now), what does not go with increments, people who are no members, a place that the operator did not name.
 * @throws schedules.bad_schedule, exports.not_found for one record that is not there, and as `requestOfOrder`
 */
export async function ensureSchedule(
  dependencies: CheckDependencies,
  principal: Principal,
  wanted: NewSchedule,
  now: Date,
): Promise<void> {
  ensureRhythm(wanted, now);
  const { destination, notify, isIncremental, request: order } = wanted;
  // All addresses at once: the order's, the schedule's, and those that are mailed.
  const to = destination.type === 'mail' ? destination.to : [];
  const readers = [...new Set([...(order.notify ?? []), ...notify, ...to])];
  await ensureMembers(dependencies.database, principal, readers);
  const request = await requestOfOrder(dependencies, principal, order);
  ensureCanAnonymize(request);
  await ensureRecord(dependencies, principal, request);
  const problems: FieldProblem[] = [];
  if (isIncremental) {
    const formats = INCREMENTAL[request.kind];
    if (formats === undefined)
      problems.push({ pointer: '/incremental', detail: `is for ${Object.keys(INCREMENTAL).join(', ')}` });
    else if (!formats.includes(request.format))
      problems.push({ pointer: '/request/format', detail: `takes ${formats.join(', ')} with incremental` });
    if (request.anonymize === true)
      problems.push({
        pointer: '/request/anonymize',
        detail: 'does not go with incremental: pseudonyms are new in every export',
      });
  }
  if (destination.type === 's3' && !dependencies.destinations.has(destination.destination)) {
    const names = [...dependencies.destinations.keys()];
    const detail =
      names.length === 0 ? 'takes a name, but the operator has given none' : `takes ${names.join(', ')}`;
    problems.push({ pointer: '/destination/destination', detail });
  }
  if (problems.length === 0) return;
  const text = problems.map(({ pointer, detail }) => `${pointer.slice(1)} ${detail}.`).join(' ');
  throw new ConveyError(badSchedule, text, { fields: problems });
}

/** Refuses one record that is not there, as an export of it would be, and not only at its first run. */
async function ensureRecord(
  { database }: CheckDependencies,
  principal: Principal,
  request: ExportRequest,
): Promise<void> {
  const scope = scopeOf(principal);
  const target = await database.inScope(scope, (transaction) => targetOf(transaction, scope, request));
  if (target === undefined) throw new ConveyError(unknownRecord);
}
