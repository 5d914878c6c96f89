import { z } from 'zod';
import type { Database } from '../database/connect.ts';
import type { Scope } from '../database/scope.ts';
import { ConveyError } from '../errors.ts';
import { badRange, preconditionFailed } from '../http/http.errors.ts';
import { rawBodyOf } from '../http/read-body.ts';
import type { App } from '../http/route-config.ts';
import { sendBytes } from '../http/send-bytes.ts';
import { digestMismatch, noContent, unknownFile, unreadableDigest } from './files.errors.ts';
import { openFileContent } from './open-file-content.ts';
import { findPersonalWorkspace } from './personal/personal-workspaces.ts';
import { type ContentDependencies, storeFileContent } from './store-file-content.ts';

const LARGEST_FILE_BYTES = 5 * 1024 ** 3;

const storedSchema = z
  .object({
    id: z.string(),
    bytes: z.int().min(0),
    sha256: z.string().describe('Of what was stored, hexadecimal.'),
  })
  .meta({ id: 'StoredFile' });

const fileId = z.object({ id: z.string().describe('The host product’s id of the file.') });

/** `/v1/files/{id}/content`: the bytes of a file whose record was ingested. */
export function registerFileRoutes(
  app: App,
  dependencies: ContentDependencies & { idleClientMs: number },
): void {
  app.get(
    '/v1/files/:id/content',
    {
      config: {
        operation: 'getFileContent',
        permission: 'conversations.read',
        export: true,
        cheapHead: true,
        errors: [unknownFile, noContent, badRange, preconditionFailed],
      },
      schema: {
        tags: ['records'],
        summary: 'The bytes of a file',
        description:
          'For whoever sees the file’s conversation; of an internal note, for whoever sees the note. Ranges are ' +
          'served, so that a recording can be played from its middle.',
        params: fileId,
        response: {
          200: { description: 'The bytes.', content: { '*/*': { schema: z.any() } } },
          206: { description: 'A range of them.', content: { '*/*': { schema: z.any() } } },
          304: z.null().describe('They are what you have.'),
        },
      },
    },
    async (request, reply) => {
      const bytes = await openFileContent(dependencies, request.scope, request.params.id);
      return sendBytes(request, reply, bytes, dependencies.idleClientMs);
    },
  );

  app.put(
    '/v1/files/:id/content',
    {
      config: {
        operation: 'putFileContent',
        permission: 'files.write',
        limits: [], // one request for each file of an import
        rawBody: { types: ['*'], maxBytes: LARGEST_FILE_BYTES },
        errors: [unknownFile, digestMismatch, unreadableDigest],
      },
      schema: {
        tags: ['ingest'],
        summary: 'Store the bytes of a file',
        description:
          'Streamed, and kept only if size and SHA-256 are those that the file’s record gives, and those of a ' +
          '`Content-Digest` or `Repr-Digest` header (RFC 9530, sha-256) where one is sent.',
        params: fileId,
        querystring: z.object({
          account_id: z
            .string()
            .optional()
            .describe('For a file in an account’s personal workspace: the account.'),
        }),
        response: { 200: storedSchema },
      },
    },
    async (request) => {
      const { id } = request.params;
      const scope = await findScope(dependencies.database, request.scope, request.query.account_id);
      const gone = new AbortController();
      request.raw.once('aborted', () => gone.abort(new Error('the client left')));
      const announcedSha256 = readDigest(request.headers['content-digest'] ?? request.headers['repr-digest']);
      const { sizeBytes, sha256 } = await storeFileContent(dependencies, scope, id, rawBodyOf(request), {
        actor: {
          type: 'api_key',
          ref: request.principal.id,
          name: request.principal.name,
          interface: 'api',
        },
        signal: gone.signal,
        ...(announcedSha256 === undefined ? {} : { announcedSha256 }),
      });
      return { id, bytes: sizeBytes, sha256 };
    },
  );
}

/** The workspace of the file: the key's own, or the personal one of an account of the same product. */
async function findScope(database: Database, scope: Scope, accountId: string | undefined): Promise<Scope> {
  if (accountId === undefined) return scope;
  const workspaceId = await database.inScope(scope, (transaction) =>
    findPersonalWorkspace(transaction, scope.workspaceId, accountId),
  );
  if (workspaceId === undefined) throw new ConveyError(unknownFile);
  return { workspaceId };
}

/** The SHA-256 of a digest header (RFC 9530: `sha-256=:base64:`) as hexadecimal; other algorithms are passed over. */
function readDigest(header: string | string[] | undefined): string | undefined {
  const text = [header].flat().join(', ');
  if (!/\bsha-256=/i.test(text)) return undefined;
  const [, base64 = ''] = /\bsha-256=:([A-Za-z0-9+/]{43}=):/i.exec(text) ?? [];
  if (base64 === '') throw new ConveyError(unreadableDigest);
  return Buffer.from(base64, 'base64').toString('hex');
}
