import { expect } from 'vitest';
import { createKey } from '../../src/access/access.commands.ts';
import { API_KEY_SCOPES, type ApiKeyScope, type Role } from '../../src/access/permissions.ts';
import { hashSecretToken, newSecretToken } from '../../src/access/secret-token.ts';
import { newId } from '../../src/ids.ts';
import { plantMember } from '../support/people.ts';
import { plantRecords } from '../support/plant-records.ts';
import type { TestDatabase } from '../support/test-database.ts';
import type { Thing } from './access-matrix.fixture.ts';

// Who asks in the matrix, and what about.

export type Headers = Record<string, string>;
export type Things = Record<Thing, string>;

/** Plants one of each thing in a workspace; `mark` makes the host's ids differ from other workspaces'. */
export async function plantThings(
  db: TestDatabase,
  url: string,
  workspaceId: string,
  mark: string,
): Promise<Things> {
  await plantRecords(db, workspaceId, { conversations: 2, messagesEach: 2 });
  const rename = mark === '' ? '' : `${mark}-`;
  await db.asSuperuser(`set session_replication_role = replica;
    update contacts set id = '${rename}' || id where workspace_id = '${workspaceId}';
    update conversations set id = '${rename}' || id, contact_id = '${rename}' || contact_id where workspace_id = '${workspaceId}';
    update messages set conversation_id = '${rename}' || conversation_id where workspace_id = '${workspaceId}'`);
  await db.asSuperuser(
    `insert into files (workspace_id, id, ref, kind, name, created_at, written_at, changed_epoch, changed_xid)
     values ($1, $2, $3, 'upload', 'x', now(), now(), 1, pg_current_xact_id())`,
    [workspaceId, `${rename}f1`, newId('fil')],
  );
  const owner = await plantMember(db, workspaceId, 'owner');
  const spare = await plantMember(db, workspaceId, 'viewer');
  const post = async (path: string, body: object) => {
    const init = { method: 'POST', headers: { ...owner.headers, 'content-type': 'application/json' } };
    const reply = await fetch(url + path, { ...init, body: JSON.stringify(body) });
    return (await reply.json()) as { id?: string; job_id?: string };
  };
  const key = await post('/v1/api-keys', { name: 'Spare', scopes: ['ingest'] });
  const invitation = await post('/v1/members/invitations', { email: 'guest@example.com', role: 'viewer' });
  const begun = await post('/v1/imports', { source: 'files' });
  const made = await post('/v1/exports', { kind: 'workspace' });
  const fieldSet = await post('/v1/field-sets', { name: 'Spare', fields: ['tags'] });
  const savedView = await post('/v1/saved-views', { name: 'Spare', filter: { status: 'open' } });
  const daily = { name: 'Daily', cron: '30 2 * * *', request: { kind: 'conversations' } };
  const schedule = await post('/v1/schedules', daily);
  const target = { url: 'http://127.0.0.1:9/hook', events: ['export.ready'] };
  const webhook = await post('/v1/webhooks', target);
  await post(`/v1/webhooks/${webhook.id}/test`, {});
  const [delivery] = await db.asSuperuser<{ id: string }>(
    'select id from webhook_deliveries where workspace_id = $1',
    [workspaceId],
  );
  const [mail] = await db.asSuperuser<{ id: string }>('select id from mails where workspace_id = $1', [
    workspaceId,
  ]);
  const things = {
    contact: `${rename}c1`,
    conversation: `${rename}v1`,
    file: `${rename}f1`,
    import: begun.id ?? '',
    export: made.job_id ?? made.id ?? '',
    fieldSet: fieldSet.id ?? '',
    savedView: savedView.id ?? '',
    schedule: schedule.id ?? '',
    apiKey: key.id ?? '',
    member: spare.userId,
    invitation: invitation.id ?? '',
    webhook: webhook.id ?? '',
    delivery: delivery?.id ?? '',
    mail: mail?.id ?? '',
    session: owner.sessionId,
  };
  expect(Object.entries(things).filter(([, id]) => id === '')).toEqual([]);
  return things;
}

/** The same kinds of ids, of nothing. */
export const unknownThings = (things: Things): Things =>
  Object.fromEntries(
    Object.entries(things).map(([thing, id]) => [thing, `${id.slice(0, -4)}0000`]),
  ) as Things;

/** One who asks: a fresh member for each operation, as some operations end what they are asked with. */
export interface Asker {
  id: string;
  headers: Headers;
}

/** Plants many signed-in members at once. */
export async function plantPeople(
  db: TestDatabase,
  workspaceId: string,
  roles: readonly Role[],
): Promise<Asker[]> {
  const tokens = roles.map(() => newSecretToken());
  const ids = roles.map(() => newId('usr'));
  const values = [workspaceId, ids, roles, tokens.map(hashSecretToken)];
  await db.asSuperuser(
    `with people as (select * from unnest($2::text[], $3::text[], $4::text[]) as p (id, role, hash)),
          made as (insert into users (id, email, email_key, name)
                   select id, id || '@example.com', id || '@example.com', role from people returning id),
          joined as (insert into members (workspace_id, user_id, role, audiences)
                     select $1, id, role, case when role = 'editor' then array['public'] end from people)
     insert into sessions (id, user_id, token_hash, workspace_id, method, ip, user_agent, expires_at)
     select 'ses_' || id, id, hash, $1, 'password', '127.0.0.1', 'test', now() + interval '1 day' from people`,
    values,
  );
  return ids.map((id, i) => ({
    id,
    headers: { cookie: `convey_session=${tokens[i]}`, 'sec-fetch-site': 'same-origin' },
  }));
}

/** Makes a key for each scope. */
export async function plantKeys(db: TestDatabase, workspace: string): Promise<Map<ApiKeyScope, Asker>> {
  const keys = new Map<ApiKeyScope, Asker>();
  for (const scope of API_KEY_SCOPES) {
    const { key, text } = await createKey(db.database, { workspace, name: scope, scopes: [scope] });
    keys.set(scope, { id: key.id, headers: { authorization: `Bearer ${text}` } });
  }
  return keys;
}
