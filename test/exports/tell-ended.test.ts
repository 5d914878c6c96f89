import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import type { Role } from '../../src/access/permissions.ts';
import { type Person, plantMember } from '../support/people.ts';
import { plantRecords } from '../support/plant-records.ts';
import { createTestDatabase, type TestDatabase } from '../support/test-database.ts';
import { startTestServer, type TestServer } from '../support/test-server.ts';

// V-03, pains 4 and 24: who waits for an export is told how it ended, in the app, by mail, by webhook.

const PATIENCE = { timeout: 20_000, interval: 20 };
const publicUrl = 'https://convey.example.com';

let db: TestDatabase;
let server: TestServer;
let workspaceId: string;
let admin: Person;

beforeAll(async () => {
  db = await createTestDatabase();
  server = await startTestServer(db.database, { CONVEY_URL: publicUrl, CONVEY_EXPORT_ATTEMPTS: '1' });
});
afterAll(async () => {
  await server.stop();
  await db.drop();
});
beforeEach(async () => {
  workspaceId = await db.createWorkspace();
  await plantRecords(db, workspaceId, { conversations: 3, messagesEach: 2 });
  admin = await plantMember(db, workspaceId, 'admin');
});

async function call<T>(person: Person, method: string, path: string, body?: object): Promise<T> {
  const reply = await fetch(server.url + path, {
    method,
    headers: {
      ...person.headers,
      'convey-workspace': workspaceId,
      ...(body && { 'content-type': 'application/json' }),
    },
    ...(body && { body: JSON.stringify(body) }),
  });
  expect(reply.ok, `${method} ${path}: ${reply.status}`).toBe(true);
  return (await reply.json()) as T;
}

interface Told {
  job_id: string;
  status: string;
}

async function exported(person: Person, order: object): Promise<Told> {
  const { job_id: id } = await call<Told>(person, 'POST', '/v1/exports', {
    kind: 'conversations',
    format: 'ndjson',
    ...order,
  });
  return vi.waitUntil(async () => {
    const told = await call<Told>(person, 'GET', `/v1/exports/${id}`);
    return told.status === 'ready' || told.status === 'failed' ? told : undefined;
  }, PATIENCE);
}

interface Notices {
  notices: { kind: string; subject_id: string; read_at: string | null; details: Record<string, unknown> }[];
  unread: number;
}

const noticesOf = (person: Person) => call<Notices>(person, 'GET', '/v1/notices');

interface Mails {
  mails: { recipient: string; template: string; text: string | null }[];
}

const mailsOf = async (person: Person) => (await call<Mails>(person, 'GET', '/v1/mails')).mails;

const member = (role: Role) => plantMember(db, workspaceId, role);

test('who asked is told inside the app, and nobody else; read ones are no longer counted', async () => {
  const { job_id: id } = await exported(admin, {});
  const other = await member('admin');
  expect(await noticesOf(admin)).toMatchObject({
    unread: 1,
    notices: [{ kind: 'export.ready', subject_id: id, read_at: null, details: { kind: 'conversations' } }],
  });
  expect(await noticesOf(other)).toEqual({ notices: [], unread: 0, next_cursor: null });
  expect(await call(admin, 'POST', '/v1/notices/read', {})).toEqual({ read: 1 });
  expect((await noticesOf(admin)).unread).toBe(0);
});

test('members whom the order names get one mail each, with a link to sign in by and no data; others get none', async () => {
  const friend = await member('admin');
  const { job_id: id } = await exported(admin, {
    notify: [friend.email, friend.email.toUpperCase()],
  });
  const mails = await mailsOf(admin);
  expect(mails.map(({ recipient, template }) => ({ recipient, template }))).toEqual([
    { recipient: friend.email, template: 'export_ready' },
  ]);
  const [mail] = await db.asSuperuser<{ n: number }>(
    'select count(*)::int as n from mails where workspace_id = $1',
    [workspaceId],
  );
  expect(mail!.n).toBe(1);
  expect(mails[0]!.text).toContain(`${publicUrl}/exports/${id}`);
});

test('who waited for more than a minute gets a mail without having asked for it', async () => {
  await exported(admin, {});
  expect(await mailsOf(admin)).toEqual([]); // it was quick
  await db.asSuperuser(
    `alter table exports alter column created_at set default now();
     create or replace function age_exports() returns trigger language plpgsql as
       $$ begin new.created_at := new.created_at - interval '2 minutes'; return new; end $$;
     create trigger age_exports before insert on exports for each row execute function age_exports()`,
  );
  try {
    await exported(admin, {});
  } finally {
    await db.asSuperuser('drop trigger age_exports on exports');
  }
  expect((await mailsOf(admin)).map(({ recipient, template }) => ({ recipient, template }))).toEqual([
    { recipient: admin.email, template: 'export_ready' },
  ]);
});

test('a failure is told with its reason', async () => {
  // A count that the base tables do not confirm.
  await db.asSuperuser(
    `create or replace function no_ready() returns trigger language plpgsql as
       $$ begin if new.status = 'ready' then raise 'no' using errcode = '53100'; end if; return new; end $$;
     create trigger no_ready before update on exports for each row execute function no_ready()`,
  );
  try {
    const told = await exported(admin, { notify: [admin.email] });
    expect(told.status).toBe('failed');
  } finally {
    await db.asSuperuser('drop trigger no_ready on exports');
  }
  const { notices } = await noticesOf(admin);
  expect(notices).toMatchObject([{ kind: 'export.failed', details: { code: expect.any(String) } }]);
  expect(await mailsOf(admin)).toMatchObject([{ recipient: admin.email, template: 'export_failed' }]);
});
