import { Readable } from 'node:stream';
import { z } from 'zod';
import type { FastifyRequest } from 'fastify';
import { needsLength } from '../../audit/audit.errors.ts';
import { type AuditFormat, auditFormats, fileFormat } from '../../audit/export/file-formats.ts';
import { openEventStream, type StreamedEvents } from '../../audit/export/stream-events.ts';
import type { EventFilter } from '../../audit/read/read-events.ts';
import { recordEvent } from '../../audit/record-event.ts';
import { ConveyError } from '../../errors.ts';
import { DOWNLOAD_HEADERS } from '../../http/download-headers.ts';
import type { App } from '../../http/route-config.ts';
import { actedBy, actorOfRequest } from '../actor.ts';
import { findProductName } from '../brand/brand.ts';
import type { AuditLogRoutes } from './audit-log.routes.ts';
import { filterOf, logFilterQuery } from './audit-log.schemas.ts';

const content = Object.fromEntries(
  ['text/csv', 'application/json', 'application/x-ndjson'].map((type) => [type, { schema: z.any() }]),
);

/** `GET /v1/audit-log/export`: the log as a file that can be verified alone. */
export function registerAuditExportRoute(app: App, dependencies: AuditLogRoutes): void {
  const { database, productName, log } = dependencies;
  app.get(
    '/v1/audit-log/export',
    {
      exposeHeadRoute: false,
      config: {
        operation: 'exportAuditLog',
        permission: 'audit.export',
        export: true,
        errors: [needsLength],
      },
      schema: {
        tags: ['audit'],
        summary: 'The audit log as a file, newest first',
        description:
          'CSV (columns of K-15, then those of the chain) or NDJSON: both can be verified without a server. JSON cannot. ' +
          '`ecs` and `ocsf` are NDJSON for other products (Elastic Common Schema, OCSF). ' +
          'With a filter the file cannot show that nothing is missing.',
        querystring: z.object({
          format: z.enum(auditFormats).default('csv'),
          profile: z
            .enum(['machine', 'spreadsheet'])
            .default('machine')
            .describe('CSV: `machine` is byte-exact; `spreadsheet` has a BOM and guards formulas.'),
          ...logFilterQuery,
        }),
        response: { 200: { description: 'The file, streamed while it is read.', content } },
      },
    },
    async (request, reply) => {
      if (request.raw.httpVersion === '1.0') throw new ConveyError(needsLength);
      const { format, profile, ...query } = request.query;
      const { workspaceId } = request.scope;
      const filter = filterOf(query);
      const head = { kind: 'audit_log', workspace_id: workspaceId, filter: { ...filter } };
      const file = fileFormat(format, profile, head);
      const product = await database.inScope({ workspaceId }, (transaction) =>
        findProductName(transaction, workspaceId, productName),
      );
      const { bytes, told } = await openEventStream({ database, workspaceId, filter }, file);
      reply.raw.once('close', () => {
        told.isWhole &&= reply.raw.writableFinished;
        recordExport(dependencies, request, { format, filter, told }).catch((error: unknown) =>
          log.error('an export of the audit log could not be written down', { error }),
        );
      });
      const name = `${product}-audit-log-${new Date().toISOString().slice(0, 10)}.${file.extension}`;
      reply
        .header('content-type', file.mediaType)
        .header(
          'content-disposition',
          `attachment; filename="${name}"; filename*=UTF-8''${encodeURIComponent(name)}`,
        )
        .headers(DOWNLOAD_HEADERS);
      // A client that leaves ends the generator; a failure in it breaks the transfer, which has no end then.
      return reply.send(Readable.from(bytes, { objectMode: false }));
    },
  );
}

/** Writes down what was handed over: also of a transfer that broke off, as that much was read. */
async function recordExport(
  { database }: AuditLogRoutes,
  request: FastifyRequest,
  { format, filter, told }: { format: AuditFormat; filter: EventFilter; told: StreamedEvents },
): Promise<void> {
  const { workspaceId } = request.scope;
  // Whose events were asked for may name a person's: with the part that can be erased.
  const { actor, target, ...rest } = filter;
  const about = { ...(actor === undefined ? {} : { actor }), ...(target === undefined ? {} : { target }) };
  await database.inScope({ workspaceId }, (transaction) =>
    recordEvent(transaction, workspaceId, {
      ...actedBy(actorOfRequest(request), Object.keys(about).length === 0 ? {} : { filter: about }),
      action: 'audit.exported',
      target: { type: 'workspace', ref: workspaceId },
      outcome: told.isWhole ? 'success' : 'failed',
      details: {
        format,
        filter: { ...rest },
        filtered_by: Object.keys(filter),
        lines: told.events,
        bytes: told.bytes,
        upto: told.head === undefined ? null : { ...told.head },
      },
    }),
  );
}
