import { z } from 'zod';
import { endPage, nextCursor, pageOf, pageQuery } from '../../http/paging.ts';
import type { RegisterRoutes } from '../../http/route-config.ts';
import { sentence } from '../../http/sentence.ts';
import { subscribableEvents, type WebhookEvent, webhookEvents } from '../../notify/webhooks/publish-event.ts';
import { badUrl, tooManyWebhooks, unknownWebhook } from '../../notify/webhooks/webhooks.errors.ts';
import {
  changeWebhook,
  createWebhook,
  deleteWebhook,
  disabledReasons,
  getWebhook,
  listWebhooks,
  rotateSecret,
  type Webhook,
  type WebhookChange,
  type WebhookDependencies,
} from '../../notify/webhooks/webhooks.ts';
import { isPlainName } from '../name.ts';
import { actedBy, actorOfRequest } from '../actor.ts';

const LONGEST_URL = 2000;
const events = z.enum(subscribableEvents);

const webhookSchema = z
  .object({
    id: z.string(),
    url: z.string(),
    description: z.string(),
    events: z.array(z.string()),
    public_key: z.string().describe('`whpk_…`: checks the `v1a` signatures.'),
    previous_secret_until: z.iso
      .datetime()
      .nullable()
      .describe('Until then the secret before the current one signs too.'),
    created_by: z.string().describe('Id of the user or key that made it.'),
    created_at: z.iso.datetime(),
    failing_since: z.iso.datetime().nullable().describe('Since when nothing arrived; null: all is well.'),
    disabled_at: z.iso.datetime().nullable(),
    disabled_reason: z
      .enum(disabledReasons)
      .nullable()
      .describe('`by_hand`, `gone` (it answered 410) or `nothing_arrived` (for five days).'),
  })
  .meta({ id: 'Webhook' });

const withSecret = z.object({
  ...webhookSchema.shape,
  secret: z.string().describe('`whsec_…`: checks the `v1` signatures. Keep it now, it is not shown again.'),
});

const fields = {
  url: z.string().max(LONGEST_URL).describe('Where to: an https address on the public internet.'),
  description: z
    .string()
    .max(200)
    .refine(isPlainName, 'takes one line, without invisible characters and marks of direction')
    .describe('What it is for.'),
  events: z.array(events).min(1).max(subscribableEvents.length).describe('What it wants to be told.'),
};
const newBody = z.strictObject({ ...fields, description: fields.description.default('') });
const changeBody = z.strictObject({
  url: fields.url.optional(),
  description: fields.description.optional(),
  events: fields.events.optional(),
  disabled: z.boolean().optional().describe('True switches it off, false on again.'),
});
const webhookId = z.object({ id: z.string().describe('Id of the webhook (`whk_…`).') });
const permission = 'webhooks.manage';

