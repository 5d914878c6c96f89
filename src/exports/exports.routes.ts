import { z } from 'zod';
import type { App } from '../http/route-config.ts';
import { type DeliverDependencies, deliverExport } from './direct/deliver-export.ts';
import { nothingToShow, tooLongForOnePdf } from '../formats/formats.errors.ts';
import { fontsMissing, pdfFailed, pdfTimedOut, pdfTooLarge } from '../formats/pdf/pdf.errors.ts';
import { countMismatch, tooManyReplies, unknownRecord } from './exports.errors.ts';
import { askerOf } from './export-asker.ts';
import { contactProfileFor } from './export-reach.ts';
import { directFormatsOfKind } from './plan-export.ts';
import { filterQuery, withoutUndefined } from '../catalog/filter.schemas.ts';

const csvProfile = z
  .enum(['machine', 'spreadsheet'])
  .default('machine')
  .describe(
    'CSV: `machine` is byte-exact; `spreadsheet` has a BOM and guards cells that look like formulas.',
  );
const MEDIA_TYPES = {
  json: 'application/json',
  ndjson: 'application/x-ndjson',
  csv: 'text/csv',
  html: 'text/html',
  pdf: 'application/pdf',
  zip: 'application/zip',
} as const;

/** A file as a response: its shape is the dataset's JSON Schema, not an answer of the API. */
function fileIn(...types: (keyof typeof MEDIA_TYPES)[]) {
  const content = types.map((type) => [MEDIA_TYPES[type], { schema: z.any() }]);
  return {
    200: {
      description: 'The file, streamed while it is written. Its columns are in the data dictionary.',
      content: Object.fromEntries(content) as Record<string, { schema: z.ZodType }>,
    },
  };
}

const recordId = z.object({ id: z.string().describe('The host product’s id.') });
const errors = [tooManyReplies, countMismatch];
const documentErrors = [nothingToShow, tooLongForOnePdf, pdfFailed, pdfTimedOut, pdfTooLarge, fontsMissing];

/** Exports that answer at once (contract §2). Each leaves a row, audit events and no file behind. */
export function registerExportRoutes(app: App, dependencies: DeliverDependencies): void {
  app.get(
    '/v1/workspace/export',
    {
      exposeHeadRoute: false,
      config: { operation: 'exportWorkspace', permission: 'export.workspace', export: true, errors },
      schema: {
        tags: ['exports'],
        summary: 'Everything the workspace holds',
        description: 'JSON, NDJSON, or CSV as a zip of contacts.csv and conversations.csv (K-01, K-02).',
        querystring: z.object({
          format: z.enum(directFormatsOfKind.workspace).default('json'),
          profile: csvProfile,
        }),
        response: fileIn('json', 'ndjson', 'zip'),
      },
    },
    (request, reply) => {
      const { format, profile } = request.query;
      return deliverExport(
        dependencies,
        request.scope,
        askerOf(request),
        { kind: 'workspace', format, csvProfile: profile },
        request,
        reply,
      );
    },
  );

  app.get(
    '/v1/contacts/export',
    {
      exposeHeadRoute: false,
      config: { operation: 'exportContacts', permission: 'export.contacts', export: true, errors },
      schema: {
        tags: ['exports'],
        summary: 'All contacts, leads and former customers',
        description: 'One row per contact with the columns of H-06.',
        querystring: z.object({
          format: z.enum(directFormatsOfKind.contacts).default('csv'),
          profile: csvProfile,
        }),
        response: fileIn('csv', 'json', 'ndjson'),
      },
    },
    (request, reply) => {
      const { format, profile } = request.query;
      return deliverExport(
        dependencies,
        request.scope,
        askerOf(request),
        { kind: 'contacts', format, csvProfile: profile },
        request,
        reply,
      );
    },
  );

  app.get(
    '/v1/conversations/export',
    {
      exposeHeadRoute: false,
      config: { operation: 'exportConversations', permission: 'export.conversations', export: true, errors },
      schema: {
        tags: ['exports'],
        summary: 'Every conversation, or those a filter names',
        description:
          'JSON array (H-08, H-09), NDJSON, or CSV with one row per conversation (V-06) or message (V-07).',
        querystring: z.object({
          format: z.enum(directFormatsOfKind.conversations).default('json'),
          mode: z.enum(['conversations', 'messages']).default('conversations').describe('Rows of a CSV.'),
          profile: csvProfile,
          ...filterQuery,
        }),
        response: fileIn('json', 'ndjson', 'csv'),
      },
    },
    (request, reply) => {
      const { format, mode, profile, ...filter } = request.query;
      return deliverExport(
        dependencies,
        request.scope,
        askerOf(request),
        { kind: 'conversations', format, mode, csvProfile: profile, filter: withoutUndefined(filter) },
        request,
        reply,
      );
    },
  );

  app.get(
    '/v1/conversations/:id/export',
    {
      exposeHeadRoute: false,
      config: {
        operation: 'exportConversation',
        permission: 'export.conversation',
        export: true,
        errors: [...errors, unknownRecord, ...documentErrors],
      },
      schema: {
        tags: ['exports'],
        summary: 'One conversation',
        description:
          'JSON with everything about it, CSV with one row per message, or a transcript to read as PDF or HTML (V-01).',
        params: recordId,
        querystring: z.object({
          format: z.enum(directFormatsOfKind.conversation).default('json'),
          profile: csvProfile,
        }),
        response: fileIn('json', 'csv', 'pdf', 'html'),
      },
    },
    (request, reply) => {
      const { format, profile } = request.query;
      const wanted = {
        kind: 'conversation',
        recordId: request.params.id,
        format,
        csvProfile: profile,
      } as const;
      return deliverExport(dependencies, request.scope, askerOf(request), wanted, request, reply);
    },
  );

  app.get(
    '/v1/contacts/:id/export',
    {
      exposeHeadRoute: false,
      config: {
        operation: 'exportContact',
        permission: 'export.contact',
        export: true,
        errors: [...errors, unknownRecord, ...documentErrors],
      },
      schema: {
        tags: ['exports'],
        summary: 'One person',
        description:
          'The contact, their conversations, tickets and files, never other people’s data (K-06, V-09, H-10). ' +
          'CSV has one row per message. `html` and `pdf` are a zip of transcripts with a first page; `zip` has JSON, ' +
          'CSV, HTML transcripts and the bytes of their files. ' +
          'The query’s `csv` chooses the CSV profile; `profile` chooses for whom.',
        params: recordId,
        querystring: z.object({
          format: z.enum(directFormatsOfKind.contact).default('json'),
          profile: z
            .enum(['record', 'subject'])
            .optional()
            .describe(
              '`record`: complete, notes flagged; the default of those who may. ' +
                '`subject`: no notes, teammates by role only.',
            ),
          csv: csvProfile,
        }),
        response: fileIn('json', 'csv', 'zip'),
      },
    },
    (request, reply) => {
      const { format, profile, csv } = request.query;
      const wanted = {
        kind: 'contact',
        recordId: request.params.id,
        format,
        contactProfile: contactProfileFor(request.principal, profile),
        csvProfile: csv,
      } as const;
      return deliverExport(dependencies, request.scope, askerOf(request), wanted, request, reply);
    },
  );
}
