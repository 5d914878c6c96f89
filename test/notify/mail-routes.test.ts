import { afterAll, beforeAll, expect, test } from 'vitest';
import { inviteByOperator } from '../../src/access/sign-in/sign-in.commands.ts';
import type { NewMail } from '../../src/notify/mail/mailer.ts';
import { plantMember } from '../support/people.ts';
import { createTestDatabase, type TestDatabase } from '../support/test-database.ts';
import { startTestServer, type TestServer } from '../support/test-server.ts';

const publicUrl = 'https://convey.example.com';

let db: TestDatabase;
let server: TestServer;
let workspaceId: string;

beforeAll(async () => {
  db = await createTestDatabase();
  server = await startTestServer(db.database, { CONVEY_URL: publicUrl });
  workspaceId = await db.createWorkspace('outbox');
});
afterAll(async () => {
  await server.stop();
  await db.drop();
});

const queue = (mail: Omit<NewMail, 'to'>) =>
  db.database.inSystem((transaction) =>
    server.installation.mailer.queue(transaction, { to: 'ada@example.com', ...mail }),
  );
const invite = (role: string, token: string, of = workspaceId) =>
  queue({
    template: 'invite',
    workspaceId: of,
    values: { link: `${publicUrl}/invite#${token}`, workspace: 'Acme', inviter: 'Grace', role },
  });

interface MailBody {
  id: string;
  template: string;
  status: string;
  subject: string;
  text: string | null;
}
async function list(headers: Record<string, string>, path = '/v1/mails') {
  const reply = await fetch(server.url + path, { headers });
  const text = await reply.text();
  return {
    status: reply.status,
    text,
    body: JSON.parse(text) as { mails: MailBody[]; is_sending: boolean; next_cursor: string | null },
  };
}

test('without an SMTP server an admin sees the workspace’s mails with their links, to hand them over', async () => {
  await invite('editor', 'editors-token');
  const { headers } = await plantMember(db, workspaceId, 'admin');
  const { status, body } = await list(headers);
  expect(status).toBe(200);
  expect(body.is_sending).toBe(false);
  expect(body.mails).toMatchObject([
    {
      recipient: 'ada@example.com',
      template: 'invite',
      status: 'kept',
      subject: 'Invitation to Acme',
      text: expect.stringContaining(`${publicUrl}/invite#editors-token`),
    },
  ]);
});

test('a link that makes an owner is shown to owners only, and no link to an API key', async () => {
  await invite('owner', 'owners-token');
  const admin = await plantMember(db, workspaceId, 'admin');
  const owner = await plantMember(db, workspaceId, 'owner');
  const key = await server.authorize(workspaceId, ['admin']);
  expect((await list(admin.headers)).text).not.toContain('owners-token');
  expect((await list(owner.headers)).text).toContain('owners-token');
  const asKey = await list(key);
  expect(asKey.status).toBe(200);
  expect(asKey.text).not.toContain('-token');
});

test('mails about passwords, and those of other workspaces, are never shown', async () => {
  const other = await db.createWorkspace('elsewhere');
  await invite('editor', 'foreign-token', other);
  const values = { link: `${publicUrl}/reset#reset-token`, name: 'Ada' };
  await queue({ template: 'reset', values });
  await queue({ template: 'reset', workspaceId, values }); // wrongly of a workspace
  const { headers } = await plantMember(db, workspaceId, 'owner');
  const { text, body } = await list(headers);
  expect(text).not.toMatch(/reset-token|foreign-token/);
  expect(body.mails.map(({ template }) => template)).not.toContain('reset');
});

test('the link of a mail that was sent is shown to nobody', async () => {
  await invite('editor', 'sent-token');
  await db.asSuperuser(
    `update mails set status = 'sent' where id = (select id from mails order by created_at desc limit 1)`,
  );
  const { headers } = await plantMember(db, workspaceId, 'owner');
  const { text, body } = await list(headers);
  expect(body.mails[0]).toMatchObject({ status: 'sent', text: null });
  expect(text).not.toContain('sent-token');
});

test('a mail that cannot be shown any more hides no other', async () => {
  await queue({
    template: 'invite',
    workspaceId,
    values: { link: 'https://former.example.com/invite#former-token' },
  });
  await db.asSuperuser(
    `insert into mails (id, workspace_id, recipient, template, sealed_content, status)
     values ('mail_damaged', $1, 'ada@example.com', 'invite', 's1.damaged', 'kept')`,
    [workspaceId],
  );
  const { headers } = await plantMember(db, workspaceId, 'owner');
  const { status, text, body } = await list(headers);
  expect(status).toBe(200);
  expect(body.mails.filter((mail) => mail.text === null && mail.status === 'kept')).toHaveLength(2);
  expect(text).not.toContain('former-token');
  expect(text).toContain('editors-token');
});

test('the list goes on where the page ended, each mail once, newest first', async () => {
  const { headers } = await plantMember(db, workspaceId, 'owner');
  const seen: string[] = [];
  let path: string | undefined = '/v1/mails?limit=1';
  while (path !== undefined) {
    const { body } = await list(headers, path);
    seen.push(...body.mails.map(({ id }) => id));
    path = body.next_cursor === null ? undefined : `/v1/mails?limit=1&cursor=${body.next_cursor}`;
  }
  const all = await db.asSuperuser<{ id: string }>(
    `select id from mails where workspace_id = $1 and template <> 'reset' order by created_at desc, id desc`,
    [workspaceId],
  );
  expect(seen).toEqual(all.map(({ id }) => id));
  expect(seen.length).toBeGreaterThan(2);
});

test('of an invitation that was used, withdrawn or is too old nobody sees the link any more', async () => {
  const of = await db.createWorkspace();
  const { headers } = await plantMember(db, of, 'owner');
  for (const over of ['used_at = now()', `expires_at = now() - interval '1 second'`]) {
    const { link } = await inviteByOperator(db.database, publicUrl, {
      email: 'guest@example.com',
      workspace: of,
      role: 'agent',
    });
    await invite('agent', new URL(link).hash.slice(1), of);
    expect((await list(headers)).body.mails[0]!.text).toContain(link);
    await db.asSuperuser(`update one_time_links set ${over} where workspace_id = $1`, [of]);
    const { text, body } = await list(headers);
    expect(body.mails[0]).toMatchObject({ template: 'invite', text: null });
    expect(text).not.toContain('invite#');
  }
});
