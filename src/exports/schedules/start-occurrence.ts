import { findPrincipal } from '../../access/find-principal.ts';
import { authorize, can, scopeOf } from '../../access/principal.ts';
import type { Scope } from '../../database/scope.ts';
import { ConveyError } from '../../errors.ts';
import { requestOfOrder } from '../order/request-of-order.ts';
import type { ExportRequest } from '../plan-export.ts';
import { requestExport, type RequestDependencies } from '../request-export.ts';
import type { TellDependencies } from '../finish/tell-ended.ts';
import { nextWindow } from './chain.ts';
import { endOccurrence, type Occurrence, openOccurrences } from './occurrences.ts';
import { pauseForGood } from './pause-schedule.ts';
import { overtaken } from './schedules.errors.ts';
import { getSchedule, type Schedule } from './schedules.ts';

export interface StartDependencies extends RequestDependencies {
  partConversations: number;
  tell: TellDependencies;
  feedEpoch: number;
  now: () => Date;
}

/**
 * Makes an export of a waiting occurrence, as whoever made the schedule and as far as they may now. Export and
 * occurrence change in one transaction, so that two servers make one. Who may no more pauses the schedule; an order
 * that does not stand any more (a field set that was deleted) ends the occurrence.
 */
export async function startOccurrence(
  dependencies: StartDependencies,
  scope: Scope,
  schedule: Schedule,
  occurrence: Occurrence,
): Promise<void> {
  try {
    await orderExport(dependencies, scope, schedule, occurrence);
  } catch (error) {
    // What the database or the store cannot do now is tried again at the next look.
    if (!(error instanceof ConveyError) || error.kind.status >= 500) throw error;
    if (error.kind === overtaken) return;
    await giveUp(dependencies, scope, { schedule, occurrence }, error.code);
  }
}

async function orderExport(
  dependencies: StartDependencies,
  scope: Scope,
  schedule: Schedule,
  occurrence: Occurrence,
): Promise<void> {
  const { database, feedEpoch, now } = dependencies;
  const { workspaceId } = scope;
  const principal = await findPrincipal(database, workspaceId, schedule.createdBy);
  authorize(principal, 'schedules.manage');
  const { type, id, name, interface: through } = principal;
  const asker = { type, id, name, interface: through, includeInternal: can(principal, 'notes.read') };
  const order = await requestOfOrder(dependencies, principal, withReaders(schedule));
  const request: ExportRequest = {
    ...order,
    scheduleId: schedule.id,
    ...(schedule.isIncremental ? { window: nextWindow(schedule, feedEpoch, now()) } : {}),
  };
  await requestExport(dependencies, scopeOf(principal), asker, request, undefined, {
    also: async (transaction, accepted) => {
      // What the window was made from still stands, and no other occurrence of it has begun.
      const current = await getSchedule(transaction, workspaceId, schedule.id, 'lock');
      const open = await openOccurrences(transaction, workspaceId, schedule.id);
      const isFirst = open[0]?.status === 'waiting' && open[0].at.getTime() === occurrence.at.getTime();
      if (!isFirst || current.updatedAt.getTime() !== schedule.updatedAt.getTime())
        throw new ConveyError(overtaken);
      await transaction.query(
        `update schedule_occurrences set status = 'queued', export_id = $4, attempted_at = timestamptz 'epoch'
          where workspace_id = $1 and schedule_id = $2 and occurrence_at = $3`,
        [workspaceId, schedule.id, occurrence.at, accepted.id],
      );
    },
  });
}

/** The order, with those whom the destination mails the link to: they are told like everybody whom an order names. */
function withReaders({ request, destination }: Schedule): Schedule['request'] {
  if (destination.type !== 'mail') return request;
  return { ...request, notify: [...new Set([...(request.notify ?? []), ...destination.to])] };
}

/** Nothing was made of an occurrence: its schedule is paused with the reason, for it would be so every time. */
async function giveUp(
  { database, tell }: StartDependencies,
  scope: Scope,
  { schedule, occurrence }: { schedule: Schedule; occurrence: Occurrence },
  code: string,
): Promise<void> {
  const { workspaceId } = scope;
  await database.inScope(scope, async (transaction) => {
    const current = await getSchedule(transaction, workspaceId, schedule.id, 'lock');
    const end = { status: 'failed', reason: code } as const;
    if (!(await endOccurrence(transaction, workspaceId, current, occurrence, end))) return;
    const reason = code.startsWith('access.') ? 'not_allowed' : 'failures';
    await pauseForGood(transaction, tell, workspaceId, current, { reason, code });
  });
}
