import { z } from 'zod';
import { authorize } from '../access/principal.ts';
import { ConveyError } from '../errors.ts';
import type { JobEvents } from '../jobs/job-events.ts';
import type { App } from '../http/route-config.ts';
import { sendBytes } from '../http/send-bytes.ts';
import { badRange, preconditionFailed } from '../http/http.errors.ts';
import {
  badRequest,
  ended,
  expired,
  noReceipt,
  notReady,
  unknownExport,
  unknownRecord,
} from './exports.errors.ts';
import { askerOf } from './export-asker.ts';
import { contactProfileFor, ensureWithinReach, listReach, permissionOfKind } from './export-reach.ts';
import { filterBody, withoutUndefined } from '../catalog/filter.schemas.ts';
import { noteDownload } from './finish-export.ts';
import { describeExport, exportSchema } from './keep/describe-export.ts';
import { revokeExport } from './keep/end-export.ts';
import { acceptedExport, type ExportRow, getExport, listExports, listParts } from './keep/find-export.ts';
import type { KeepDependencies } from './keep/keep-export.ts';
import { cancelExport, exportEnded } from './keep/cancel-export.ts';
import { openPackage, packageFile, packageZip } from './keep/open-package.ts';
import { exportKinds, type ExportRequest, formatsOfKind } from './plan-export.ts';
import { requestExport, type RequestDependencies } from './request-export.ts';
import { receiptOf } from './run-export.ts';

export interface KeptExportRoutes extends KeepDependencies, RequestDependencies {
  /** Tells when an export may have ended. */
  events: JobEvents;
  partConversations: number;
  /** A client that takes no byte for so long is cut off. */
  idleClientMs: number;
}

const exportId = z.object({ id: z.string().describe('Id of the export (`exp_…`).') });
const RETRY_SECONDS = 2;
/** `Prefer: wait` waits no longer than this, however long it asks for. */
const LONGEST_WAIT_MS = 60_000;
/** A running export that was cancelled is answered as it is after this time, ended or not. */
const LONGEST_CANCEL_MS = 10_000;

const orderBody = z.strictObject({
  kind: z.enum(exportKinds).describe('What to export.'),
  format: z
    .enum(['json', 'ndjson', 'csv'])
    .optional()
    .describe('Left out: NDJSON where the kind has it, else JSON.'),
  id: z.string().optional().describe('The one conversation or contact.'),
  filter: filterBody.optional().describe('Which conversations; left out: all.'),
  mode: z.enum(['conversations', 'messages']).optional().describe('Rows of a CSV of conversations.'),
  profile: z.enum(['machine', 'spreadsheet']).optional().describe('CSV: byte-exact, or for a double click.'),
  for: z
    .enum(['record', 'subject'])
    .optional()
    .describe('Of one contact: for the workspace, or for the person.'),
  files: z.boolean().default(false).describe('With the contents of files.'),
});

const contents = (type: string) => ({
  200: { description: 'The bytes; ranges are served.', content: { [type]: { schema: z.any() } } },
  206: { description: 'A range of them.', content: { [type]: { schema: z.any() } } },
  304: z.null().describe('They are what you have.'),
});

