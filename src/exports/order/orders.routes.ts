import { z } from 'zod';
import type { App } from '../../http/route-config.ts';
import { ensureWithinReach } from '../export-reach.ts';
import { badRequest, keptTooLong, tooManyExports, unknownExport, unknownRecord } from '../exports.errors.ts';
import { unknownFieldSet } from '../field-sets/field-sets.errors.ts';
import { exportSchema } from '../keep/describe-export.ts';
import { getExport } from '../keep/find-export.ts';
import { showExport } from '../keep/show-export.ts';
import { type AcceptDependencies, acceptOrder } from './accept-order.ts';
import { conversationsOrderBody, orderBody, orderChangesBody } from './order.schemas.ts';
import { ensureMembers } from './ensure-members.ts';
import { changeOrder, orderOfPlan } from './rerun-order.ts';

const exportId = z.object({ id: z.string().describe('Id of the export (`exp_…`).') });
const errors = [unknownRecord, badRequest, unknownFieldSet, tooManyExports, keptTooLong];
/** An order that comes again is shown the export that the first one made. */
const replay = { operation: 'getExport', id: 'job_id' };

/** Having exports made: every kind, conversations as V-08 says, and once more with changes (contract §2). */
export function registerOrderRoutes(app: App, dependencies: AcceptDependencies): void {
  app.post(
    '/v1/exports',
    {
      config: { operation: 'createExport', permission: 'export.order', errors, replay },
      schema: {
        tags: ['exports'],
        summary: 'Have an export made and kept',
        description:
          'Answers at once with where to ask how it is. Its parts, and the signed package, are kept for some days.',
        body: orderBody,
        response: { 202: exportSchema },
      },
    },
    async (request, reply) => {
      await ensureMembers(dependencies.database, request.principal, request.body.notify);
      return acceptOrder(dependencies, request, reply, request.body);
    },
  );

  app.post(
    '/v1/conversations/export',
    {
      config: { operation: 'createConversationsExport', permission: 'export.conversations', errors, replay },
      schema: {
        tags: ['exports'],
        summary: 'Have conversations exported and kept',
        description:
          'The same as `POST /v1/exports` with the kind `conversations`: those that a filter or ids choose.',
        body: conversationsOrderBody,
        response: { 202: exportSchema },
      },
    },
    async (request, reply) => {
      await ensureMembers(dependencies.database, request.principal, request.body.notify);
      return acceptOrder(dependencies, request, reply, { kind: 'conversations', ...request.body });
    },
  );

  app.get(
    '/v1/conversations/export/:id',
    {
      config: { operation: 'getConversationsExport', permission: 'export.read', errors: [unknownExport] },
      schema: {
        tags: ['exports'],
        summary: 'How an export of conversations is',
        description: 'The same as `GET /v1/exports/{id}`.',
        params: exportId,
        response: { 200: exportSchema, 202: exportSchema },
      },
    },
    async (request, reply) => showExport(dependencies, request, reply, request.params.id),
  );

  app.post(
    '/v1/exports/:id/rerun',
    {
      config: {
        operation: 'rerunExport',
        permission: 'export.order',
        errors: [...errors, unknownExport],
        replay,
      },
      schema: {
        tags: ['exports'],
        summary: 'Have an export made once more, as it was or with changes',
        description:
          'Whatever became of it. Each part of the body replaces that part of the old order; what you may have now ' +
          'decides, not what was allowed then.',
        params: exportId,
        body: orderChangesBody,
        response: { 202: exportSchema },
      },
    },
    async (request, reply) => {
      const { scope, principal, params, body } = request;
      const row = await getExport(dependencies.database, scope, params.id);
      // What others asked for may name people: only for those who could fetch it.
      if (row.requested_by.id !== principal.id) ensureWithinReach(principal, row);
      await ensureMembers(dependencies.database, principal, body.notify);
      const order = changeOrder(orderOfPlan(row.plan, row.notify), body);
      const { window } = row.plan;
      const from = { rerunOf: row.id, ...(window == null ? {} : { window }) };
      return acceptOrder(dependencies, request, reply, order, from);
    },
  );
}
