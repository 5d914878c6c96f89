import type { Transaction } from '../../database/connect.ts';
import { newId } from '../../ids.ts';
import { NOW } from '../staging/stage-sql.ts';

/** Personal workspaces of a product's accounts, as far as they exist: account → workspace. */
export async function findPersonalWorkspaces(
  transaction: Transaction,
  product: string,
  accountIds: readonly string[],
): Promise<Map<string, string>> {
  if (accountIds.length === 0) return new Map();
  const rows = await transaction.query<{ id: string; account_id: string }>(
    `select id, account_id from workspaces where kind = 'personal' and product = $1 and account_id = any($2::text[])`,
    [product, accountIds],
  );
  return new Map(rows.map(({ id, account_id: accountId }) => [accountId, id]));
}

/** The personal workspace of one account of the product that a team workspace belongs to. */
export async function findPersonalWorkspace(
  transaction: Transaction,
  teamWorkspaceId: string,
  accountId: string,
): Promise<string | undefined> {
  const [row] = await transaction.query<{ id: string }>(
    `select p.id from workspaces t join workspaces p on p.product = t.product and p.kind = 'personal'
      where t.id = $1 and t.kind = 'team' and p.account_id = $2`,
    [teamWorkspaceId, accountId],
  );
  return row?.id;
}

/** Like `findPersonalWorkspaces`, with those that were missing made. */
export async function ensurePersonalWorkspaces(
  transaction: Transaction,
  product: string,
  accountIds: readonly string[],
): Promise<Map<string, string>> {
  const found = await findPersonalWorkspaces(transaction, product, accountIds);
  // In one order everywhere: two transactions that make the same ones must not wait for each other.
  const missing = accountIds.filter((id) => !found.has(id)).sort();
  if (missing.length === 0) return found;
  await transaction.query(
    `insert into workspaces (id, kind, name, product, account_id)
     select w.id, 'personal', 'Personal', $1, w.account_id from unnest($2::text[], $3::text[]) w(id, account_id)
     on conflict (product, account_id) where kind = 'personal' do nothing`,
    [product, missing.map(() => newId('wsp')), missing],
  );
  return findPersonalWorkspaces(transaction, product, accountIds);
}

/**
 * Puts the account that owns the current (personal) workspace into it, as a stub: what Convey was told of
 * the person stays in the workspace that was told.
 */
export async function ensureAccountStub(
  transaction: Transaction,
  workspaceId: string,
  accountId: string,
  feedEpoch: number,
): Promise<void> {
  await transaction.query(
    `insert into accounts (workspace_id, id, ref, created_at, written_at, changed_epoch, changed_xid)
     values ($1, $2, $3, ${NOW}, ${NOW}, $4, pg_current_xact_id()) on conflict (workspace_id, id) do nothing`,
    [workspaceId, accountId, newId('act'), feedEpoch],
  );
}

/** Threads of a product, as far as there are such: conversation → personal workspace. */
export async function findPersonalThreads(
  transaction: Transaction,
  product: string,
  conversationIds: readonly string[],
): Promise<Map<string, string>> {
  if (conversationIds.length === 0) return new Map();
  const rows = await transaction.query<{ conversation_id: string; workspace_id: string }>(
    `select conversation_id, workspace_id from personal_threads
      where product = $1 and conversation_id = any($2::text[])`,
    [product, conversationIds],
  );
  return new Map(rows.map((row) => [row.conversation_id, row.workspace_id]));
}

/** Notes where threads are; they must have been stored. */
export async function notePersonalThreads(
  transaction: Transaction,
  product: string,
  workspaceId: string,
  conversationIds: readonly string[],
): Promise<void> {
  if (conversationIds.length === 0) return;
  await transaction.query(
    `insert into personal_threads (product, conversation_id, workspace_id)
     select $1, id, $2 from unnest($3::text[]) id on conflict (product, conversation_id) do nothing`,
    [product, workspaceId, conversationIds],
  );
}
