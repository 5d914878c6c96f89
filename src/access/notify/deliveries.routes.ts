import { z } from 'zod';
import type { Database } from '../../database/connect.ts';
import { ConveyError } from '../../errors.ts';
import { badRequest } from '../../http/http.errors.ts';
import { endPage, nextCursor, pageOf, pageQuery } from '../../http/paging.ts';
import type { RegisterRoutes } from '../../http/route-config.ts';
import {
  attemptErrors,
  type Delivery,
  listDeliveries,
  replayDelivery,
  replayFailed,
  sendTest,
} from '../../notify/webhooks/deliveries.ts';
import { isDisabled, unknownDelivery, unknownWebhook } from '../../notify/webhooks/webhooks.errors.ts';
import { parseJson } from '../../parse-json.ts';
import { actedBy, actorOfRequest } from '../actor.ts';

const deliverySchema = z
  .object({
    id: z.string(),
    message_id: z.string().describe('The `webhook-id`: the same at every try.'),
    event: z.string(),
    payload: z.record(z.string(), z.any()).describe('The body that is signed and sent.'),
    status: z.enum(['queued', 'delivered', 'failed']),
    attempts: z.array(
      z.object({
        at: z.iso.datetime(),
        status: z.number().int().nullable().describe('HTTP status of the reply; null: there was none.'),
        duration_ms: z.number().int(),
        error: z
          .enum(attemptErrors)
          .nullable()
          .describe(
            'Why there was no reply: `timeout`, `address_refused`, `connection_failed`, `tls_failed`, `webhook_disabled`; or `replayed`: no try, but somebody had it sent once more.',
          ),
      }),
    ),
    created_at: z.iso.datetime(),
    next_attempt_at: z.iso.datetime().nullable().describe('Null: there is no more to come.'),
    delivered_at: z.iso.datetime().nullable(),
  })
  .meta({ id: 'WebhookDelivery' });

const webhookId = z.object({ id: z.string().describe('Id of the webhook (`whk_…`).') });
const permission = 'webhooks.manage';

/** `/v1/webhooks/{id}/…`: what was sent, tests, sending once more. */
export function deliveryRoutes({ database }: { database: Database }): RegisterRoutes {
  return (app) => {
    app.get(
      '/v1/webhooks/:id/deliveries',
      {
        config: { operation: 'listWebhookDeliveries', permission, errors: [unknownWebhook] },
        schema: {
          tags: ['webhooks'],
          summary: 'What was sent to a webhook in the last 30 days, newest first',
          params: webhookId,
          querystring: z.object({
            ...pageQuery,
            status: z.enum(['queued', 'delivered', 'failed']).optional().describe('Only these.'),
          }),
          response: { 200: z.object({ deliveries: z.array(deliverySchema), next_cursor: nextCursor }) },
        },
      },
      async (request, reply) => {
        const { scope, params, query } = request;
        const page = { ...pageOf(query), status: query.status };
        const read = await database.inScope(scope, (transaction) =>
          listDeliveries(transaction, scope.workspaceId, params.id, page),
        );
        const { entries, next_cursor } = endPage(request, reply, read, query, ({ id }) => id);
        return { deliveries: entries.map(describeDelivery), next_cursor };
      },
    );

    app.post(
      '/v1/webhooks/:id/test',
      {
        config: { operation: 'testWebhook', permission, errors: [unknownWebhook, isDisabled] },
        schema: {
          tags: ['webhooks'],
          summary: 'Send a test message to a webhook',
          params: webhookId,
          response: { 202: deliverySchema },
        },
      },
      async ({ scope, params }, reply) =>
        reply.code(202).send(describeDelivery(await sendTest(database, scope.workspaceId, params.id))),
    );

    app.post(
      '/v1/webhooks/:id/deliveries/:delivery_id/replay',
      {
        config: {
          operation: 'replayWebhookDelivery',
          permission,
          errors: [unknownWebhook, unknownDelivery, isDisabled],
        },
        schema: {
          tags: ['webhooks'],
          summary: 'Send one message once more',
          params: z.object({
            ...webhookId.shape,
            delivery_id: z.string().describe('Id of the delivery (`dlv_…`).'),
          }),
          response: { 202: deliverySchema },
        },
      },
      async (request, reply) => {
        const { workspaceId } = request.scope;
        const { id, delivery_id: deliveryId } = request.params;
        const by = actedBy(actorOfRequest(request));
        const delivery = await replayDelivery(database, workspaceId, id, deliveryId, by);
        return reply.code(202).send(describeDelivery(delivery));
      },
    );

    app.post(
      '/v1/webhooks/:id/replay',
      {
        config: {
          operation: 'replayFailedDeliveries',
          permission,
          errors: [unknownWebhook, isDisabled, badRequest],
        },
        schema: {
          tags: ['webhooks'],
          summary: 'Send everything once more that failed since a time',
          description:
            'Messages that have failed for good, and those whose last try failed and that wait for the next, which they then need not wait for. Those that wait for their first try, or were sent once more already and wait for that, are left as they are.',
          params: webhookId,
          body: z.strictObject({
            since: z.iso
              .datetime({ offset: true })
              .describe('Messages that were made then or later. Not in the future.'),
          }),
          response: { 202: z.object({ deliveries: z.number().int().describe('How many.') }) },
        },
      },
      async (request, reply) => {
        const { scope, params, body } = request;
        const since = new Date(body.since);
        if (since.getTime() > Date.now()) {
          const fields = [{ pointer: '/since', detail: 'takes a time that has been' }];
          throw new ConveyError(badRequest, undefined, { fields });
        }
        const by = actedBy(actorOfRequest(request));
        const deliveries = await replayFailed(database, scope.workspaceId, params.id, since, by);
        return reply.code(202).send({ deliveries });
      },
    );
  };
}

function describeDelivery(delivery: Delivery): z.infer<typeof deliverySchema> {
  return {
    id: delivery.id,
    message_id: delivery.messageId,
    event: delivery.event,
    payload: parseJson(delivery.payload) as Record<string, unknown>,
    status: delivery.status,
    attempts: delivery.attempts,
    created_at: delivery.createdAt.toISOString(),
    next_attempt_at: delivery.status === 'queued' ? delivery.nextAttemptAt.toISOString() : null,
    delivered_at: delivery.deliveredAt?.toISOString() ?? null,
  };
}
