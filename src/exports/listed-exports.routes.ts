import { z } from 'zod';
import { flag, oneOrMore } from '../catalog/filter/query-values.ts';
import type { Database } from '../database/connect.ts';
import { ConveyError } from '../errors.ts';
import type { App } from '../http/route-config.ts';
import { badRequest, unknownExport } from './exports.errors.ts';
import { ensureWithinReach, listReach } from './export-reach.ts';
import { contentsSchema, describeContents } from './keep/describe-contents.ts';
import { describeExport, exportSchema } from './keep/describe-export.ts';
import { type ExportRow, exportStatuses, getExport } from './keep/find-export.ts';
import { listExports } from './keep/list-exports.ts';
import { exportKinds } from '../catalog/tables/workings.ts';

/** Exports to choose from, and what one states about what is in it and what is not (contract §2). */
export function registerListedExportRoutes(app: App, { database }: { database: Database }): void {
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
          status: oneOrMore('How they are now; several: any of them.', { values: exportStatuses }),
          kind: oneOrMore('What they are of; several: any of them.', { values: exportKinds }),
          mine: flag('Only those that you asked for.'),
        }),
        response: { 200: z.object({ exports: z.array(exportSchema), next_cursor: z.string().nullable() }) },
      },
    },
    async (request) => {
      const { limit, cursor, status, kind, mine } = request.query;
      const reach = listReach(request.principal);
      const rows = await listExports(database, request.scope, {
        limit,
        before: readCursor(cursor),
        ...reach,
        onlyOf: mine === true ? request.principal.id : reach.onlyOf,
        statuses: status,
        kinds: kind,
      });
      const last = rows.length === limit ? rows.at(-1) : undefined;
      return {
        exports: rows.map((row) => describeExport(row, [])),
        next_cursor: last === undefined ? null : cursorOf(last),
      };
    },
  );

  app.get(
    '/v1/exports/:id/contents',
    {
      config: { operation: 'getExportContents', permission: 'export.read', errors: [unknownExport] },
      schema: {
        tags: ['exports'],
        summary: 'What is left out of an export, missing in it, or masked',
        description:
          'As its signed manifest says; before it is made, what its order leaves out. Reading it is no download.',
        params: z.object({ id: z.string().describe('Id of the export (`exp_…`).') }),
        response: { 200: contentsSchema },
      },
    },
    async (request) => {
      const row = await getExport(database, request.scope, request.params.id);
      ensureWithinReach(request.principal, row);
      return describeContents(row);
    },
  );
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
