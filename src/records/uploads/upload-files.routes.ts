import { z } from 'zod';
import { actorOfRequest } from '../../access/actor.ts';
import { ConveyError } from '../../errors.ts';
import { rawBodyOf } from '../../http/read-body.ts';
import type { App } from '../../http/route-config.ts';
import {
  badMap,
  damagedFile,
  emptyFile,
  mapNeeded,
  mapNotTaken,
  missingColumn,
  wrongFormat,
} from '../import/import.errors.ts';
import { parseImportMap } from '../import/map/parse-map.ts';
import { describeImport, describePreview } from './describe-import.ts';
import {
  importId,
  importSchema,
  previewBody,
  previewSchema,
  recordTypesSchema,
  startBody,
} from './import.schemas.ts';
import { beginImport, getPreparing } from './imports.ts';
import { previewImport } from './preview-import.ts';
import { listRecordTypes } from './record-types.ts';
import type { ImportDependencies, RunningImports } from './run-imports.ts';
import { UploadFolder } from './upload-folder.ts';
import {
  badFileName,
  busy,
  notPreparing,
  tooManyFiles,
  unknownFile,
  unknownImport,
} from './uploads.errors.ts';

const LARGEST_FILE_BYTES = 5 * 1024 ** 3;
const permission = 'records.import';
const tags = ['ingest'];
const unreadable = [missingColumn, wrongFormat, damagedFile, emptyFile, mapNotTaken];

/** The files of an import: uploading them, seeing what they would become, starting; and what a map can fill. */
export function registerUploadRoutes(
  app: App,
  { database, uploads, messageBodyBytes }: ImportDependencies,
  running: RunningImports,
): void {
  app.put(
    '/v1/imports/:id/files/:name',
    {
      config: {
        operation: 'putImportFile',
        permission,
        rawBody: { types: ['*'], maxBytes: LARGEST_FILE_BYTES },
        errors: [unknownImport, notPreparing, badFileName, tooManyFiles],
      },
      schema: {
        tags,
        summary: 'Upload a file to an import',
        description:
          'Streamed. NDJSON or a package of Convey’s own, or CSV, TSV, JSON or JSON Lines with a map; gzip as well. Files that the map joins go beside it. It is kept until the import has ended, or six hours.',
        params: importId.extend({ name: z.string().describe('Its name.') }),
        response: { 200: z.object({ name: z.string(), bytes: z.int().min(0) }) },
      },
    },
    async (request) => {
      const { scope, params } = request;
      await database.inScope(scope, (transaction) => getPreparing(transaction, scope.workspaceId, params.id));
      const gone = new AbortController();
      request.raw.once('aborted', () => gone.abort(new Error('the client left')));
      const folder = new UploadFolder(uploads, params.id);
      const { bytes } = await folder.put(params.name, rawBodyOf(request), gone.signal);
      return { name: params.name, bytes };
    },
  );

  app.post(
    '/v1/imports/:id/preview',
    {
      config: {
        operation: 'previewImport',
        permission,
        errors: [unknownImport, notPreparing, unknownFile, badMap, ...unreadable],
        replay: 'anew',
      },
      schema: {
        tags,
        summary: 'See what an uploaded file would become',
        description: 'Reads up to a thousand records of its beginning, as the import will; stores nothing.',
        params: importId,
        body: previewBody,
        response: { 200: previewSchema },
      },
    },
    async (request) => {
      const { scope, params, body } = request;
      await database.inScope(scope, (transaction) => getPreparing(transaction, scope.workspaceId, params.id));
      const gone = new AbortController();
      request.raw.once('aborted', () => gone.abort(new Error('the client left')));
      const preview = await previewImport(await new UploadFolder(uploads, params.id).find(body.file), {
        format: body.format,
        map: body.map && parseImportMap(body.map),
        maxTextBytes: messageBodyBytes,
        signal: gone.signal,
      });
      return describePreview(preview);
    },
  );

  app.post(
    '/v1/imports/:id/start',
    {
      config: {
        operation: 'startImport',
        permission,
        errors: [unknownImport, notPreparing, busy, unknownFile, badMap, mapNeeded],
        replay: { operation: 'getImport', id: 'id' },
      },
      schema: {
        tags,
        summary: 'Take the records of an uploaded file',
        description:
          'It runs in the background: ask for the import, or stop it. The same file twice is safe.',
        params: importId,
        body: startBody,
        response: { 202: importSchema },
      },
    },
    async (request, reply) => {
      const { scope, params, body } = request;
      const { format } = body;
      if (format !== 'convey' && body.map === undefined) throw new ConveyError(mapNeeded);
      const map = body.map && parseImportMap(body.map);
      const actor = actorOfRequest(request);
      const begun = await database.inScope(scope, async (transaction) => {
        await getPreparing(transaction, scope.workspaceId, params.id);
        const path = await new UploadFolder(uploads, params.id).find(body.file);
        const about = { fileName: body.file, format };
        return { path, row: await beginImport(transaction, scope.workspaceId, params.id, about, actor) };
      });
      running.start(scope, begun.row, { path: begun.path, format, map }, actor);
      return reply.code(202).send(describeImport(begun.row));
    },
  );

  app.get(
    '/v1/record-types',
    {
      config: { operation: 'listRecordTypes', permission },
      schema: {
        tags,
        summary: 'Types of records and the fields that they take',
        response: { 200: recordTypesSchema },
      },
    },
    () => ({ record_types: listRecordTypes() }),
  );
}
