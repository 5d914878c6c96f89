import { z } from 'zod';
import { actorOfRequest } from '../../access/actor.ts';
import type { Principal } from '../../access/principal.ts';
import { csvLines } from '../../formats/csv-line.ts';
import { DOWNLOAD_HEADERS } from '../../http/download-headers.ts';
import { endPage, nextCursor, pageOf, pageQuery } from '../../http/paging.ts';
import type { App } from '../../http/route-config.ts';
import { endEarly } from './end-import.ts';
import { describeImport } from './describe-import.ts';
import { importId, importSchema, newImportBody } from './import.schemas.ts';
import { beginSample, getImport, type Import, listImports, prepareImport } from './imports.ts';
import { type ImportDependencies, RunningImports } from './run-imports.ts';
import { UploadFolder } from './upload-folder.ts';
import { registerUploadRoutes } from './upload-files.routes.ts';
import { busy, cancelled, notEmpty, tooMany, unknownImport } from './uploads.errors.ts';

const permission = 'records.import';
const tags = ['ingest'];

/** `/v1/imports`: files that people bring in, and the sample data. */
export function registerImportRoutes(app: App, dependencies: ImportDependencies): void {
  const { database, uploads } = dependencies;
  const running = new RunningImports(dependencies);
  app.addHook('onClose', () => running.stop());
  registerUploadRoutes(app, dependencies, running);
  const show = async (one: Import) =>
    describeImport(
      one,
      one.status === 'preparing' ? await new UploadFolder(uploads, one.id).look() : undefined,
    );

  app.get(
    '/v1/imports',
    {
      config: { operation: 'listImports', permission },
      schema: {
        tags,
        summary: 'What was imported or is being prepared, the newest first',
        querystring: z.object(pageQuery),
        response: { 200: z.object({ imports: z.array(importSchema), next_cursor: nextCursor }) },
      },
    },
    async (request, reply) => {
      const { scope, query } = request;
      const read = await database.inScope(scope, (transaction) =>
        listImports(transaction, scope.workspaceId, pageOf(query)),
      );
      const { entries, next_cursor } = endPage(request, reply, read, query, ({ id }) => id);
      return { imports: await Promise.all(entries.map(show)), next_cursor };
    },
  );

  app.post(
    '/v1/imports',
    {
      config: {
        operation: 'createImport',
        permission,
        errors: [tooMany, busy, notEmpty],
        replay: { operation: 'getImport', id: 'id' },
      },
      schema: {
        tags,
        summary: 'Begin an import, or load the sample data',
        description:
          'Of `files`: it then takes files, shows what they would become, and is started. The `sample` begins at once, in a workspace without records.',
        body: newImportBody,
        response: { 201: importSchema },
      },
    },
    async (request, reply) => {
      const { scope, body } = request;
      const { workspaceId } = scope;
      const actor = actorOfRequest(request);
      const by = describePrincipal(request.principal);
      const made = await database.inScope(scope, (transaction) =>
        body.source === 'sample'
          ? beginSample(transaction, workspaceId, by, actor)
          : prepareImport(transaction, workspaceId, by),
      );
      if (body.source === 'sample')
        running.start(scope, made, { sampleConversations: body.conversations }, actor);
      return reply.code(201).send(await show(made));
    },
  );

  app.get(
    '/v1/imports/:id',
    {
      config: { operation: 'getImport', permission, errors: [unknownImport] },
      schema: {
        tags,
        summary: 'One import: how far it is, or what became of it',
        params: importId,
        response: { 200: importSchema },
      },
    },
    async ({ scope, params }) =>
      show(
        await database.inScope(scope, (transaction) => getImport(transaction, scope.workspaceId, params.id)),
      ),
  );

  app.delete(
    '/v1/imports/:id',
    {
      config: { operation: 'stopImport', permission, errors: [unknownImport] },
      schema: {
        tags,
        summary: 'Stop an import, or withdraw one that was not started',
        description: 'What had been taken stays. Its files are deleted. One that has ended stays as it is.',
        params: importId,
        response: { 204: z.null().describe('It does not run any more.') },
      },
    },
    async (request, reply) => {
      const { scope, params } = request;
      const { workspaceId } = scope;
      const failure = { code: cancelled.code, title: cancelled.title };
      const end = { status: 'cancelled' as const, failure, actor: actorOfRequest(request) };
      const before = await database.inScope(scope, async (transaction) => {
        const found = await getImport(transaction, workspaceId, params.id, 'for update');
        await endEarly(transaction, workspaceId, params.id, end);
        return found;
      });
      if (before.status === 'preparing') await new UploadFolder(uploads, params.id).remove();
      running.cancel(params.id);
      return reply.code(204).send(null);
    },
  );

  app.get(
    '/v1/imports/:id/rejected',
    {
      config: { operation: 'getRejectedLines', permission, errors: [unknownImport] },
      schema: {
        tags,
        summary: 'The lines that were not taken, as CSV',
        description: 'The first thousand: file, line, code, field and reason; never their contents.',
        params: importId,
        response: {
          200: { description: 'A CSV for spreadsheets.', content: { 'text/csv': { schema: z.any() } } },
        },
      },
    },
    async ({ scope, params }, reply) => {
      const { result } = await database.inScope(scope, (transaction) =>
        getImport(transaction, scope.workspaceId, params.id),
      );
      const rows = (result?.rejected ?? []).map(({ source, line, code, field = '', detail = '' }) => [
        source,
        String(line),
        code,
        field,
        detail,
      ]);
      return reply
        .header('content-type', 'text/csv; charset=utf-8')
        .header('content-disposition', `attachment; filename="${params.id}-not-taken.csv"`)
        .headers(DOWNLOAD_HEADERS)
        .send(csvLines([['file', 'line', 'code', 'field', 'reason'], ...rows], true));
    },
  );
}

const describePrincipal = ({ type, id, name }: Principal) => ({ type, id, name });
