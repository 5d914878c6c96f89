import { z } from 'zod';
import { ConveyError } from '../errors.ts';
import { rawBodyOf } from '../http/read-body.ts';
import type { App } from '../http/route-config.ts';
import { digestMismatch, unknownFile, unreadableDigest } from './files.errors.ts';
import { type ContentDependencies, storeFileContent } from './store-file-content.ts';

const LARGEST_FILE_BYTES = 5 * 1024 ** 3;

const storedSchema = z
  .object({
    id: z.string(),
    bytes: z.int().min(0),
    sha256: z.string().describe('Of what was stored, hexadecimal.'),
  })
  .meta({ id: 'StoredFile' });

/** `PUT /v1/files/{id}/content`: the bytes of a file whose record was ingested. */
export function registerFileRoutes(app: App, dependencies: ContentDependencies): void {
  app.put(
    '/v1/files/:id/content',
    {
      config: {
        operation: 'putFileContent',
        permission: 'files.write',
        rawBody: { types: ['*'], maxBytes: LARGEST_FILE_BYTES },
        errors: [unknownFile, digestMismatch, unreadableDigest],
      },
      schema: {
        tags: ['ingest'],
        summary: 'Store the bytes of a file',
        description:
          'Streamed, and kept only if size and SHA-256 are those that the file’s record gives, and those of a ' +
          '`Content-Digest` or `Repr-Digest` header (RFC 9530, sha-256) where one is sent.',
        params: z.object({ id: z.string().describe('The host product’s id of the file.') }),
        response: { 200: storedSchema },
      },
    },
    async (request) => {
      const { id } = request.params;
      const gone = new AbortController();
      request.raw.once('aborted', () => gone.abort(new Error('the client left')));
      const announcedSha256 = readDigest(request.headers['content-digest'] ?? request.headers['repr-digest']);
      const { sizeBytes, sha256 } = await storeFileContent(
        dependencies,
        request.scope,
        id,
        rawBodyOf(request),
        {
          actor: {
            type: 'api_key',
            ref: request.principal.id,
            name: request.principal.name,
            interface: 'api',
          },
          signal: gone.signal,
          ...(announcedSha256 === undefined ? {} : { announcedSha256 }),
        },
      );
      return { id, bytes: sizeBytes, sha256 };
    },
  );
}

/** The SHA-256 of a digest header (RFC 9530: `sha-256=:base64:`) as hexadecimal; other algorithms are passed over. */
function readDigest(header: string | string[] | undefined): string | undefined {
  const text = [header].flat().join(', ');
  if (!/\bsha-256=/i.test(text)) return undefined;
  const [, base64 = ''] = /\bsha-256=:([A-Za-z0-9+/]{43}=):/i.exec(text) ?? [];
  if (base64 === '') throw new ConveyError(unreadableDigest);
  return Buffer.from(base64, 'base64').toString('hex');
}
