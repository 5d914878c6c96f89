import { z } from 'zod';
import { type AuditAction, auditActions } from '../../audit/actions.ts';
import { listCheckpoints } from '../../audit/checkpoints/list-checkpoints.ts';
import { placeReadable } from '../../audit/export/event-record.ts';
import { readEvents } from '../../audit/read/read-events.ts';
import { viewEvent } from '../../audit/read/view-event.ts';
import type { Database } from '../../database/connect.ts';
import { ConveyError } from '../../errors.ts';
import { badRequest } from '../../http/http.errors.ts';
import { endPage, pageOf, pageQuery } from '../../http/paging.ts';
import type { App } from '../../http/route-config.ts';
import type { Log } from '../../log.ts';
import { actorOfRequest } from '../actor.ts';
import {
  actionsSchema,
  checkpointsSchema,
  filterOf,
  logFilterQuery,
  logSchema,
  verificationSchema,
} from './audit-log.schemas.ts';
import { registerAuditExportRoute } from './export-audit-log.ts';
import { verifyAndRecord } from './verify-and-record.ts';

export interface AuditLogRoutes {
  database: Database;
  log: Log;
  productName: string;
  /** Folder of the checkpoints that left the server; undefined: none. */
  checkpointFolder: string | undefined;
}

/** Reading, exporting and verifying the audit log (contract §2). */
export function registerAuditLogRoutes(app: App, dependencies: AuditLogRoutes): void {
  const { database, checkpointFolder } = dependencies;

  app.get(
    '/v1/audit-log',
    {
      config: { operation: 'listAuditEvents', permission: 'audit.read', errors: [badRequest] },
      schema: {
        tags: ['audit'],
        summary: 'What was done, by whom, newest first',
        querystring: z.object({ ...logFilterQuery, ...pageQuery }),
        response: { 200: logSchema },
      },
    },
    async (request, reply) => {
      const { limit, cursor, ...filter } = request.query;
      const { workspaceId } = request.scope;
      const page = pageOf({ limit, cursor });
      const wanted = { filter: filterOf(filter), uptoSeq: uptoOf(page.after), limit: page.limit };
      const rows = await database.inScope(request.scope, (transaction) =>
        readEvents(transaction, workspaceId, wanted),
      );
      const { entries, next_cursor } = endPage(request, reply, rows, { limit }, ({ seq }) => seq);
      return { events: entries.map((row) => viewEvent(placeReadable(row))), next_cursor };
    },
  );

  app.get(
    '/v1/audit-log/actions',
    {
      config: { operation: 'listAuditActions', permission: 'audit.read' },
      schema: {
        tags: ['audit'],
        summary: 'Everything that the log can say was done',
        response: { 200: actionsSchema },
      },
    },
    async () => ({
      actions: Object.entries(auditActions).map(([action, doc]) => ({ action: action as AuditAction, doc })),
    }),
  );

  registerAuditExportRoute(app, dependencies);

  app.get(
    '/v1/audit-log/verify',
    {
      exposeHeadRoute: false,
      // Costly, and written down each time: no other site may start it either.
      config: {
        operation: 'verifyAuditLog',
        permission: 'audit.read',
        export: true,
        limits: ['requests', 'verify'],
      },
      schema: {
        tags: ['audit'],
        summary: 'Whether the log still says what was recorded',
        description:
          'Computes every hash again and compares the chain with the checkpoints that were signed, also those in the server’s folder. ' +
          '200 also when the log is not valid: `valid` says so.',
        response: { 200: verificationSchema },
      },
    },
    async (request, reply) => {
      const gone = new AbortController();
      reply.raw.once('close', () => gone.abort(new Error('the client left')));
      const { workspaceId } = request.scope;
      const options = { signal: gone.signal, folder: checkpointFolder };
      const { report, message } = await verifyAndRecord(
        database,
        workspaceId,
        actorOfRequest(request),
        options,
      );
      const { checkpoints } = report;
      return {
        valid: report.valid,
        message,
        events: report.events,
        erased_bodies: report.erasedBodies,
        first_seq: report.firstSeq ?? null,
        last_seq: report.lastSeq ?? null,
        head_hash: report.lastHash ?? null,
        checkpoints: { ...checkpoints, last_seq: checkpoints.lastSeq ?? null },
        problem: report.valid ? null : report.problem,
      };
    },
  );

  app.get(
    '/v1/audit-log/checkpoints',
    {
      config: { operation: 'listAuditCheckpoints', permission: 'audit.read', errors: [badRequest] },
      schema: {
        tags: ['audit'],
        summary: 'Signed notes of how far the log had come, newest first',
        querystring: z.object(pageQuery),
        response: { 200: checkpointsSchema },
      },
    },
    async (request, reply) => {
      const { limit } = request.query;
      const page = pageOf(request.query);
      const before = page.after === undefined ? undefined : seqOf(page.after);
      const rows = await database.inScope(request.scope, (transaction) =>
        listCheckpoints(transaction, request.scope.workspaceId, { before, limit: page.limit }),
      );
      const { entries, next_cursor } = endPage(request, reply, rows, { limit }, ({ seq }) => String(seq));
      return { checkpoints: entries.map((row) => ({ ...row, at: row.at.toISOString() })), next_cursor };
    },
  );
}

function uptoOf(after: string | undefined): number | undefined {
  return after === undefined ? undefined : seqOf(after) - 1;
}

function seqOf(cursor: string): number {
  if (/^\d{1,15}$/.test(cursor)) return Number(cursor);
  throw new ConveyError(badRequest, 'cursor is no cursor of ours.');
}
