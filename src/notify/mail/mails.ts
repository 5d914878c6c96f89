import type { Transaction } from '../../database/connect.ts';
import { ConveyError, errorKind } from '../../errors.ts';
import type { Page } from '../../http/paging.ts';
import type { MailTemplate } from './mailer.ts';

export const unknownMail = errorKind('mails.not_found', 404, 'There is no such mail.');

/** A row of the outbox. */
export interface Mail {
  id: string;
  workspace_id: string | null;
  recipient: string;
  template: MailTemplate;
  sealed_content: string;
  status: 'queued' | 'sent' | 'kept' | 'failed';
  attempts: number;
  last_error: string | null;
  created_at: Date;
  next_attempt_at: Date;
  sent_at: Date | null;
}

/**
 * Mails of one workspace, newest first, from a page on. Those that open an account (`reset`, `first_owner`)
 * belong to no workspace, and are left out here should one ever be written with one.
 */
export function listWorkspaceMails(
  transaction: Transaction,
  workspaceId: string,
  { after, limit }: Page,
): Promise<Mail[]> {
  return transaction.query<Mail>(
    `select * from mails
      where workspace_id = $1 and template not in ('reset', 'first_owner')
        and ($2::text is null or (created_at, id) < (
          select created_at, id from mails where workspace_id = $1 and id = $2))
      order by created_at desc, id desc limit $3`,
    [workspaceId, after ?? null, limit],
  );
}

/** For the operator: the newest mails that were not handed over, of every workspace and of none. */
export function listKeptMails(transaction: Transaction, limit: number): Promise<Mail[]> {
  return transaction.query<Mail>(
    `select * from mails where status in ('kept', 'failed') order by created_at desc, id desc limit $1`,
    [limit],
  );
}

/** For the operator: any mail. @throws mails.not_found */
export async function getMail(transaction: Transaction, id: string): Promise<Mail> {
  const [mail] = await transaction.query<Mail>('select * from mails where id = $1', [id]);
  if (mail === undefined) throw new ConveyError(unknownMail);
  return mail;
}
