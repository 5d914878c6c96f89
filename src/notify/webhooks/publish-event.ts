import type { JsonObject } from '../../canonical-json.ts';
import { canonicalJson } from '../../canonical-json.ts';
import type { Transaction } from '../../database/connect.ts';
import { newId } from '../../ids.ts';

/** What webhooks can be told, each with a sentence for the docs. */
export const webhookEvents = {
  'export.ready': 'An export is finished and may be fetched.',
  'export.failed': 'An export ended without a usable file; `code` says why.',
  'export.expired': 'The files of an export were deleted because their time was over.',
  'export.downloaded': 'An export was fetched to its last byte.',
  'schedule.paused': 'A schedule cannot go on and was paused; `reason` and `code` say why.',
  'audit.checkpoint': 'The audit log’s chain was signed; keep the checkpoint somewhere else.',
  'audit.contradiction':
    'The audit log is shorter than, or not the one, that a checkpoint noted: somebody must look.',
  'webhook.test': 'Somebody asked for a test message.',
} as const satisfies Record<string, string>;

export type WebhookEvent = keyof typeof webhookEvents;

/** What a webhook can be set up for: all but the test, which comes to whom it was asked for. */
export const subscribableEvents = (Object.keys(webhookEvents) as WebhookEvent[]).filter(
  (name) => name !== 'webhook.test',
) as [WebhookEvent, ...WebhookEvent[]];

/**
 * Queues a message for every webhook of the workspace that wants this event, in the caller's transaction (in the
 * workspace's scope): what was rolled back is told to nobody. The body is thin: refs, counts and codes, never
 * personal data.
 */
export async function publishEvent(
  transaction: Transaction,
  workspaceId: string,
  type: WebhookEvent,
  data: JsonObject,
): Promise<void> {
  const webhooks = await transaction.query<{ id: string }>(
    `select id from webhooks where workspace_id = $1 and disabled_at is null and $2 = any (events)`,
    [workspaceId, type],
  );
  if (webhooks.length === 0) return;
  const ids = webhooks.map(({ id }) => id);
  await queueMessage(transaction, workspaceId, ids, type, data);
}

/** Queues one message for these webhooks. @returns its id, the same for all of them */
export async function queueMessage(
  transaction: Transaction,
  workspaceId: string,
  webhookIds: readonly string[],
  type: WebhookEvent,
  data: JsonObject,
): Promise<string> {
  const messageId = newId('msg');
  const payload = canonicalJson({ type, timestamp: new Date().toISOString(), data });
  await transaction.query(
    `insert into webhook_deliveries (id, workspace_id, webhook_id, message_id, event, payload, status)
     select delivery.id, $1, delivery.webhook_id, $4, $5, $6, 'queued'
       from unnest($2::text[], $3::text[]) as delivery (id, webhook_id)`,
    [workspaceId, webhookIds.map(() => newId('dlv')), webhookIds, messageId, type, payload],
  );
  return messageId;
}
