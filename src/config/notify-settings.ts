import { resolve } from 'node:path';
import { isNetwork } from '../networks.ts';
import { duration, integer, matching, none, parseList, type Settings } from './setting.ts';

/** What is told to others: mails, webhooks, checkpoints of the audit log. */
export interface NotifySettings {
  /** Undefined: no mail is sent, all are kept. */
  smtpUrl: string | undefined;
  mailFrom: string;
  webhookAllow: string[];
  checkpointEvents: number;
  checkpointEveryMs: number;
  /** Undefined: no file is written. */
  checkpointFolder: string | undefined;
  /** Undefined: no mail is sent. */
  checkpointMail: string | undefined;
}

export const notifySettings: Settings<NotifySettings> = {
  smtpUrl: {
    environmentName: 'SMTP_URL',
    doc: 'The server that takes our mails. Unset: mails are kept, and admins see them in the outbox.',
    takes: '`smtp://user:password@host:587` (STARTTLS where it is offered) or `smtps://…`',
    fallback: none,
    parse: (text) =>
      URL.canParse(text) && /^smtps?:$/.test(new URL(text).protocol) && new URL(text).hostname !== ''
        ? text
        : undefined,
    isSecret: true,
  },
  mailFrom: {
    environmentName: 'CONVEY_MAIL_FROM',
    doc: 'Sender of our mails.',
    fallback: {
      text: '`convey@` and the host of CONVEY_URL',
      from: ({ publicUrl }) => `convey@${new URL(publicUrl).hostname}`,
    },
    ...matching(
      /^([^<>"@\x00-\x1f\x7f]{1,100} )?<?[^\s<>"@,;]{1,64}@[^\s<>"@,;]{1,255}>?$/,
      'a mail address, or `Name <address>`',
    ),
  },
  webhookAllow: {
    environmentName: 'CONVEY_WEBHOOK_ALLOW',
    doc: 'Networks that webhooks may reach although they are private, and without TLS there.',
    takes: 'addresses and networks with commas between (`10.1.0.0/16,192.0.2.7`)',
    fallback: { text: 'none', from: () => [] },
    parse: (text) => parseList(text, isNetwork),
  },
  checkpointEvents: {
    environmentName: 'CONVEY_CHECKPOINT_EVENTS',
    doc: 'Events of the audit log after which the next checkpoint is signed.',
    fallback: '1000',
    ...integer(1, 1_000_000),
  },
  checkpointEveryMs: {
    environmentName: 'CONVEY_CHECKPOINT_EVERY',
    doc: 'Time after which what the audit log has recorded is under a signed checkpoint.',
    fallback: '1h',
    ...duration('1s', '30d'),
  },
  checkpointFolder: {
    environmentName: 'CONVEY_CHECKPOINT_FOLDER',
    doc: 'Gets a line for each checkpoint, in a file for each workspace; put it on another machine’s disk.',
    takes: 'a folder',
    fallback: none,
    parse: (text) => resolve(text),
  },
  checkpointMail: {
    environmentName: 'CONVEY_CHECKPOINT_MAIL',
    doc: 'Gets a mail for each checkpoint.',
    fallback: none,
    ...matching(/^[^\s<>"@,;]{1,64}@[^\s<>"@,;]{1,255}$/, 'a mail address'),
  },
};
