import { z } from 'zod';
import { ConveyError } from '../errors.ts';
import type { JobEvents } from '../jobs/job-events.ts';
import type { App } from '../http/route-config.ts';
import { badRange, preconditionFailed } from '../http/http.errors.ts';
import { ended, expired, noPackage, noReceipt, notReady, unknownExport } from './exports.errors.ts';
import { askerOf } from './export-asker.ts';
import { ensureWithinReach } from './export-reach.ts';
import { describeExport, exportSchema } from './keep/describe-export.ts';
import { revokeExport } from './keep/end-export.ts';
import { acceptedExport, getExport } from './keep/find-export.ts';
import type { KeepDependencies } from './keep/keep-export.ts';
import { cancelExport, exportEnded } from './keep/cancel-export.ts';
import { ensureFetchable } from './keep/ensure-fetchable.ts';
import { sendPackage } from './keep/send-package.ts';
import { showExport } from './keep/show-export.ts';
import { receiptOf } from './run-export.ts';

export interface KeptExportRoutes extends KeepDependencies {
  /** Tells when an export may have ended. */
  events: JobEvents;
  /** A client that takes no byte for so long is cut off. */
  idleClientMs: number;
}

const exportId = z.object({ id: z.string().describe('Id of the export (`exp_…`).') });
/** A running export that was cancelled is answered as it is after this time, ended or not. */
const LONGEST_CANCEL_MS = 10_000;

const contents = (type: string) => ({
  200: { description: 'The bytes; ranges are served.', content: { [type]: { schema: z.any() } } },
  206: { description: 'A range of them.', content: { [type]: { schema: z.any() } } },
  304: z.null().describe('They are what you have.'),
});

/** Exports that are kept: looked at, fetched as files or as one package, withdrawn (contract §2). */
export function registerKeptExportRoutes(app: App, dependencies: KeptExportRoutes): void {
  const { database, events } = dependencies;

  app.get(
    '/v1/exports/:id',
    {
      config: { operation: 'getExport', permission: 'export.read', errors: [unknownExport] },
      schema: {
        tags: ['exports'],
        summary: 'How an export is',
        description: '202 while it waits or runs, with how far it is; 200 once it has ended, however it did.',
        params: exportId,
        response: { 200: exportSchema, 202: exportSchema },
      },
    },
    async (request, reply) => showExport(dependencies, request, reply, request.params.id),
  );

  app.delete(
    '/v1/exports/:id',
    {
      config: { operation: 'deleteExport', permission: 'export.order', errors: [unknownExport] },
      schema: {
        tags: ['exports'],
        summary: 'Cancel an export, or withdraw a finished one',
        description: 'One’s own, whatever it holds; others’ as far as one could fetch them.',
        params: exportId,
        response: { 200: exportSchema },
      },
    },
    async (request) => {
      const { id } = request.params;
      const row = await getExport(database, request.scope, id);
      // Who lost what it holds does no harm by ending it.
      if (row.requested_by.id !== request.principal.id) ensureWithinReach(request.principal, row);
      const accepted = await acceptedExport(database, request.scope.workspaceId, row);
      await cancelExport(database, { ...accepted, asker: askerOf(request) });
      await exportEnded(database, events, accepted, LONGEST_CANCEL_MS);
      const now = await getExport(database, request.scope, id);
      if (now.is_kept && now.status === 'ready') {
        await revokeExport(dependencies, request.scope, askerOf(request), now);
      }
      return describeExport(await getExport(database, request.scope, id), []);
    },
  );

  for (const [url, operation, summary] of [
    ['/v1/exports/:id/package.zip', 'getExportPackage', 'The whole package as a zip'],
    ['/v1/exports/:id/files/:name', 'getExportFile', 'One file of the package'],
  ] as const) {
    app.get(
      url,
      {
        config: {
          operation,
          permission: 'export.read',
          limits: [], // fetched in many ranges at once
          export: true,
          cheapHead: true,
          errors: [unknownExport, noPackage, notReady, ended, expired, badRange, preconditionFailed],
        },
        schema: {
          tags: ['exports'],
          summary,
          description: 'Ranges and `If-Range` are served, so that a broken download can be resumed.',
          params: z.object({ ...exportId.shape, name: z.string().optional() }),
          response: contents('application/octet-stream'),
        },
      },
      async (request, reply) => {
        const { id, name } = request.params;
        const row = await getExport(database, request.scope, id);
        ensureWithinReach(request.principal, row);
        const { workspaceId } = request.scope;
        return sendPackage(dependencies, request, reply, row, { workspaceId, asker: askerOf(request), name });
      },
    );
  }

  app.get(
    '/v1/exports/:id/receipt',
    {
      config: {
        operation: 'getExportReceipt',
        permission: 'export.read',
        errors: [unknownExport, notReady, ended, noReceipt],
      },
      schema: {
        tags: ['exports'],
        summary: 'The signed receipt of an export that was sent at once',
        description: 'Says what the file must be; `convey verify FILE --receipt RECEIPT` checks it offline.',
        params: exportId,
        response: {
          200: { description: 'The receipt.', content: { 'application/json': { schema: z.any() } } },
        },
      },
    },
    async (request, reply) => {
      const row = await getExport(database, request.scope, request.params.id);
      ensureWithinReach(request.principal, row);
      if (row.is_kept) throw new ConveyError(noReceipt);
      ensureFetchable(row);
      return reply
        .type('application/json')
        .send(Buffer.from(receiptOf({ manifest: row.manifest!, signature: row.signature! })));
    },
  );
}
