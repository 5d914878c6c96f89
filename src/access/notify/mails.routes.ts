import { z } from 'zod';
import type { Database } from '../../database/connect.ts';
import { ConveyError } from '../../errors.ts';
import { endPage, nextCursor, pageOf, pageQuery } from '../../http/paging.ts';
import type { RegisterRoutes } from '../../http/route-config.ts';
import type { SealedTexts } from '../../keys/sealed-texts.ts';
import type { Mailer } from '../../notify/mail/mailer.ts';
import { listWorkspaceMails, type Mail } from '../../notify/mail/mails.ts';
import { renderMail } from '../../notify/mail/render-mail.ts';
import { openMail } from '../../notify/mail/send-mails.ts';
import type { Scope } from '../../database/scope.ts';
import { can, type Principal } from '../principal.ts';
import { isLinkOver } from '../sign-in/one-time-links.ts';

const mailSchema = z
  .object({
    id: z.string(),
    recipient: z.string(),
    template: z.string(),
    status: z.enum(['queued', 'sent', 'kept', 'failed']).describe('`kept`: no SMTP server is set.'),
    subject: z.string(),
    text: z
      .string()
      .nullable()
      .describe(
        'What it says, link included, to be handed over by other means. Only of mails that were kept or have failed, and only to people who may give what the link gives, as long as it works; else null.',
      ),
    attempts: z.number().int(),
    last_error: z.string().nullable(),
    created_at: z.iso.datetime(),
    sent_at: z.iso.datetime().nullable(),
  })
  .meta({ id: 'Mail' });

interface MailRoutes {
  database: Database;
  sealedTexts: SealedTexts;
  mailer: Pick<Mailer, 'isSending'>;
  publicUrl: string;
}

/** `GET /v1/mails`: the workspace's outbox. */
export function mailRoutes({ database, sealedTexts, mailer, publicUrl }: MailRoutes): RegisterRoutes {
  return (app) => {
    app.get(
      '/v1/mails',
      {
        config: { operation: 'listMails', permission: 'mails.read' },
        schema: {
          tags: ['mails'],
          summary: 'The mails of the last 30 days about the workspace, newest first',
          description: 'Mails about a user’s password belong to no workspace and are never shown here.',
          querystring: z.object(pageQuery),
          response: {
            200: z.object({
              mails: z.array(mailSchema),
              is_sending: z
                .boolean()
                .describe('Whether an SMTP server is set; else mails are kept, to be handed over.'),
              next_cursor: nextCursor,
            }),
          },
        },
      },
      async (request, reply) => {
        const page = pageOf(request.query);
        const read = await database.inScope(request.scope, (transaction) =>
          listWorkspaceMails(transaction, request.scope.workspaceId, page),
        );
        const { entries, next_cursor } = endPage(request, reply, read, request.query, ({ id }) => id);
        const mails = await Promise.all(entries.map((mail) => describe(mail, request)));
        return { mails, is_sending: mailer.isSending, next_cursor };
      },
    );
  };

  /** One that cannot be shown (the public address has changed since, a master key is gone) hides no other. */
  async function read(mail: Mail) {
    try {
      const content = await openMail(sealedTexts, mail);
      const { subject, text } = renderMail(content, publicUrl);
      return { subject, text, values: content.values };
    } catch (error) {
      if (!(error instanceof ConveyError)) throw error;
      const { subject } = renderMail({ template: mail.template, locale: 'en', values: {} }, publicUrl);
      return { subject, text: null, values: {} };
    }
  }

  /** Handed over it would only lead astray: whoever it is for has joined, or is not to join. */
  async function hasLinkOver(scope: Scope, { link }: Readonly<Record<string, string>>): Promise<boolean> {
    if (link === undefined) return false;
    return database.inScope(scope, (transaction) => isLinkOver(transaction, link));
  }

  async function describe(
    mail: Mail,
    { principal, scope }: { principal: Principal; scope: Scope },
  ): Promise<z.infer<typeof mailSchema>> {
    const { subject, text, values } = await read(mail);
    const isUndelivered = mail.status === 'kept' || mail.status === 'failed';
    const mayShow = isUndelivered && text !== null && mayPassOn(principal, values);
    const isShown = mayShow && !(await hasLinkOver(scope, values));
    return {
      id: mail.id,
      recipient: mail.recipient,
      template: mail.template,
      status: mail.status,
      subject,
      text: isShown ? text : null,
      attempts: mail.attempts,
      last_error: mail.last_error,
      created_at: mail.created_at.toISOString(),
      sent_at: mail.sent_at?.toISOString() ?? null,
    };
  }
}

/** A link in a mail may make somebody a member: no key may, and nobody may make owners who is none. */
function mayPassOn(principal: Principal, values: Readonly<Record<string, string>>): boolean {
  if (values['link'] === undefined) return true;
  if (principal.type !== 'user' || !can(principal, 'members.manage')) return false;
  return values['role'] !== 'owner' || can(principal, 'workspace.own');
}
