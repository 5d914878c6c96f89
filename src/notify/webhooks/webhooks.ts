import type { AuditEvent } from '../../audit/record-event.ts';
import { recordEvent } from '../../audit/record-event.ts';
import type { JsonObject } from '../../canonical-json.ts';
import type { Database, Transaction } from '../../database/connect.ts';
import { ConveyError } from '../../errors.ts';
import type { Page } from '../../http/paging.ts';
import { newId } from '../../ids.ts';
import type { SealedTexts } from '../../keys/sealed-texts.ts';
import { checkTarget, type TargetRules } from './check-target.ts';
import { newKeyPair, newSecret, type SigningSecrets } from './sign-message.ts';
import { webhookChanges } from './webhook-changes.ts';
import { tooManyWebhooks, unknownWebhook } from './webhooks.errors.ts';

const MOST_WEBHOOKS = 20;
/** How long the secret before signs too, after a rotation. */
const ROTATION = '24 hours';

export interface WebhookDependencies {
  database: Database;
  sealedTexts: SealedTexts;
  targets: TargetRules;
}

/** Why a webhook is off: somebody did it, it answered 410, or nothing arrived for days. */
export const disabledReasons = ['by_hand', 'gone', 'nothing_arrived'] as const;

export interface Webhook {
  id: string;
  url: string;
  description: string;
  events: string[];
  publicKey: string;
  previousUntil: Date | null;
  createdBy: string;
  createdAt: Date;
  failingSince: Date | null;
  disabledAt: Date | null;
  disabledReason: (typeof disabledReasons)[number] | null;
}

export interface NewWebhook {
  url: string;
  description: string;
  events: readonly string[];
}

/** Who acted, as parts of an audit event. */
export type By = Pick<AuditEvent, 'actor' | 'interface' | 'personal'>;

const COLUMNS = `id, url, description, events, public_key as "publicKey", previous_until as "previousUntil",
  created_by as "createdBy", created_at as "createdAt", failing_since as "failingSince",
  disabled_at as "disabledAt", disabled_reason as "disabledReason"`;

const secretContext = (id: string) => `webhooks.sealed_secret ${id}`;
const privateKeyContext = (id: string) => `webhooks.sealed_private_key ${id}`;

/** Sets up a webhook. The secret is in the result and never shown again. @throws webhooks.bad_url, webhooks.too_many */
export async function createWebhook(
  { database, sealedTexts, targets }: WebhookDependencies,
  workspaceId: string,
  { url, description, events }: NewWebhook,
  by: By,
): Promise<{ webhook: Webhook; secret: string }> {
  await checkTarget(url, targets);
  const id = newId('whk');
  const secret = newSecret();
  const { privateKey, publicKey } = newKeyPair();
  const sealedSecret = await sealedTexts.seal(secret, secretContext(id));
  const sealedKey = await sealedTexts.seal(privateKey, privateKeyContext(id));
  return database.inScope({ workspaceId }, async (transaction) => {
    // The lock makes two that come at once count each other.
    await transaction.query('select 1 from workspaces where id = $1 for no key update', [workspaceId]);
    const [count] = await transaction.query<{ n: number }>(
      'select count(*) as n from webhooks where workspace_id = $1',
      [workspaceId],
    );
    if (count!.n >= MOST_WEBHOOKS) throw new ConveyError(tooManyWebhooks, `It may have ${MOST_WEBHOOKS}.`);
    const [webhook] = await transaction.query<Webhook>(
      `insert into webhooks (workspace_id, id, url, description, events, sealed_secret, sealed_private_key,
         public_key, created_by)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9) returning ${COLUMNS}`,
      [workspaceId, id, url, description, events, sealedSecret, sealedKey, publicKey, by.actor.ref],
    );
    await note(transaction, workspaceId, by, {
      id,
      action: 'webhook.created',
      details: { events },
      changes: webhookChanges(null, webhook!),
    });
    return { webhook: webhook!, secret };
  });
}

/** The webhooks of a workspace, newest first, from a page on. */
export function listWebhooks(
  transaction: Transaction,
  workspaceId: string,
  { after, limit }: Page,
): Promise<Webhook[]> {
  return transaction.query<Webhook>(
    `select ${COLUMNS} from webhooks
      where workspace_id = $1
        and ($2::text is null or (created_at, id) < (
          select created_at, id from webhooks where workspace_id = $1 and id = $2))
      order by webhooks.created_at desc, webhooks.id desc limit $3`,
    [workspaceId, after ?? null, limit],
  );
}

/** One webhook. @throws webhooks.not_found */
export async function getWebhook(
  transaction: Transaction,
  workspaceId: string,
  id: string,
): Promise<Webhook> {
  const [webhook] = await transaction.query<Webhook>(
    `select ${COLUMNS} from webhooks where workspace_id = $1 and id = $2`,
    [workspaceId, id],
  );
  if (webhook === undefined) throw new ConveyError(unknownWebhook);
  return webhook;
}

export interface WebhookChange extends Partial<NewWebhook> {
  /** False also forgets that it was failing. */
  disabled?: boolean;
}

