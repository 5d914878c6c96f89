import type { JsonObject } from '../../canonical-json.ts';
import type { Database, Transaction } from '../../database/connect.ts';
import { ConveyError } from '../../errors.ts';
import type { Page } from '../../http/paging.ts';
import { queueMessage } from './publish-event.ts';
import { sendFailures } from './send-message.ts';
import { isDisabled, unknownDelivery } from './webhooks.errors.ts';
import { type By, getWebhook, note } from './webhooks.ts';

/** Why a try got no reply, or `replayed`: no try, but the mark that somebody had the message sent once more. */
export const attemptErrors = [...sendFailures, 'replayed'] as const;

/** One try, or the mark that somebody had the message sent once more: then the tries are counted anew. */
export interface Attempt {
  at: string;
  status: number | null;
  duration_ms: number;
  error: (typeof attemptErrors)[number] | null;
}

export interface Delivery {
  id: string;
  messageId: string;
  event: string;
  payload: string;
  status: 'queued' | 'delivered' | 'failed';
  attempts: Attempt[];
  createdAt: Date;
  nextAttemptAt: Date;
  deliveredAt: Date | null;
}

const COLUMNS = `id, message_id as "messageId", event, payload, status, attempts, created_at as "createdAt",
  next_attempt_at as "nextAttemptAt", delivered_at as "deliveredAt"`;

/** Puts a message back into the queue, with the mark. */
const AGAIN = `status = 'queued', next_attempt_at = now(), delivered_at = null, attempts = attempts ||
  jsonb_build_object('at', to_char(now() at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'), 'status', null,
    'duration_ms', 0, 'error', 'replayed')`;

/** Messages to a webhook, newest first. @throws webhooks.not_found */
export async function listDeliveries(
  transaction: Transaction,
  workspaceId: string,
  webhookId: string,
  { after, limit, status }: Page & { status: Delivery['status'] | undefined },
): Promise<Delivery[]> {
  await getWebhook(transaction, workspaceId, webhookId);
  return transaction.query<Delivery>(
    `select ${COLUMNS} from webhook_deliveries
      where workspace_id = $1 and webhook_id = $2 and ($3::text is null or status = $3)
        and ($4::text is null or (created_at, id) < (
          select created_at, id from webhook_deliveries where workspace_id = $1 and webhook_id = $2 and id = $4))
      order by webhook_deliveries.created_at desc, webhook_deliveries.id desc limit $5`,
    [workspaceId, webhookId, status ?? null, after ?? null, limit],
  );
}

/** Queues a test message. @throws webhooks.not_found, webhooks.disabled */
export async function sendTest(
  database: Database,
  workspaceId: string,
  webhookId: string,
): Promise<Delivery> {
  return database.inScope({ workspaceId }, async (transaction) => {
    await getEnabled(transaction, workspaceId, webhookId);
    const id = await queueMessage(transaction, workspaceId, [webhookId], 'webhook.test', {});
    const [delivery] = await transaction.query<Delivery>(
      `select ${COLUMNS} from webhook_deliveries where workspace_id = $1 and message_id = $2`,
      [workspaceId, id],
    );
    return delivery!;
  });
}

/**
 * Has one message sent once more, whatever became of it: same webhook-id, new timestamp and signatures.
 * @throws webhooks.not_found, webhooks.unknown_delivery, webhooks.disabled
 */
export async function replayDelivery(
  database: Database,
  workspaceId: string,
  webhookId: string,
  deliveryId: string,
  by: By,
): Promise<Delivery> {
  return database.inScope({ workspaceId }, async (transaction) => {
    await getEnabled(transaction, workspaceId, webhookId);
    const [delivery] = await transaction.query<Delivery>(
      `update webhook_deliveries set ${AGAIN}
        where workspace_id = $1 and webhook_id = $2 and id = $3 returning ${COLUMNS}`,
      [workspaceId, webhookId, deliveryId],
    );
    if (delivery === undefined) throw new ConveyError(unknownDelivery);
    const details: JsonObject = { delivery_id: deliveryId };
    await note(transaction, workspaceId, by, { id: webhookId, action: 'webhook.replayed', details });
    return delivery;
  });
}

/**
 * Has everything sent once more that was made since and did not get through: what has failed for good, and what
 * waits for another try after one that failed. What waits for its first try is on its way anyhow.
 * @returns how many @throws as `replayDelivery`
 */
export async function replayFailed(
  database: Database,
  workspaceId: string,
  webhookId: string,
  since: Date,
  by: By,
): Promise<number> {
  return database.inScope({ workspaceId }, async (transaction) => {
    await getEnabled(transaction, workspaceId, webhookId);
    const rows = await transaction.query(
      `update webhook_deliveries set ${AGAIN}
        where workspace_id = $1 and webhook_id = $2 and created_at >= $3
          and (status = 'failed' or (status = 'queued' and attempts -> -1 ->> 'error' is distinct from 'replayed'
            and jsonb_array_length(attempts) > 0))
        returning id`,
      [workspaceId, webhookId, since],
    );
    const details: JsonObject = { deliveries: rows.length, since: since.toISOString() };
    await note(transaction, workspaceId, by, { id: webhookId, action: 'webhook.replayed', details });
    return rows.length;
  });
}

async function getEnabled(transaction: Transaction, workspaceId: string, webhookId: string): Promise<void> {
  const { disabledAt } = await getWebhook(transaction, workspaceId, webhookId);
  if (disabledAt !== null) throw new ConveyError(isDisabled);
}
