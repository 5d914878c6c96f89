import type { Command } from 'commander';
import { isLinkOver } from '../access/sign-in/one-time-links.ts';
import { getMail, listKeptMails } from '../notify/mail/mails.ts';
import { renderMail } from '../notify/mail/render-mail.ts';
import { openMail } from '../notify/mail/send-mails.ts';
import { harmless } from '../verify/problems.ts';
import { runInInstallation } from './command-context.ts';

const SHOWN = 100;

/** `convey mails`: what could not be sent, for the operator to hand over. */
export function registerMailsCommand(program: Command): void {
  program
    .command('mails')
    .description('mails that were kept or have failed; those about passwords are shown only here')
    .option('--show <id>', 'what one mail says, with its link')
    .action(({ show }: { show?: string }, command: Command) =>
      runInInstallation(command, async ({ database, sealedTexts, config }, { print }) => {
        if (show !== undefined) {
          const mail = await database.inSystem((transaction) => getMail(transaction, show));
          const content = await openMail(sealedTexts, mail);
          const { link, ...values } = content.values;
          const isOver =
            link !== undefined && (await database.inSystem((transaction) => isLinkOver(transaction, link)));
          const rendered = renderMail(isOver ? { ...content, values } : content, config.publicUrl);
          const { subject } = rendered;
          const text = isOver
            ? `${rendered.text}\n(Its link was used or withdrawn, or is too old.)\n`
            : rendered.text;
          const { id, recipient, status } = mail;
          print(
            { id, recipient, status, subject, text },
            `To: ${recipient}\nSubject: ${subject}\n\n${text}`.split('\n').map(harmless).join('\n'),
          );
          return;
        }
        const mails = await database.inSystem((transaction) => listKeptMails(transaction, SHOWN));
        const rows = mails.map((mail) => ({
          id: mail.id,
          workspace_id: mail.workspace_id,
          recipient: mail.recipient,
          template: mail.template,
          status: mail.status,
          last_error: mail.last_error,
          created_at: mail.created_at.toISOString(),
        }));
        const lines = rows.map((row) =>
          [row.created_at, row.id, row.status, row.template, row.recipient, row.last_error ?? '']
            .map(harmless)
            .join('  ')
            .trimEnd(),
        );
        print(rows, lines.length === 0 ? 'No mail was kept.' : lines.join('\n'));
      }),
    );
}
