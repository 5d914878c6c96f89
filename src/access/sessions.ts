import type { Config } from '../config.ts';
import type { Database, Transaction } from '../database/connect.ts';
import { newId } from '../ids.ts';
import { hashSecretToken, newSecretToken } from './secret-token.ts';

/** How long sessions last. */
export interface SessionLimits {
  /** Without a request for this long it ends. */
  idleMs: number;
  /** However busy, it ends after this. */
  maxMs: number;
}

/** The limits that the settings say. */
export function sessionLimits(config: Pick<Config, 'sessionIdleMs' | 'sessionMaxMs'>): SessionLimits {
  return { idleMs: config.sessionIdleMs, maxMs: config.sessionMaxMs };
}

/** How a session begins. */
export interface NewSession {
  userId: string;
  method: 'password' | 'oidc' | 'link';
  /** It opens nothing before the second factor; then it is replaced, so that its token changes. */
  awaitsSecondFactor: boolean;
  ip: string;
  userAgent: string;
}

/** A session whose second factor is still to come ends after this. */
const SECOND_FACTOR_MS = 5 * 60_000;
const MAX_USER_AGENT_CHARACTERS = 512;

/**
 * Opens a session in the user's first workspace. Its token is in the result and nowhere else.
 * Part of the caller's transaction, which records the sign-in.
 */
export async function openSession(
  transaction: Transaction,
  { userId, method, awaitsSecondFactor, ip, userAgent }: NewSession,
  { maxMs }: SessionLimits,
): Promise<{ id: string; token: string; expiresAt: Date }> {
  const token = newSecretToken();
  const id = newId('ses');
  const [row] = await transaction.query<{ expires_at: Date }>(
    `insert into sessions
       (id, user_id, token_hash, workspace_id, method, awaits_second_factor, ip, user_agent, expires_at)
     values ($1, $2, $3,
             (select workspace_id from members where user_id = $2 order by created_at, workspace_id limit 1),
             $4, $5, $6, $7, now() + $8 * interval '1 millisecond')
     returning expires_at`,
    [
      id,
      userId,
      hashSecretToken(token),
      method,
      awaitsSecondFactor,
      ip,
      userAgent.slice(0, MAX_USER_AGENT_CHARACTERS).toWellFormed().replaceAll('\0', ''),
      awaitsSecondFactor ? SECOND_FACTOR_MS : maxMs,
    ],
  );
  return { id, token, expiresAt: row!.expires_at };
}

/** A session that is open, with its user, and the user's place in the workspace it is about. */
export interface OpenSession {
  id: string;
  userId: string;
  name: string;
  email: string;
  method: string;
  awaitsSecondFactor: boolean;
  hasSecondFactor: boolean;
  membership: {
    workspaceId: string;
    role: string;
    audiences: string[] | null;
    planFeatures: string[] | null;
    tightening: Record<string, string[]>;
    requiresSecondFactor: boolean;
  } | null;
}

/**
 * Finds the session of a token with one statement, and notes the visit at most once a minute.
 * @param wanted short name or id of the workspace that the request names; else the session's own counts
 */
export async function findSession(
  database: Database,
  token: string,
  wanted: string | undefined,
  { idleMs }: SessionLimits,
): Promise<OpenSession | undefined> {
  const [session] = await database.querySystem<OpenSession & { isVisitOld: boolean }>(
    `select s.id, s.user_id as "userId", u.name, u.email, s.method,
              s.awaits_second_factor as "awaitsSecondFactor",
              u.totp_confirmed_at is not null as "hasSecondFactor",
              s.last_seen_at < now() - interval '1 minute' as "isVisitOld",
              (select jsonb_build_object('workspaceId', w.id, 'role', m.role, 'audiences', m.audiences,
                      'planFeatures', w.plan_features, 'tightening', w.tightening,
                      'requiresSecondFactor', w.requires_second_factor)
                 from members m join workspaces w on w.id = m.workspace_id
                where m.user_id = u.id
                  and case when $2::text is null then w.id = s.workspace_id else w.id = $2 or w.slug = $2 end
              ) as membership
         from sessions s join users u on u.id = s.user_id
        where s.token_hash = $1 and s.ended_at is null and s.expires_at > now() and u.disabled_at is null
          and s.last_seen_at > now() - $3 * interval '1 millisecond'`,
    [hashSecretToken(token), wanted ?? null, idleMs],
  );
  if (session?.isVisitOld) {
    await database.querySystem('update sessions set last_seen_at = now() where id = $1', [session.id]);
  }
  return session;
}

/** Ends sessions of a user: one, or all but one. Their tokens open nothing from then on. */
export async function endSessions(
  transaction: Transaction,
  userId: string,
  which: { id: string } | { except: string | undefined },
): Promise<number> {
  const rows = await transaction.query(
    `update sessions set ended_at = now()
      where user_id = $1 and ended_at is null and ($2::text is null or id = $2) and id is distinct from $3
      returning id`,
    [userId, 'id' in which ? which.id : null, 'except' in which ? (which.except ?? null) : null],
  );
  return rows.length;
}

/** Ends the session of a token, if it is this user’s: the browser that brings it gets another. */
export async function endSessionOf(transaction: Transaction, userId: string, token: string): Promise<void> {
  await transaction.query(
    'update sessions set ended_at = now() where token_hash = $1 and user_id = $2 and ended_at is null',
    [hashSecretToken(token), userId],
  );
}

/** An open session, as its user sees it in the list. */
export interface ListedSession {
  id: string;
  method: string;
  ip: string;
  userAgent: string;
  createdAt: Date;
  lastSeenAt: Date;
  expiresAt: Date;
}

/** The open sessions of a user, the one used last first. Those that still wait for a second factor open nothing and are left out. */
export async function listSessions(
  transaction: Transaction,
  userId: string,
  { idleMs }: SessionLimits,
): Promise<ListedSession[]> {
  return transaction.query<ListedSession>(
    `select id, method, ip, user_agent as "userAgent", created_at as "createdAt",
            last_seen_at as "lastSeenAt", expires_at as "expiresAt"
       from sessions
      where user_id = $1 and ended_at is null and expires_at > now() and not awaits_second_factor
        and last_seen_at > now() - $2 * interval '1 millisecond'
      order by last_seen_at desc, id`,
    [userId, idleMs],
  );
}
