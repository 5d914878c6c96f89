import { actedBy } from '../../access/actor.ts';
import { emailKeyOf } from '../../access/sign-in/users.ts';
import type { Database, Transaction } from '../../database/connect.ts';
import type { Scope } from '../../database/scope.ts';
import { addNotice } from '../../notify/notices.ts';
import { publishEvent } from '../../notify/webhooks/publish-event.ts';
import type { TellDependencies } from '../finish/tell-ended.ts';
import { type By, getSchedule, note, type PausedReason, type Schedule } from './schedules.ts';

/** Pauses a schedule because somebody says so. One that is paused stays as it is. @throws schedules.unknown */
export async function pauseByHand(
  database: Database,
  scope: Scope,
  id: string,
  { by }: { by: By },
): Promise<Schedule> {
  const { workspaceId } = scope;
  return database.inScope(scope, async (transaction) => {
    const before = await getSchedule(transaction, workspaceId, id, 'lock');
    if (before.pausedAt !== null) return before;
    await setPaused(transaction, workspaceId, id, 'by_hand');
    const schedule = await getSchedule(transaction, workspaceId, id);
    await note(transaction, workspaceId, by, 'schedule.paused', schedule, { reason: 'by_hand' });
    return schedule;
  });
}

/**
 * Pauses a schedule that cannot go on, as the end of the caller's transaction, which holds its row. Webhooks are told,
 * and inside the app and by mail whoever made it (or, when they left, owners and admins) and the members it names.
 * @param code of the error behind it
 */
export async function pauseForGood(
  transaction: Transaction,
  { mailer, publicUrl }: TellDependencies,
  workspaceId: string,
  schedule: Schedule,
  { reason, code }: { reason: Exclude<PausedReason, 'by_hand'>; code: string },
): Promise<void> {
  await setPaused(transaction, workspaceId, schedule.id, reason);
  const said = { schedule_id: schedule.id, reason, code };
  await publishEvent(transaction, workspaceId, 'schedule.paused', said);
  const readers = await transaction.query<{ id: string; email: string; locale: string }>(
    `select u.id, u.email, u.locale
       from members m join users u on u.id = m.user_id
      where m.workspace_id = $1 and u.disabled_at is null
        and (u.email_key = any ($2) or u.id = $3 or (m.role in ('owner', 'admin') and not exists (
          select from members o join users p on p.id = o.user_id
           where o.workspace_id = $1 and o.user_id = $3 and p.disabled_at is null)))
      order by u.id`,
    [workspaceId, schedule.notify.map(emailKeyOf), schedule.createdBy.id],
  );
  const [workspace] = await transaction.query<{ name: string }>('select name from workspaces where id = $1', [
    workspaceId,
  ]);
  for (const { id, email, locale } of readers) {
    await addNotice(transaction, workspaceId, id, {
      kind: 'schedule.paused',
      subjectId: schedule.id,
      details: { reason, code },
    });
    await mailer.queue(transaction, {
      to: email,
      template: 'schedule_paused',
      locale,
      workspaceId,
      values: {
        workspace: workspace!.name,
        schedule: schedule.name,
        code,
        link: `${publicUrl}/schedules/${schedule.id}`,
      },
    });
  }
  const by = actedBy({ type: 'system', ref: 'system', interface: 'system' });
  await note(transaction, workspaceId, by, 'schedule.paused', schedule, { reason, code });
}

async function setPaused(
  transaction: Transaction,
  workspaceId: string,
  id: string,
  reason: PausedReason,
): Promise<void> {
  await transaction.query(
    `update schedules set paused_at = now(), paused_reason = $3, updated_at = now()
      where workspace_id = $1 and id = $2`,
    [workspaceId, id, reason],
  );
  await transaction.query(
    `update schedule_occurrences set status = 'skipped', reason = 'paused'
      where workspace_id = $1 and schedule_id = $2 and status = 'waiting'`,
    [workspaceId, id],
  );
}
