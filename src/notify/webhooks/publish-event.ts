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
  'audit.checkpoint': 'The audit log’s chain was signed; keep the checkpoint somewhere else.',
  'webhook.test': 'Somebody asked for a test message.',
} as const satisfies Record<string, string>;

export type WebhookEvent = keyof typeof webhookEvents;

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
  const messageId = newId('msg');
  const payload = canonicalJson({ type, timestamp: new Date().toISOString(), data });
  for (const { id } of webhooks) {
    await transaction.query(
      `insert into webhook_deliveries (id, workspace_id, webhook_id, message_id, event, payload, status)
       values ($1, $2, $3, $4, $5, $6, 'queued')`,
      [newId('dlv'), workspaceId, id, messageId, type, payload],
    );
  }
}
