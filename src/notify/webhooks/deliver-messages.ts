import { bySystem } from '../../audit/record-event.ts';
import type { Database } from '../../database/connect.ts';
import type { Log } from '../../log.ts';
import { OutboxLoop } from '../outbox/outbox-loop.ts';
import { retryAt } from '../outbox/retry-at.ts';
import type { Attempt } from './deliveries.ts';
import { SEND_TIMEOUT_MS, type SendFailure, sendMessage, type SendOutcome } from './send-message.ts';
import { note, openWebhook, type WebhookDependencies } from './webhooks.ts';
import { signedHeaders } from './sign-message.ts';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

/** Waits after each failed try (Standard Webhooks 1.0, “retries”); after the last, the message has failed. */
export const DELIVERY_DELAYS: readonly number[] = [
  5 * SECOND,
  5 * MINUTE,
  30 * MINUTE,
  2 * HOUR,
  5 * HOUR,
  10 * HOUR,
  14 * HOUR,
  20 * HOUR,
  24 * HOUR,
];
/** A webhook that nothing arrives at for this long is switched off. */
const DISABLED_AFTER_MS = 5 * 24 * HOUR;
const AT_ONCE = 64;
const PER_WEBHOOK = 4;
const GONE = 410;
/** Replies whose Retry-After counts. */
const BUSY = new Set([429, 503]);

interface Claimed {
  id: string;
  workspace_id: string;
  webhook_id: string;
  message_id: string;
  payload: string;
  attempts: Attempt[];
  /** End of the lease: see `claimDue`. */
  next_attempt_at: Date;
}

export interface DeliverDependencies extends WebhookDependencies {
  log: Log;
  now?: () => Date;
  timeoutMs?: number;
}

/** The loop that sends messages to webhooks. */
export function deliveryLoop(dependencies: DeliverDependencies): OutboxLoop<Claimed> {
  const { database, log, now = () => new Date() } = dependencies;
  return new OutboxLoop<Claimed>(database, log, {
    table: 'webhook_deliveries',
    leaseMs: 4 * SEND_TIMEOUT_MS,
    atOnce: AT_ONCE,
    perGroup: PER_WEBHOOK,
    groupOf: ({ webhook_id: id }) => id,
    now,
    handle: (delivery) => deliver({ ...dependencies, now }, delivery),
  });
}

async function deliver(
  { database, sealedTexts, targets, log, now, timeoutMs }: DeliverDependencies & { now: () => Date },
  delivery: Claimed,
): Promise<void> {
  const at = now();
  const webhook = await openWebhook(
    { database, sealedTexts },
    delivery.workspace_id,
    delivery.webhook_id,
    at,
  );
  if (webhook === undefined) return; // deleted, and its deliveries with it
  if (webhook.isDisabled) return settle(database, delivery, at, 0, failed('webhook_disabled'));
  const headers = signedHeaders(webhook.secrets, delivery.message_id, at, delivery.payload);
  const startedAt = performance.now();
  const outcome = await sendMessage(webhook.url, headers, delivery.payload, {
    ...targets,
    now,
    ...(timeoutMs === undefined ? {} : { timeoutMs }),
  });
  await settle(database, delivery, at, Math.round(performance.now() - startedAt), outcome);
  if (!isTaken(outcome)) {
    const { id: delivery_id, webhook_id } = delivery;
    log.warn('a webhook did not take a message', { webhook_id, delivery_id, ...outcome });
  }
}

/** Writes down what came of a try, unless the lease ran out meanwhile and another server has it. */
async function settle(
  database: Database,
  delivery: Claimed,
  at: Date,
  durationMs: number,
  outcome: SendOutcome,
): Promise<void> {
  const { id, workspace_id: workspaceId, webhook_id: webhookId, attempts, next_attempt_at: lease } = delivery;
  const { status, error } = outcome;
  const attempt: Attempt = { at: at.toISOString(), status, duration_ms: durationMs, error };
  const series = [...attempts.slice(attempts.findLastIndex((one) => one.error === 'replayed') + 1), attempt];
  const waitMs = status !== null && BUSY.has(status) ? outcome.retryAfterMs : 0;
  const isLast = status === GONE || error === 'webhook_disabled';
  const next = isLast ? undefined : retryAt(at, DELIVERY_DELAYS, series.length, { waitMs });
  const taken = isTaken(outcome);
  await database.inScope({ workspaceId }, async (transaction) => {
    const rows = await transaction.query(
      `update webhook_deliveries set attempts = attempts || $3::jsonb, status = $4,
              delivered_at = case when $4 = 'delivered' then $5::timestamptz end,
              next_attempt_at = coalesce($6, next_attempt_at)
        where id = $1 and status = 'queued' and next_attempt_at = $2 returning id`,
      [
        id,
        lease,
        JSON.stringify(attempt),
        taken ? 'delivered' : next === undefined ? 'failed' : 'queued',
        at,
        taken ? null : (next ?? null),
      ],
    );
    if (rows.length === 0 || error === 'webhook_disabled') return;
    const [webhook] = await transaction.query<{ failing_since: Date | null }>(
      `update webhooks set failing_since = case when $3 then null else coalesce(failing_since, $4) end
        where workspace_id = $1 and id = $2 and disabled_at is null returning failing_since`,
      [workspaceId, webhookId, taken, at],
    );
    const since = webhook?.failing_since ?? at;
    const isDead = at.getTime() - since.getTime() >= DISABLED_AFTER_MS;
    if (webhook === undefined || (status !== GONE && !isDead)) return;
    const reason = status === GONE ? 'gone' : 'nothing_arrived';
    await transaction.query(
      'update webhooks set disabled_at = $3, disabled_reason = $4 where workspace_id = $1 and id = $2',
      [workspaceId, webhookId, at, reason],
    );
    await note(transaction, workspaceId, bySystem, {
      id: webhookId,
      action: 'webhook.disabled',
      details: { reason, failing_since: since.toISOString() },
      changes: { disabled: { before: false, after: true } },
    });
  });
}

function isTaken({ status }: SendOutcome): boolean {
  return status !== null && status >= 200 && status < 300;
}

function failed(error: SendFailure): SendOutcome {
  return { status: null, error, retryAfterMs: 0 };
}