/** Changes a webhook. @throws webhooks.not_found, webhooks.bad_url */
export async function changeWebhook(
  { database, targets }: WebhookDependencies,
  workspaceId: string,
  id: string,
  change: WebhookChange,
  by: By,
): Promise<Webhook> {
  if (change.url !== undefined) await checkTarget(change.url, targets);
  const { url = null, description = null, events = null, disabled = null } = change;
  return database.inScope({ workspaceId }, async (transaction) => {
    const [before] = await transaction.query<Webhook>(
      `select ${COLUMNS} from webhooks where workspace_id = $1 and id = $2 for no key update`,
      [workspaceId, id],
    );
    if (before === undefined) throw new ConveyError(unknownWebhook);
    const [webhook] = await transaction.query<Webhook>(
      `update webhooks set
         url = coalesce($3, url), description = coalesce($4, description), events = coalesce($5, events),
         disabled_at = case when $6 then coalesce(disabled_at, now()) when not $6 then null else disabled_at end,
         disabled_reason = case when $6 then coalesce(disabled_reason, 'by_hand') when not $6 then null
           else disabled_reason end,
         failing_since = case when not $6 then null else failing_since end
       where workspace_id = $1 and id = $2 returning ${COLUMNS}`,
      [workspaceId, id, url, description, events, disabled],
    );
    await note(transaction, workspaceId, by, {
      id,
      action: 'webhook.changed',
      // Addresses and descriptions may name people; that they changed does not.
      details: {
        fields: Object.keys(change).sort(),
        ...(events === null ? {} : { events }),
        ...(disabled === null ? {} : { disabled }),
      },
      changes: webhookChanges(before, webhook!),
    });
    return webhook!;
  });
}

/** Deletes a webhook, and with it what was still to be sent to it. @throws webhooks.not_found */
export async function deleteWebhook(
  database: Database,
  workspaceId: string,
  id: string,
  by: By,
): Promise<void> {
  await database.inScope({ workspaceId }, async (transaction) => {
    const [before] = await transaction.query<Webhook>(
      `delete from webhooks where workspace_id = $1 and id = $2 returning ${COLUMNS}`,
      [workspaceId, id],
    );
    if (before === undefined) throw new ConveyError(unknownWebhook);
    const changes = webhookChanges(before, null);
    await note(transaction, workspaceId, by, { id, action: 'webhook.deleted', changes });
  });
}

/**
 * Gives a webhook a new secret, shown this once. The one before signs too for 24 hours; one before that, no
 * longer. The Ed25519 key stays: its public half is no secret. @throws webhooks.not_found
 */
export async function rotateSecret(
  { database, sealedTexts }: WebhookDependencies,
  workspaceId: string,
  id: string,
  by: By,
): Promise<{ webhook: Webhook; secret: string }> {
  const secret = newSecret();
  const sealed = await sealedTexts.seal(secret, secretContext(id));
  return database.inScope({ workspaceId }, async (transaction) => {
    const [webhook] = await transaction.query<Webhook>(
      `update webhooks set sealed_previous_secret = sealed_secret, sealed_secret = $3,
              previous_until = now() + interval '${ROTATION}'
        where workspace_id = $1 and id = $2 returning ${COLUMNS}`,
      [workspaceId, id, sealed],
    );
    if (webhook === undefined) throw new ConveyError(unknownWebhook);
    await note(transaction, workspaceId, by, {
      id,
      action: 'webhook.changed',
      details: { fields: ['secret'] },
    });
    return { webhook, secret };
  });
}

/** What the sender needs: the webhook with its secrets open; undefined when it was deleted. */
export async function openWebhook(
  { database, sealedTexts }: Pick<WebhookDependencies, 'database' | 'sealedTexts'>,
  workspaceId: string,
  id: string,
  now: Date,
): Promise<{ url: string; isDisabled: boolean; secrets: SigningSecrets } | undefined> {
  const [row] = await database.inScope({ workspaceId }, (transaction) =>
    transaction.query<{
      url: string;
      sealed_secret: string;
      sealed_previous_secret: string | null;
      previous_until: Date | null;
      sealed_private_key: string;
      public_key: string;
      disabled_at: Date | null;
    }>('select * from webhooks where workspace_id = $1 and id = $2', [workspaceId, id]),
  );
  if (row === undefined) return undefined;
  const isRotating = row.previous_until !== null && row.previous_until > now;
  const sealed = [row.sealed_secret, ...(isRotating ? [row.sealed_previous_secret!] : [])];
  return {
    url: row.url,
    isDisabled: row.disabled_at !== null,
    secrets: {
      secrets: await Promise.all(sealed.map((text) => sealedTexts.open(text, secretContext(id)))),
      privateKey: await sealedTexts.open(row.sealed_private_key, privateKeyContext(id)),
      publicKey: row.public_key,
    },
  };
}

/** Writes an audit event about a webhook: the last statement of the transaction. `changes`: before → after. */
export async function note(
  transaction: Transaction,
  workspaceId: string,
  by: By,
  {
    id,
    action,
    details = {},
    changes = {},
  }: {
    id: string;
    action: AuditEvent['action'];
    details?: JsonObject;
    changes?: Readonly<Record<string, JsonObject>>;
  },
): Promise<void> {
  const hasChanges = Object.keys(changes).length > 0;
  await recordEvent(transaction, workspaceId, {
    ...by,
    ...(hasChanges ? { personal: { ...by.personal, changes } } : {}),
    action,
    target: { type: 'webhook', ref: id },
    outcome: 'success',
    details,
  });
}
