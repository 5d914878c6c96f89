import type { Transaction } from '../../database/connect.ts';
import { ConveyError } from '../../errors.ts';
import { newId } from '../../ids.ts';
import { hashSecretToken, newSecretToken } from '../secret-token.ts';
import type { Role } from '../permissions.ts';
import { unknownLink } from './sign-in.errors.ts';

export type OneTimeLinkKind = 'first_owner' | 'invite' | 'reset';

/** How long each kind works, and the page of the web app that opens it. */
const kinds: Record<OneTimeLinkKind, { lastsMs: number; page: string }> = {
  first_owner: { lastsMs: 24 * 3_600_000, page: 'first-owner' },
  invite: { lastsMs: 7 * 24 * 3_600_000, page: 'invite' },
  reset: { lastsMs: 3_600_000, page: 'reset' },
};

/** What a link is for. An invitation has email, workspace and role, and of an editor the audiences. */
export interface NewOneTimeLink {
  kind: OneTimeLinkKind;
  email?: string;
  userId?: string;
  workspaceId?: string;
  role?: Role;
  audiences?: readonly string[] | null;
  /** Id of the user who makes it, `operator` or `system`. */
  createdBy: string;
}

export interface OneTimeLink {
  id: string;
  kind: OneTimeLinkKind;
  email: string | null;
  userId: string | null;
  workspaceId: string | null;
  role: Role | null;
  audiences: string[] | null;
  createdBy: string;
  expiresAt: Date;
}

const COLUMNS = `id, kind, email, user_id as "userId", workspace_id as "workspaceId", role, audiences,
  created_by as "createdBy", expires_at as "expiresAt"`;

/**
 * Makes a link that works once: the first owner's for 24 hours, an invitation for 7 days, a reset for 60 minutes.
 * Its token is in the result and nowhere else; part of the caller's transaction, which records why.
 */
export async function makeOneTimeLink(
  transaction: Transaction,
  { kind, email, userId, workspaceId, role, audiences, createdBy }: NewOneTimeLink,
): Promise<{ id: string; token: string; expiresAt: Date }> {
  const token = newSecretToken();
  const id = newId('lnk');
  const [row] = await transaction.query<{ expires_at: Date }>(
    `insert into one_time_links
       (id, kind, token_hash, email, user_id, workspace_id, role, audiences, created_by, expires_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, now() + $10 * interval '1 millisecond') returning expires_at`,
    [
      id,
      kind,
      hashSecretToken(token),
      email ?? null,
      userId ?? null,
      workspaceId ?? null,
      role ?? null,
      audiences ?? null,
      createdBy,
      kinds[kind].lastsMs,
    ],
  );
  return { id, token, expiresAt: row!.expires_at };
}

/** Where a person opens it. The token stands behind `#`: browsers send that part to nobody, so no log has it. */
export function oneTimeLinkAddress(publicUrl: string, kind: OneTimeLinkKind, token: string): string {
  return `${publicUrl}/${kinds[kind].page}#${token}`;
}

/** Looks at a link without using it. Throws `access.unknown_link` unless it works. */
export async function getOneTimeLink(
  transaction: Transaction,
  kind: OneTimeLinkKind,
  token: string,
): Promise<OneTimeLink> {
  const [link] = await transaction.query<OneTimeLink>(
    `select ${COLUMNS} from one_time_links
      where token_hash = $1 and kind = $2 and used_at is null and expires_at > now()`,
    [hashSecretToken(token), kind],
  );
  if (link === undefined) throw new ConveyError(unknownLink);
  return link;
}

/**
 * Uses a link up: of two that come at once only one gets it, and it is as good as unused if the caller's
 * transaction fails. Throws `access.unknown_link` unless it works.
 */
export async function useOneTimeLink(
  transaction: Transaction,
  kind: OneTimeLinkKind,
  token: string,
): Promise<OneTimeLink> {
  const [link] = await transaction.query<OneTimeLink>(
    `update one_time_links set used_at = now()
      where token_hash = $1 and kind = $2 and used_at is null and expires_at > now() returning ${COLUMNS}`,
    [hashSecretToken(token), kind],
  );
  if (link === undefined) throw new ConveyError(unknownLink);
  return link;
}

/** Whether the link at an address of ours was used or withdrawn, or its time is over: it opens nothing any more. */
export async function isLinkOver(transaction: Transaction, address: string): Promise<boolean> {
  const token = new URL(address).hash.slice(1);
  const rows = await transaction.query(
    'select from one_time_links where token_hash = $1 and (used_at is not null or expires_at <= now())',
    [hashSecretToken(token)],
  );
  return rows.length > 0;
}

/** Ends what is left of a user's reset links: once a password is set, older mails open nothing. */
export async function endResetLinks(transaction: Transaction, userId: string): Promise<void> {
  await transaction.query(
    `update one_time_links set used_at = now() where user_id = $1 and kind = 'reset' and used_at is null`,
    [userId],
  );
}
