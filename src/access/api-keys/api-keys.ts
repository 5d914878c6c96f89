import type { JsonObject } from '../../canonical-json.ts';
import { recordEvent } from '../../audit/record-event.ts';
import type { Database, Transaction } from '../../database/connect.ts';
import { ConveyError } from '../../errors.ts';
import type { Page } from '../../http/paging.ts';
import { newId } from '../../ids.ts';
import { badExpiry, badScopes, unknownKey } from '../access.errors.ts';
import { actedBy, type Actor } from '../actor.ts';
import { hashApiKey, hintOf, newApiKeyText } from './api-key-text.ts';
import { ensureName } from '../name.ts';
import { ensureNetworks } from '../networks.ts';
import { API_KEY_SCOPES, type ApiKeyScope, isApiKeyScope, type WorkspaceRules } from '../permissions.ts';

export interface ApiKey {
  id: string;
  workspaceId: string;
  name: string;
  /** How the key begins. */
  hint: string;
  scopes: ApiKeyScope[];
  createdAt: Date;
  expiresAt: Date | null;
  revokedAt: Date | null;
  /** To the minute. */
  lastUsedAt: Date | null;
  /** Addresses or CIDR networks it may be used from; empty: any. */
  allowedNetworks: string[];
  /** Id of the user or key that made it, or `operator`. */
  createdBy: string;
}

/** A key that somebody presented, as it stands now. */
export interface PresentedKey extends ApiKey {
  state: 'valid' | 'expired' | 'revoked';
  rules: WorkspaceRules;
}

const COLUMNS = `id, workspace_id as "workspaceId", name, hint, scopes, created_at as "createdAt",
  expires_at as "expiresAt", revoked_at as "revokedAt", last_used_at as "lastUsedAt",
  allowed_networks as "allowedNetworks", created_by as "createdBy"`;

/** Whether it works now, and by which rules. */
const STANDING = `case when revoked_at is not null then 'revoked'
       when expires_at <= now() then 'expired' else 'valid' end as state,
  (select jsonb_build_object('planFeatures', w.plan_features, 'tightening', w.tightening)
     from workspaces w where w.id = workspace_id) as rules`;

/**
 * Makes a key for a workspace. Its text is in the result and nowhere else: only its hash is stored.
 * Throws `access.bad_name`, `access.bad_scopes`, `access.bad_expiry` or `access.bad_network`.
 */
export async function createApiKey(
  database: Database,
  {
    workspaceId,
    name,
    scopes,
    expiresAt = null,
    allowedNetworks = [],
  }: {
    workspaceId: string;
    name: string;
    scopes: readonly string[];
    expiresAt?: Date | null;
    allowedNetworks?: readonly string[];
  },
  actor: Actor,
): Promise<{ key: ApiKey; text: string }> {
  ensureName(name);
  const known = [...new Set(scopes)].filter(isApiKeyScope);
  if (known.length === 0 || known.length < new Set(scopes).size) {
    throw new ConveyError(badScopes, `It takes ${API_KEY_SCOPES.join(', ')}.`);
  }
  if (expiresAt !== null && !(expiresAt.getTime() > Date.now())) throw new ConveyError(badExpiry);
  ensureNetworks(allowedNetworks);
  const text = newApiKeyText();
  return database.inScope({ workspaceId }, async (transaction) => {
    const [key] = await transaction.query<ApiKey>(
      `insert into api_keys
         (id, workspace_id, name, hint, secret_hash, scopes, expires_at, allowed_networks, created_by)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9) returning ${COLUMNS}`,
      [
        newId('key'),
        workspaceId,
        name,
        hintOf(text),
        hashApiKey(text),
        known,
        expiresAt,
        allowedNetworks,
        actor.ref,
      ],
    );
    const end = expiresAt?.toISOString() ?? null;
    await recordKeyEvent(transaction, key!, 'api_key.created', actor, {
      details: {
        scopes: known,
        expires_at: end,
        ...(allowedNetworks.length === 0 ? {} : { networks: allowedNetworks.length }),
      },
      // Names and addresses may be people's: they go with the part that can be erased.
      changes: {
        name: { before: null, after: name },
        scopes: { before: null, after: known },
        expires_at: { before: null, after: end },
        allowed_networks: { before: null, after: key!.allowedNetworks },
      },
    });
    return { key: key!, text };
  });
}

