import type { Transaction } from '../../database/connect.ts';
import type { Mailer } from '../../notify/mail/mailer.ts';
import { publishEvent } from '../../notify/webhooks/publish-event.ts';
import { bySystem, recordEvent } from '../record-event.ts';
import { contradictionDetails, describeContradiction, type Standing } from './contradictions.ts';

/**
 * Tells of a contradiction once: webhooks, a mail, an audit event. It is told again only when it is another one, or
 * has come back after it was accepted. The last thing that the caller's transaction does.
 */
export async function tellContradiction(
  transaction: Transaction,
  workspaceId: string,
  { mailer, mailTo }: { mailer: Pick<Mailer, 'queue'>; mailTo: string | undefined },
  { contradiction, accepted }: Standing,
): Promise<void> {
  if (contradiction === undefined) return;
  const told = await transaction.query(
    `select from audit_events where workspace_id = $1 and action = 'audit.contradicted' and seq > $2
        and details ->> 'noted_hash' = $3 limit 1`,
    [workspaceId, accepted?.seq ?? 0, contradiction.noted.hash],
  );
  if (told.length > 0) return;
  const details = contradictionDetails(contradiction);
  await publishEvent(transaction, workspaceId, 'audit.contradiction', details);
  if (mailTo !== undefined) {
    const [workspace] = await transaction.query<{ name: string }>(
      'select name from workspaces where id = $1',
      [workspaceId],
    );
    await mailer.queue(transaction, {
      to: mailTo,
      template: 'audit_contradiction',
      workspaceId,
      values: {
        workspace: workspace!.name,
        seq: String(contradiction.noted.seq),
        hash: contradiction.noted.hash,
        document: describeContradiction(contradiction),
      },
    });
  }
  await recordEvent(transaction, workspaceId, {
    ...bySystem,
    action: 'audit.contradicted',
    target: { type: 'workspace', ref: workspaceId },
    outcome: 'failed',
    details,
  });
}
