import { randomBytes } from 'node:crypto';
import PostalMime, { type Email } from 'postal-mime';
import { SMTPServer, type SMTPServerOptions } from 'smtp-server';
import { buffer } from 'node:stream/consumers';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { MasterKeys } from '../../src/keys/master-keys.ts';
import { SealedTexts } from '../../src/keys/sealed-texts.ts';
import { createLog } from '../../src/log.ts';
import { Mailer, type NewMail } from '../../src/notify/mail/mailer.ts';
import { MAIL_DELAYS, mailLoop } from '../../src/notify/mail/send-mails.ts';
import { createTestDatabase, type TestDatabase } from '../support/test-database.ts';

const publicUrl = 'https://convey.example.com';
const invite: NewMail = {
  to: 'ada@example.com',
  template: 'invite',
  values: { link: `${publicUrl}/invite#t0ken`, workspace: 'Acme', inviter: 'Grace', role: 'admin' },
};

interface Got {
  mail: Email;
  isSecure: boolean;
  from: string;
  to: string[];
}

let db: TestDatabase;
let passedMs = 0;
let got: Got[];
let logged: string[];
const servers: SMTPServer[] = [];
const sealedTexts = new SealedTexts(new MasterKeys({ keys: [randomBytes(32)] }));
const startedAt = Date.now();
const now = () => new Date(startedAt + 60_000 + passedMs);

beforeAll(async () => {
  db = await createTestDatabase();
});
beforeEach(() => {
  passedMs = 0;
  got = [];
  logged = [];
});
afterEach(async () => {
  await db.asSuperuser('delete from mails');
  await Promise.all(servers.splice(0).map((server) => new Promise<void>((done) => server.close(done))));
});
afterAll(() => db.drop());

/** A mail server of this machine. @returns its port */
async function startSmtp(options: SMTPServerOptions = {}): Promise<number> {
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    onData: (stream, session, done) => {
      const keep = async () => {
        const mail = await PostalMime.parse(await buffer(stream));
        const { mailFrom, rcptTo } = session.envelope;
        got.push({
          mail,
          isSecure: session.secure,
          from: mailFrom === false ? '' : mailFrom.address,
          to: rcptTo.map(({ address }) => address),
        });
      };
      keep().then(
        () => done(),
        (error: Error) => done(error),
      );
    },
    ...options,
  });
  server.on('error', () => {}); // clients that break off
  servers.push(server);
  await new Promise<void>((done) => {
    server.listen(0, '127.0.0.1', done);
  });
  return (server.server.address() as AddressInfo).port;
}

async function queue(mail: NewMail = invite, hasServer = true): Promise<void> {
  const mailer = new Mailer(sealedTexts, hasServer);
  await db.database.inSystem((transaction) => mailer.queue(transaction, mail));
}

const drain = (smtpUrl: string) =>
  mailLoop({
    database: db.database,
    sealedTexts,
    smtpUrl,
    publicUrl,
    now,
    log: createLog((line) => logged.push(line)),
    mailFrom: 'Convey <convey@example.com>',
  }).drain();

interface Row {
  status: string;
  attempts: string;
  last_error: string | null;
  next_attempt_at: Date;
}
const rows = () => db.asSuperuser<Row>('select * from mails order by created_at');
const refusal = (message: string, responseCode: number) =>
  Object.assign(new Error(message), { responseCode });

test('a mail arrives whole: text and HTML, sender, an id of ours, the link', async () => {
  const port = await startSmtp();
  await queue();
  await queue({ ...invite, to: 'åsa@exämple.com', locale: 'de' });
  await drain(`smtp://127.0.0.1:${port}`);
  const [first, second] = got.sort((a, b) => (a.to[0]! < b.to[0]! ? -1 : 1));
  expect(first).toMatchObject({ from: 'convey@example.com', to: ['ada@example.com'] });
  expect(first!.mail).toMatchObject({
    subject: 'Invitation to Acme',
    from: { name: 'Convey', address: 'convey@example.com' },
    messageId: expect.stringMatching(/^<mail_\w+@convey\.example\.com>$/),
  });
  expect(first!.mail.text).toContain(invite.values['link']);
  expect(first!.mail.html).toContain(`href="${invite.values['link']}"`);
  expect(first!.mail.attachments).toEqual([]);
  expect(second!.mail.subject).toBe('Einladung zu Acme');
  expect(await rows()).toMatchObject([{ status: 'sent' }, { status: 'sent' }]);
  await drain(`smtp://127.0.0.1:${port}`);
  expect(got).toHaveLength(2);
});

test('names and addresses with line breaks add no header and no recipient', async () => {
  const port = await startSmtp();
  const evil = 'Acme\r\nBcc: eve@example.com\r\nX-Evil: 1';
  await queue({ ...invite, values: { ...invite.values, workspace: evil, inviter: evil } });
  await queue({ ...invite, to: 'ada@example.com\r\nRCPT TO:<eve@example.com>' });
  await queue({ ...invite, to: 'ada@example.com, eve@example.com' });
  await drain(`smtp://127.0.0.1:${port}`);
  for (const { mail, to } of got) {
    expect(to).not.toContain('eve@example.com');
    expect(to).toHaveLength(1);
    expect(mail.bcc ?? []).toEqual([]);
    expect(mail.headers.map(({ key }) => key)).not.toContain('x-evil');
  }
  expect(got.length).toBeGreaterThan(0);
});

