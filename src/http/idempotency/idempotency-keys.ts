import type { Database, Transaction } from '../../database/connect.ts';

/** Names one request that may come again: who sends it, to which route, under which key. */
export interface OnceKey {
  /** Id of the principal. */
  principal: string;
  /** Method and route. */
  route: string;
  /** SHA-256 of the key, hexadecimal. */
  keyHash: string;
}

/** What is known of a key: this is the first request, it still runs, it was another one, or it was answered. */
export type KeyState =
  | { state: 'first' | 'running' | 'other' }
  | { state: 'done'; status: number; resource: string | null };

/** Contract §2. */
const KEPT = '24 hours';
/** A first request that gave no answer for so long died with its server; no request of ours runs longer. */
const BROKEN_OFF_AFTER = '10 minutes';
/** Of a request that died after it had made its thing: it was accepted. */
const ACCEPTED = 202;

const THIS_KEY = 'principal = $1 and route = $2 and key_hash = $3';
const valuesOf = ({ principal, route, keyHash }: OnceKey) => [principal, route, keyHash];

/** Takes a key for the request that comes first; of many at once one gets it. */
export async function claimKey(
  database: Database,
  key: OnceKey,
  { workspaceId, bodySha256 }: { workspaceId: string; bodySha256: string },
): Promise<KeyState> {
  const first = await database.querySystem(
    `insert into idempotency_keys as known (principal, route, key_hash, workspace_id, body_sha256)
     values ($1, $2, $3, $4, $5)
     on conflict (principal, route, key_hash) do update set
       workspace_id = excluded.workspace_id, body_sha256 = excluded.body_sha256, status = null, resource = null,
       created_at = now()
     where known.created_at < now() - interval '${KEPT}'
        or (known.status is null and known.resource is null
            and known.created_at < now() - interval '${BROKEN_OFF_AFTER}')
     returning principal`,
    [...valuesOf(key), workspaceId, bodySha256],
  );
  if (first.length > 0) return { state: 'first' };
  const [known] = await database.querySystem<{
    body_sha256: string;
    status: number | null;
    resource: string | null;
    is_broken_off: boolean;
  }>(
    `select body_sha256, status, resource, created_at < now() - interval '${BROKEN_OFF_AFTER}' as is_broken_off
       from idempotency_keys where ${THIS_KEY}`,
    valuesOf(key),
  );
  if (known === undefined) return { state: 'running' }; // it failed this moment: the next try is a first one
  if (known.body_sha256 !== bodySha256) return { state: 'other' };
  if (known.status === null && !known.is_broken_off) return { state: 'running' };
  return { state: 'done', status: known.status ?? ACCEPTED, resource: known.resource };
}

/**
 * Notes what the first request makes, in the transaction that makes it: should the server die before it answers,
 * the thing is not made a second time.
 */
export async function noteResource(transaction: Transaction, key: OnceKey, resource: string): Promise<void> {
  await transaction.query(`update idempotency_keys set resource = $4 where ${THIS_KEY} and status is null`, [
    ...valuesOf(key),
    resource,
  ]);
}

/** Keeps the answer of a first request: its status, and the id of what it made. */
export async function settleKey(
  database: Database,
  key: OnceKey,
  { status, resource }: { status: number; resource: string | null },
): Promise<void> {
  await database.querySystem(
    `update idempotency_keys set status = $4, resource = coalesce(resource, $5) where ${THIS_KEY} and status is null`,
    [...valuesOf(key), status, resource],
  );
}

/** Lets a key go whose request failed: the next with it is a first one. Unless the thing was made nevertheless. */
export async function freeKey(database: Database, key: OnceKey): Promise<void> {
  await database.querySystem(
    `delete from idempotency_keys where ${THIS_KEY} and status is null and resource is null`,
    valuesOf(key),
  );
  await settleKey(database, key, { status: ACCEPTED, resource: null });
}

/** Deletes keys whose 24 hours are over. Runs now and then. */
export async function sweepKeys(database: Database): Promise<void> {
  await database.querySystem(`delete from idempotency_keys where created_at < now() - interval '${KEPT}'`);
}
