import { createTransport, type Transporter } from 'nodemailer';
import { parseJson } from '../../parse-json.ts';
import type { Database } from '../../database/connect.ts';
import { ConveyError } from '../../errors.ts';
import type { SealedTexts } from '../../keys/sealed-texts.ts';
import type { Log } from '../../log.ts';
import { isWithin } from '../../networks.ts';
import { OutboxLoop } from '../outbox/outbox-loop.ts';
import { retryAt } from '../outbox/retry-at.ts';
import { type MailTemplate, mailContext } from './mailer.ts';
import { type MailContent, renderMail } from './render-mail.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/** Waits after each failed try: two days in all, then the mail has failed. */
export const MAIL_DELAYS: readonly number[] = [
  MINUTE,
  5 * MINUTE,
  15 * MINUTE,
  HOUR,
  2 * HOUR,
  4 * HOUR,
  8 * HOUR,
  12 * HOUR,
  20 * HOUR,
];
const AT_ONCE = 4;
const TIMEOUT_MS = 60_000;
const LONGEST_ERROR = 300;

interface Claimed {
  id: string;
  recipient: string;
  template: MailTemplate;
  sealed_content: string;
  attempts: number;
  /** End of the lease: see `claimDue`. */
  next_attempt_at: Date;
}

export interface MailDependencies {
  database: Database;
  sealedTexts: SealedTexts;
  log: Log;
  /** Undefined: no loop; mails are kept. */
  smtpUrl: string;
  mailFrom: string;
  publicUrl: string;
  now?: () => Date;
}

/** The loop that hands mails to the SMTP server. */
export function mailLoop(dependencies: MailDependencies): OutboxLoop<Claimed> {
  const { database, log, smtpUrl, now = () => new Date() } = dependencies;
  const transport = openTransport(smtpUrl);
  return new OutboxLoop<Claimed>(database, log, {
    table: 'mails',
    leaseMs: 5 * TIMEOUT_MS,
    atOnce: AT_ONCE,
    perGroup: 1,
    groupOf: ({ id }) => id,
    now,
    handle: (mail) => send({ ...dependencies, now }, transport, mail),
  });
}

/** What a mail says; opens what is sealed. @throws keys.damaged_secret */
export async function openMail(
  sealedTexts: SealedTexts,
  mail: { id: string; template: MailTemplate; sealed_content: string },
): Promise<MailContent> {
  const { id, template, sealed_content: sealed } = mail;
  const { locale, values } = parseJson(await sealedTexts.open(sealed, mailContext(id))) as unknown as Omit<
    MailContent,
    'template'
  >;
  return { template, locale, values };
}

/**
 * A connection for each mail. A password goes out only over TLS, unless the server is on this machine; files and
 * addresses are never read into a mail.
 */
function openTransport(smtpUrl: string): Transporter {
  const { protocol, username, hostname } = new URL(smtpUrl);
  const isHere =
    hostname === 'localhost' || isWithin(hostname.replace(/^\[|\]$/g, ''), ['127.0.0.0/8', '::1']);
  return createTransport({
    url: smtpUrl,
    disableFileAccess: true,
    disableUrlAccess: true,
    connectionTimeout: TIMEOUT_MS / 2,
    greetingTimeout: TIMEOUT_MS / 2,
    socketTimeout: TIMEOUT_MS,
    ...(protocol === 'smtp:' && username !== '' && !isHere ? { requireTLS: true } : {}),
  });
}

async function send(
  { database, sealedTexts, log, mailFrom, publicUrl, now }: MailDependencies & { now: () => Date },
  transport: Transporter,
  mail: Claimed,
): Promise<void> {
  const at = now();
  try {
    const rendered = renderMail(await openMail(sealedTexts, mail), publicUrl);
    await transport.sendMail({
      from: mailFrom,
      to: { name: '', address: mail.recipient },
      // The same at each try: a mail that came twice can be told.
      messageId: `<${mail.id}@${new URL(publicUrl).hostname}>`,
      headers: { 'auto-submitted': 'auto-generated' },
      ...rendered,
    });
  } catch (error) {
    const isFinal = isPermanent(error);
    const next = isFinal ? undefined : retryAt(at, MAIL_DELAYS, mail.attempts + 1);
    const reason = reasonOf(error);
    await settle(database, mail, { status: next === undefined ? 'failed' : 'queued', reason, next });
    log.warn('a mail could not be handed over', {
      mail_id: mail.id,
      code: codeOf(error),
      will_retry: !isFinal,
    });
    return;
  }
  await settle(database, mail, { status: 'sent', sentAt: now() });
}

/** Writes down what came of a try, unless the lease ran out meanwhile and another server has the mail. */
async function settle(
  database: Database,
  { id, next_attempt_at: lease }: Claimed,
  {
    status,
    reason,
    next,
    sentAt,
  }: { status: string; reason?: string; next?: Date | undefined; sentAt?: Date },
): Promise<void> {
  await database.inSystem((transaction) =>
    transaction.query(
      `update mails set status = $3, attempts = attempts + 1, last_error = $4,
              next_attempt_at = coalesce($5, next_attempt_at), sent_at = $6
        where id = $1 and status = 'queued' and next_attempt_at = $2`,
      [id, lease, status, reason ?? null, next ?? null, sentAt ?? null],
    ),
  );
}

/** The server will never take this mail: a 5xx to its envelope or contents (not to our sign-in, which may be mended). */
function isPermanent(error: unknown): boolean {
  if (error instanceof ConveyError) return true;
  const { responseCode = 0, code } = error as { responseCode?: number; code?: string };
  return responseCode >= 500 && (code === 'EENVELOPE' || code === 'EMESSAGE');
}

function reasonOf(error: unknown): string {
  if (error instanceof ConveyError) return error.code;
  const text = error instanceof Error ? error.message : String(error);
  return text
    .toWellFormed()
    .replaceAll(/\p{Cc}+/gu, ' ')
    .slice(0, LONGEST_ERROR);
}

/** For the log: without the server's words, which may hold the address. */
function codeOf(error: unknown): string {
  const { code = 'unknown' } = error as { code?: string };
  return code;
}
