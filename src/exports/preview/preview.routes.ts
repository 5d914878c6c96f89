import type { FastifyReply, FastifyRequest } from 'fastify';
import type { App } from '../../http/route-config.ts';
import { ConnectionBudget } from '../connection-budget.ts';
import { askerOf } from '../export-asker.ts';
import { badRequest, unknownRecord } from '../exports.errors.ts';
import { unknownFieldSet } from '../field-sets/field-sets.errors.ts';
import { type Order, orderBody } from '../order/order.schemas.ts';
import { type OrderDependencies, requestOfOrder } from '../order/request-of-order.ts';
import { previewTooSlow } from './preview.errors.ts';
import { type PreviewDependencies, previewExport } from './preview-export.ts';
import { describePreview, orderOfQuery, orderQuery, previewSchema } from './preview.schemas.ts';

const errors = [unknownRecord, badRequest, unknownFieldSet, previewTooSlow];

/** Beside the connections that exports may hold: however many previews are asked for, no export waits for one. */
const PREVIEWS_AT_ONCE = 2;

/** What an export would hold, before it is started: by the same order, filter and permissions (contract §2). */
export function registerPreviewRoutes(
  app: App,
  dependencies: Omit<PreviewDependencies, 'budget'> & OrderDependencies,
): void {
  const counting = { ...dependencies, budget: new ConnectionBudget(PREVIEWS_AT_ONCE) };
  app.get(
    '/v1/exports/preview',
    {
      config: { operation: 'previewExport', permission: 'export.order', errors },
      schema: {
        tags: ['exports'],
        summary: 'What an export would hold: counts, parts, a guess of size and time, what is left out',
        description:
          'Takes an order as query parameters, and the filters of `GET /v1/conversations` beside them.',
        querystring: orderQuery,
        response: { 200: previewSchema },
      },
    },
    (request, reply) => preview(request, reply, orderOfQuery(request.query)),
  );

  app.post(
    '/v1/exports/preview',
    {
      config: { operation: 'previewOrder', permission: 'export.order', errors, replay: 'anew' },
      schema: {
        tags: ['exports'],
        summary: 'The same for an order as `POST /v1/exports` takes it',
        description: 'Starts nothing and writes nothing down.',
        body: orderBody,
        response: { 200: previewSchema },
      },
    },
    (request, reply) => preview(request, reply, request.body),
  );

  async function preview(request: FastifyRequest, { raw }: FastifyReply, order: Order) {
    const gone = new AbortController();
    raw.once('close', () => gone.abort(new Error('the client left')));
    const wanted = await requestOfOrder(dependencies, request.principal, order);
    return describePreview(
      await previewExport(counting, request.scope, askerOf(request), wanted, gone.signal),
    );
  }
}