/** Exports that are kept: ordered, looked at, fetched as files or as one package, withdrawn (contract §2). */
export function registerKeptExportRoutes(app: App, dependencies: KeptExportRoutes): void {
  const { database, store, events, log } = dependencies;

  app.post(
    '/v1/exports',
    {
      config: {
        operation: 'createExport',
        permission: 'export.order',
        errors: [unknownRecord, badRequest],
      },
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
      authorize(request.principal, permissionOfKind[request.body.kind]);
      const order = readOrder(request.body, dependencies.partConversations);
      if (order.kind === 'contact')
        order.contactProfile = contactProfileFor(request.principal, request.body.for);
      const accepted = await requestExport(dependencies, request.scope, askerOf(request), order);
      const wait = /(?:^|[,;\s])wait=(\d{1,4})/.exec(String(request.headers['prefer'] ?? ''));
      if (wait !== null)
        await exportEnded(database, events, accepted, Math.min(LONGEST_WAIT_MS, Number(wait[1]) * 1000));
      const row = await getExport(database, request.scope, accepted.id);
      const parts = await listParts(database, request.scope, accepted.id);
      const url = `/v1/exports/${accepted.id}`;
      reply.header('location', url).header('content-location', url).header('retry-after', RETRY_SECONDS);
      return reply.code(202).send(describeExport(row, parts));
    },
  );

  app.get(
    '/v1/exports',
    {
      config: { operation: 'listExports', permission: 'export.read' },
      schema: {
        tags: ['exports'],
        summary: 'The exports of the workspace, newest first',
        querystring: z.object({
          limit: z.coerce.number().int().min(1).max(100).default(20),
          cursor: z
            .string()
            .regex(/^[\w.-]{1,200}$/, 'takes next_cursor of the page before')
            .optional()
            .describe('`next_cursor` of the page before.'),
        }),
        response: { 200: z.object({ exports: z.array(exportSchema), next_cursor: z.string().nullable() }) },
      },
    },
    async (request) => {
      const { limit, cursor } = request.query;
      const rows = await listExports(database, request.scope, {
        limit,
        before: readCursor(cursor),
        ...listReach(request.principal),
      });
      const last = rows.length === limit ? rows.at(-1) : undefined;
      return {
        exports: rows.map((row) => describeExport(row, [])),
        next_cursor: last === undefined ? null : cursorOf(last),
      };
    },
  );

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
    async (request, reply) => {
      const { id } = request.params;
      const row = await getExport(database, request.scope, id);
      ensureWithinReach(request.principal, row);
      const view = describeExport(row, await listParts(database, request.scope, id));
      if (row.status !== 'queued' && row.status !== 'running') return view;
      reply
        .header('retry-after', RETRY_SECONDS)
        .header('x-progress', `${view.progress.stage}: ${view.progress.records.done} records`);
      return reply.code(202).send(view);
    },
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
          errors: [unknownExport, notReady, ended, expired, badRange, preconditionFailed],
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
        ensureFetchable(row);
        const opened = openPackage(row, await listParts(database, request.scope, id));
        const bytes = name === undefined ? packageZip(store, opened) : packageFile(store, opened, name);
        if (bytes === undefined) throw new ConveyError(unknownExport);
        const sending = {
          ...bytes,
          onSent: ({ bytes: sent, isWhole }: { bytes: number; isWhole: boolean }) => {
            const asker = askerOf(request);
            const target = { type: 'workspace', ref: request.scope.workspaceId };
            const accepted = {
              id,
              scope: request.scope,
              plan: row.plan,
              asker,
              requestedAt: row.created_at,
              target,
            };
            noteDownload(database, accepted, sent, { file: bytes.fileName, is_whole: isWhole }).catch(
              (error: unknown) =>
                log.error('a completed download could not be written down', { export_id: id, error }),
            );
          },
        };
        return sendBytes(request, reply, sending, dependencies.idleClientMs);
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

function readOrder(body: z.infer<typeof orderBody>, partConversations: number): ExportRequest {
  const { kind, id, filter, mode, profile, files } = body;
  const format = body.format ?? (formatsOfKind[kind].includes('ndjson') ? 'ndjson' : 'json');
  const refuse = (detail: string): never => {
    throw new ConveyError(badRequest, detail);
  };
  if (!formatsOfKind[kind].includes(format)) refuse(`${kind} comes as ${formatsOfKind[kind].join(', ')}.`);
  const isOne = kind === 'conversation' || kind === 'contact';
  if (isOne !== (id !== undefined)) refuse(isOne ? `${kind} needs id.` : `${kind} takes no id.`);
  if (filter !== undefined && kind !== 'conversations') refuse('filter is for conversations.');
  if (mode !== undefined && (kind !== 'conversations' || format !== 'csv')) {
    refuse('mode is for the CSV of conversations.');
  }
  if (profile !== undefined && format !== 'csv') refuse('profile is for CSV.');
  if (body.for !== undefined && kind !== 'contact') refuse('for is for one contact.');
  return {
    kind,
    format,
    keep: { files, partConversations },
    ...(id === undefined ? {} : { recordId: id }),
    ...(filter === undefined ? {} : { filter: withoutUndefined(filter) }),
    ...(mode === undefined ? {} : { mode }),
    ...(profile === undefined ? {} : { csvProfile: profile }),
  };
}

function ensureFetchable({ status }: ExportRow): void {
  if (status === 'queued' || status === 'running') throw new ConveyError(notReady);
  if (status === 'expired') throw new ConveyError(expired);
  if (status !== 'ready') throw new ConveyError(ended);
}

function cursorOf({ created_micros: createdMicros, id }: ExportRow): string {
  return Buffer.from(`${createdMicros}|${id}`).toString('base64url');
}

function readCursor(cursor: string | undefined): { createdMicros: string; id: string } | undefined {
  if (cursor === undefined) return undefined;
  const [, createdMicros, id] = /^(\d{1,16})\|(\w+)$/.exec(Buffer.from(cursor, 'base64url').toString()) ?? [];
  if (createdMicros === undefined || id === undefined)
    throw new ConveyError(badRequest, 'cursor is no cursor of ours.');
  return { createdMicros, id };
}
