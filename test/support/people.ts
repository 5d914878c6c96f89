import { newSecretToken, hashSecretToken } from '../../src/access/secret-token.ts';
import type { Role } from '../../src/access/permissions.ts';
import { newId } from '../../src/ids.ts';
import type { TestDatabase } from './test-database.ts';

/** A signed-in member: what a browser would send. */
export interface Person {
  userId: string;
  sessionId: string;
  email: string;
  /** The session’s, as its cookie holds it. */
  token: string;
  /** For requests over plain HTTP or HTTPS, as if from our own pages. */
  headers: { cookie: string; 'sec-fetch-site': string; 'convey-workspace': string };
}

/** Plants a user who is signed in, and a member of a workspace, without going through the routes. */
export async function plantMember(
  db: Pick<TestDatabase, 'asSuperuser'>,
  workspaceId: string,
  role: Role,
  { audiences = role === 'editor' ? ['public'] : null }: { audiences?: string[] | null } = {},
): Promise<Person> {
  const userId = newId('usr');
  const sessionId = newId('ses');
  const email = `${userId}@example.com`;
  const token = newSecretToken();
  await db.asSuperuser(`insert into users (id, email, email_key, name) values ($1, $2, $2, $3)`, [
    userId,
    email,
    `Test ${role}`,
  ]);
  await db.asSuperuser(
    `insert into members (workspace_id, user_id, role, audiences) values ($1, $2, $3, $4)`,
    [workspaceId, userId, role, audiences],
  );
  await db.asSuperuser(
    `insert into sessions (id, user_id, token_hash, workspace_id, method, ip, user_agent, expires_at)
     values ($1, $2, $3, $4, 'password', '127.0.0.1', 'test', now() + interval '1 day')`,
    [sessionId, userId, hashSecretToken(token), workspaceId],
  );
  const headers = {
    cookie: `convey_session=${token}; __Host-convey_session=${token}`,
    'sec-fetch-site': 'same-origin',
    'convey-workspace': workspaceId,
  };
  return { userId, sessionId, email, token, headers };
}