/** `/v1/webhooks` and `/v1/webhook-events`: set up, change, rotate, delete (contract §2). */
export function webhookRoutes(dependencies: WebhookDependencies): RegisterRoutes {
  const { database } = dependencies;
  return (app) => {
    app.get(
      '/v1/webhook-events',
      {
        config: { operation: 'listWebhookEvents', permission },
        schema: {
          tags: ['webhooks'],
          summary: 'What webhooks can be told',
          response: { 200: z.object({ events: z.array(z.object({ type: z.string(), doc: sentence() })) }) },
        },
      },
      async () => ({ events: subscribableEvents.map((type) => ({ type, doc: webhookEvents[type] })) }),
    );

    app.get(
      '/v1/webhooks',
      {
        config: { operation: 'listWebhooks', permission },
        schema: {
          tags: ['webhooks'],
          summary: 'The webhooks of the workspace',
          querystring: z.object(pageQuery),
          response: { 200: z.object({ webhooks: z.array(webhookSchema), next_cursor: nextCursor }) },
        },
      },
      async (request, reply) => {
        const page = pageOf(request.query);
        const read = await database.inScope(request.scope, (transaction) =>
          listWebhooks(transaction, request.scope.workspaceId, page),
        );
        const { entries, next_cursor } = endPage(request, reply, read, request.query, ({ id }) => id);
        return { webhooks: entries.map(describeWebhook), next_cursor };
      },
    );

    app.post(
      '/v1/webhooks',
      {
        config: { operation: 'createWebhook', permission, errors: [badUrl, tooManyWebhooks] },
        schema: {
          tags: ['webhooks'],
          summary: 'Set up a webhook; its secret is in this answer and never shown again',
          body: newBody,
          response: { 201: withSecret },
        },
      },
      async (request, reply) => {
        const by = actedBy(actorOfRequest(request));
        const wanted = { ...request.body, events: inOrder(request.body.events) };
        const made = await createWebhook(dependencies, request.scope.workspaceId, wanted, by);
        return reply.code(201).send({ ...describeWebhook(made.webhook), secret: made.secret });
      },
    );

    app.get(
      '/v1/webhooks/:id',
      {
        config: { operation: 'getWebhook', permission, errors: [unknownWebhook] },
        schema: {
          tags: ['webhooks'],
          summary: 'One webhook',
          params: webhookId,
          response: { 200: webhookSchema },
        },
      },
      async ({ scope, params }) =>
        describeWebhook(
          await database.inScope(scope, (transaction) =>
            getWebhook(transaction, scope.workspaceId, params.id),
          ),
        ),
    );

    app.patch(
      '/v1/webhooks/:id',
      {
        config: { operation: 'changeWebhook', permission, errors: [unknownWebhook, badUrl] },
        schema: {
          tags: ['webhooks'],
          summary: 'Change a webhook, or switch it off and on',
          params: webhookId,
          body: changeBody,
          response: { 200: webhookSchema },
        },
      },
      async (request) => {
        const { scope, params, body } = request;
        const given = Object.entries(body).filter(([, value]) => value !== undefined);
        const change = Object.fromEntries(given) as WebhookChange;
        if (body.events !== undefined) change.events = inOrder(body.events);
        const by = actedBy(actorOfRequest(request));
        return describeWebhook(await changeWebhook(dependencies, scope.workspaceId, params.id, change, by));
      },
    );

    app.delete(
      '/v1/webhooks/:id',
      {
        config: { operation: 'deleteWebhook', permission, errors: [unknownWebhook] },
        schema: {
          tags: ['webhooks'],
          summary: 'Delete a webhook, with what was still to be sent to it',
          params: webhookId,
          response: { 204: z.null().describe('It is gone.') },
        },
      },
      async (request, reply) => {
        const { scope, params } = request;
        await deleteWebhook(database, scope.workspaceId, params.id, actedBy(actorOfRequest(request)));
        return reply.code(204).send(null);
      },
    );

    app.post(
      '/v1/webhooks/:id/rotate',
      {
        config: { operation: 'rotateWebhookSecret', permission, errors: [unknownWebhook] },
        schema: {
          tags: ['webhooks'],
          summary: 'Give a webhook a new secret; for 24 hours messages are signed with both',
          params: webhookId,
          response: { 200: withSecret },
        },
      },
      async (request) => {
        const { scope, params } = request;
        const by = actedBy(actorOfRequest(request));
        const { webhook, secret } = await rotateSecret(dependencies, scope.workspaceId, params.id, by);
        return { ...describeWebhook(webhook), secret };
      },
    );
  };
}

/** Each once, in the order of the list. */
function inOrder(wanted: readonly WebhookEvent[]): WebhookEvent[] {
  return subscribableEvents.filter((name) => wanted.includes(name));
}

function describeWebhook(webhook: Webhook): z.infer<typeof webhookSchema> {
  return {
    id: webhook.id,
    url: webhook.url,
    description: webhook.description,
    events: webhook.events,
    public_key: webhook.publicKey,
    previous_secret_until: webhook.previousUntil?.toISOString() ?? null,
    created_by: webhook.createdBy,
    created_at: webhook.createdAt.toISOString(),
    failing_since: webhook.failingSince?.toISOString() ?? null,
    disabled_at: webhook.disabledAt?.toISOString() ?? null,
    disabled_reason: webhook.disabledReason,
  };
}