test('without an SMTP server mails are kept, sealed', async () => {
  await queue(invite, false);
  const [row] = await db.asSuperuser('select * from mails');
  expect(row).toMatchObject({ status: 'kept' });
  expect(JSON.stringify(row)).not.toMatch(/t0ken|Acme|Grace/);
});

test('a temporary refusal is tried again later, then the mail arrives once', async () => {
  let refusals = 2;
  const port = await startSmtp({
    onRcptTo: (_address, _session, done) => done(refusals-- > 0 ? refusal('busy', 451) : undefined),
  });
  await queue();
  for (const delay of MAIL_DELAYS.slice(0, 2)) {
    await drain(`smtp://127.0.0.1:${port}`);
    const [row] = await rows();
    expect(row).toMatchObject({ status: 'queued', last_error: expect.stringContaining('busy') });
    const waitMs = row!.next_attempt_at.getTime() - now().getTime();
    expect(Math.abs(waitMs / delay - 1)).toBeLessThanOrEqual(0.1001);
    passedMs += waitMs - 1;
    await drain(`smtp://127.0.0.1:${port}`); // a moment too early
    expect((await rows())[0]!.attempts).toBe(row!.attempts);
    passedMs += 1;
  }
  await drain(`smtp://127.0.0.1:${port}`);
  expect(await rows()).toMatchObject([{ status: 'sent', last_error: null }]);
  expect(got).toHaveLength(1);
});

test('a refusal for good is not tried again; the address is not in the log', async () => {
  const port = await startSmtp({
    onRcptTo: ({ address }, _session, done) => done(refusal(`no mailbox ${address}`, 550)),
  });
  await queue();
  await drain(`smtp://127.0.0.1:${port}`);
  expect(await rows()).toMatchObject([
    { status: 'failed', last_error: expect.stringContaining('no mailbox') },
  ]);
  expect(logged.join('')).toContain('could not be handed over');
  expect(logged.join('')).not.toMatch(/ada@example|t0ken/);
});

test('a server that is not there is tried for two days, then the mail has failed', async () => {
  const port = await startSmtp();
  await new Promise<void>((done) => servers.pop()!.close(done));
  await queue();
  for (let tries = 0; tries <= MAIL_DELAYS.length; tries++) {
    await drain(`smtp://127.0.0.1:${port}`);
    passedMs = (await rows())[0]!.next_attempt_at.getTime() - startedAt - 60_000;
  }
  expect(await rows()).toMatchObject([{ status: 'failed', attempts: '10' }]);
  const days = MAIL_DELAYS.reduce((sum, delay) => sum + delay, 0) / 86_400_000;
  expect(days).toBeGreaterThan(1.9);
});

test('a wrong password is tried again, as the operator may mend it, and is in no log', async () => {
  const port = await startSmtp({
    authOptional: false,
    allowInsecureAuth: true,
    onAuth: ({ password }, _session, done) =>
      password === 'right' ? done(null, { user: 'convey' }) : done(refusal('wrong', 535)),
  });
  await queue();
  await drain(`smtp://convey:s3cret-wrong@127.0.0.1:${port}`);
  expect(await rows()).toMatchObject([{ status: 'queued' }]);
  expect(logged.join('')).not.toContain('s3cret');
  passedMs += 2 * 60_000;
  await drain(`smtp://convey:right@127.0.0.1:${port}`);
  expect(await rows()).toMatchObject([{ status: 'sent' }]);
});

test('STARTTLS is used where it is offered, and a certificate that nobody vouches for is refused', async () => {
  const port = await startSmtp({ disabledCommands: [] });
  await queue();
  await drain(`smtp://127.0.0.1:${port}`);
  expect(await rows()).toMatchObject([
    { status: 'queued', last_error: expect.stringMatching(/certificate|altnames/i) },
  ]);
  expect(got).toEqual([]);
  passedMs += 2 * 60_000;
  await drain(`smtp://127.0.0.1:${port}?tls.rejectUnauthorized=false`);
  expect(got).toMatchObject([{ isSecure: true }]);
});

test('a mail with a link to elsewhere fails without being sent', async () => {
  const port = await startSmtp();
  await queue({ ...invite, values: { link: 'https://evil.example/' } });
  await drain(`smtp://127.0.0.1:${port}`);
  expect(await rows()).toMatchObject([{ status: 'failed', last_error: 'mails.foreign_link' }]);
  expect(got).toEqual([]);
});

test('several servers send each mail once', async () => {
  const port = await startSmtp();
  for (let count = 0; count < 20; count++) await queue();
  await Promise.all([1, 2, 3].map(() => drain(`smtp://127.0.0.1:${port}`)));
  expect(got).toHaveLength(20);
  expect(new Set(got.map(({ mail }) => mail.messageId)).size).toBe(20);
});
