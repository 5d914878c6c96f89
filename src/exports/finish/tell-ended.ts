import { emailKeyOf } from '../../access/sign-in/users.ts';
import type { Transaction } from '../../database/connect.ts';
import type { Mailer } from '../../notify/mail/mailer.ts';
import { addNotice } from '../../notify/notices.ts';
import { publishEvent } from '../../notify/webhooks/publish-event.ts';
import { sumCounts } from '../../sum-counts.ts';
import type { AcceptedExport } from '../request-export.ts';

/** How a kept export ended: for those who wait for it. Counts and codes, never contents. */
export type Ending =
  | { status: 'ready'; counts: Record<string, number>; bytes: number; warnings: number }
  | { status: 'failed'; code: string };

export interface TellDependencies {
  mailer: Mailer;
  /** Address of the web app, without a slash at its end. */
  publicUrl: string;
}

/** Whoever waits longer than this for an export is told by mail without having asked for it (V-03). */
const LONG_WAIT = '60 seconds';

/**
 * Tells of a kept export's end, as part of the transaction that makes it so: webhooks; inside the app whoever asked;
 * by mail the members whom the order names, and whoever asked and waited long. Mails link to the web app, where one
 * signs in; they hold no data.
 */
export async function tellEnded(
  transaction: Transaction,
  { mailer, publicUrl }: TellDependencies,
  { id, scope, plan, asker }: AcceptedExport,
  ending: Ending,
): Promise<void> {
  const { workspaceId } = scope;
  const { status, ...said } = ending;
  const about = { export_id: id, kind: plan.kind, format: plan.format };
  await publishEvent(transaction, workspaceId, `export.${status}`, { ...about, ...said });
  if (asker.type === 'user') {
    await addNotice(transaction, workspaceId, asker.id, {
      kind: `export.${status}`,
      subjectId: id,
      details: { kind: plan.kind, format: plan.format, ...said },
    });
  }
  const [row] = await transaction.query<{ expires_at: Date; notify: string[]; is_long: boolean }>(
    `select expires_at, notify, created_at < now() - interval '${LONG_WAIT}' as is_long
       from exports where workspace_id = $1 and id = $2`,
    [workspaceId, id],
  );
  const { expires_at: expiresAt, notify, is_long: isLong } = row!;
  // Only members: whoever left meanwhile is told nothing.
  const readers = await transaction.query<{ email: string; locale: string }>(
    `select u.email, u.locale from members m join users u on u.id = m.user_id
      where m.workspace_id = $1 and u.disabled_at is null
        and (u.email_key = any ($2) or u.id = $3)
      order by u.id`,
    [workspaceId, notify.map(emailKeyOf), isLong && asker.type === 'user' ? asker.id : null],
  );
  for (const { email: to, locale } of readers) {
    await mailer.queue(transaction, {
      to,
      template: `export_${status}`,
      locale,
      workspaceId,
      values: {
        workspace: plan.workspace.name,
        link: `${publicUrl}/exports/${id}`,
        ...(ending.status === 'ready'
          ? { records: String(sumCounts(ending.counts)), expires_at: expiresAt.toISOString() }
          : { code: ending.code }),
      },
    });
  }
}
