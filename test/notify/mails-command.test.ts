import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { inviteByOperator } from '../../src/access/sign-in/sign-in.commands.ts';
import { MasterKeys } from '../../src/keys/master-keys.ts';
import { SealedTexts } from '../../src/keys/sealed-texts.ts';
import { Mailer } from '../../src/notify/mail/mailer.ts';
import { createTestDatabase, type TestDatabase } from '../support/test-database.ts';

const key = randomBytes(32);
let db: TestDatabase;
let home: string;

beforeAll(async () => {
  db = await createTestDatabase();
  home = await mkdtemp(join(tmpdir(), 'convey-mails-'));
});
afterAll(async () => {
  await rm(home, { recursive: true, force: true });
  await db.drop();
});

function convey(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  const bin = new URL('../../bin/convey.js', import.meta.url).pathname;
  const env = {
    PATH: process.env['PATH'],
    CONVEY_HOME: home,
    DATABASE_URL: db.url,
    CONVEY_MASTER_KEY: key.toString('hex'),
    CONVEY_URL: 'https://convey.example.com',
  };
  return new Promise((resolve) => {
    execFile(process.execPath, [bin, ...args], { env, cwd: home }, (error, out, err) =>
      resolve({ code: error === null ? 0 : Number(error.code), out, err }),
    );
  });
}

test('the operator reads a kept password mail at the command line; the list itself shows no link', async () => {
  const mailer = new Mailer(new SealedTexts(new MasterKeys({ keys: [key] })), false);
  const link = 'https://convey.example.com/reset#t0ken';
  await db.database.inSystem((transaction) =>
    mailer.queue(transaction, { to: 'ada@example.com', template: 'reset', values: { name: 'Ada', link } }),
  );
  const listed = await convey('--json', 'mails');
  expect(listed.code, listed.err).toBe(0);
  const [mail] = JSON.parse(listed.out) as { id: string; template: string }[];
  expect(mail).toMatchObject({
    template: 'reset',
    status: 'kept',
    recipient: 'ada@example.com',
    workspace_id: null,
  });
  expect(listed.out).not.toContain('t0ken');
  const shown = await convey('mails', '--show', mail!.id);
  expect(shown.out).toContain('Subject: Set a new password');
  expect(shown.out).toContain(link);
  const unknown = await convey('mails', '--show', 'mail_x');
  expect(unknown).toMatchObject({ code: 1, err: expect.stringContaining('mails.not_found') });
});

test('a link that was used is not shown any more', async () => {
  const mailer = new Mailer(new SealedTexts(new MasterKeys({ keys: [key] })), false);
  const workspaceId = await db.createWorkspace();
  const { link } = await inviteByOperator(db.database, 'https://convey.example.com', {
    email: 'grace@example.com',
    workspace: workspaceId,
    role: 'agent',
  });
  const values = { link, workspace: 'Acme', inviter: 'Ada', role: 'agent' };
  await db.database.inSystem((transaction) =>
    mailer.queue(transaction, { to: 'grace@example.com', template: 'invite', workspaceId, values }),
  );
  const [mail] = await db.asSuperuser<{ id: string }>(
    `select id from mails where recipient = 'grace@example.com'`,
  );
  expect((await convey('mails', '--show', mail!.id)).out).toContain(link);
  await db.asSuperuser('update one_time_links set used_at = now()');
  const { out } = await convey('mails', '--show', mail!.id);
  expect(out).not.toContain('invite#');
  expect(out).toContain('was used or withdrawn');
});

test('nothing that people wrote steers the operator’s terminal', async () => {
  const name = 'Ann\u001B[2J\u202Ennam\u2028';
  await db.asSuperuser(
    `insert into users (id, email, email_key, name) values ('usr_steer', $1, 'steer@example.com', $2)`,
    ['steer\u202E@example.com', name],
  );
  await db.asSuperuser(
    `insert into mails (id, recipient, template, sealed_content, status, last_error)
     values ('mail_steer', $1, 'reset', 'x', 'failed', $2)`,
    ['steer\u202E@example.com', 'no\u001B]0;title\u0007'],
  );
  for (const args of [['user', 'list'], ['mails']]) {
    const { code, out, err } = await convey(...args);
    expect(code, err).toBe(0);
    expect(out).toContain('steer\uFFFD@example.com');
    expect(out.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
  }
});