/**
 * Finds a presented key, whatever its state, with one look at one index: an unknown key costs the same as a
 * known one. Notes the use, at most once a minute, so that reading does not become writing.
 */
export async function findPresentedKey(database: Database, text: string): Promise<PresentedKey | undefined> {
  const [key] = await database.querySystem<PresentedKey & { isUseOld: boolean }>(
    `select ${COLUMNS}, ${STANDING},
            coalesce(last_used_at < now() - interval '1 minute', true) as "isUseOld"
       from api_keys where secret_hash = $1`,
    [hashApiKey(text)],
  );
  if (key?.state === 'valid' && key.isUseOld) {
    await database.querySystem(
      `update api_keys set last_used_at = now()
        where id = $1 and coalesce(last_used_at < now() - interval '1 minute', true)`,
      [key.id],
    );
  }
  return key;
}

/** A key of a workspace as it stands now, without its being used. */
export async function findApiKey(
  transaction: Transaction,
  workspaceId: string,
  id: string,
): Promise<PresentedKey | undefined> {
  const [key] = await transaction.query<PresentedKey>(
    `select ${COLUMNS}, ${STANDING} from api_keys where workspace_id = $1 and id = $2`,
    [workspaceId, id],
  );
  return key;
}

/** The keys of a workspace, revoked ones included, oldest first; with a page, that page of them. */
export async function listApiKeys(
  transaction: Transaction,
  workspaceId: string,
  { after, limit }: Partial<Page> = {},
): Promise<ApiKey[]> {
  return transaction.query<ApiKey>(
    `select ${COLUMNS} from api_keys
      where workspace_id = $1
        and ($2::text is null or (created_at, id) > (select created_at, id from api_keys where id = $2))
      order by created_at, id limit $3`,
    [workspaceId, after ?? null, limit ?? null],
  );
}

/**
 * Ends a key: its next request is refused. Ending it twice changes nothing and is recorded once. Throws
 * `access.unknown_key` for a key that is not the workspace's.
 */
export async function revokeApiKey(
  database: Database,
  { workspaceId, id }: { workspaceId: string; id: string },
  actor: Actor,
): Promise<ApiKey> {
  return database.inScope({ workspaceId }, async (transaction) => {
    const [revoked] = await transaction.query<ApiKey>(
      `update api_keys set revoked_at = now()
        where id = $1 and workspace_id = $2 and revoked_at is null returning ${COLUMNS}`,
      [id, workspaceId],
    );
    if (revoked !== undefined) {
      await recordKeyEvent(transaction, revoked, 'api_key.revoked', actor, {
        details: {},
        changes: { revoked: { before: false, after: true } },
      });
      return revoked;
    }
    const [before] = await transaction.query<ApiKey>(
      `select ${COLUMNS} from api_keys where id = $1 and workspace_id = $2`,
      [id, workspaceId],
    );
    if (before === undefined) throw new ConveyError(unknownKey);
    return before;
  });
}

async function recordKeyEvent(
  transaction: Transaction,
  { id, workspaceId, name }: ApiKey,
  action: 'api_key.created' | 'api_key.revoked',
  actor: Actor,
  { details, changes }: { details: JsonObject; changes: JsonObject },
): Promise<void> {
  await recordEvent(transaction, workspaceId, {
    ...actedBy(actor, { names: { api_key: name }, changes }),
    action,
    target: { type: 'api_key', ref: id },
    outcome: 'success',
    details,
  });
}
