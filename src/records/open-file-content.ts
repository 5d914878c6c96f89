import type { Database } from '../database/connect.ts';
import type { Scope } from '../database/scope.ts';
import { ConveyError } from '../errors.ts';
import type { FixedBytes } from '../http/send-bytes.ts';
import type { ObjectStore } from '../storage/object-store.ts';
import { noContent, unknownFile } from './files.errors.ts';
import { FILE_IS_VISIBLE } from './lists/list-schemas.ts';

/**
 * Types that are said as the file's record says them: what a player or a viewer of pictures takes. Everything else
 * is bytes, so that no script or style sheet that somebody uploaded can be one of ours.
 */
const SHOWN = /^(?:(?:audio|video)\/[\w.+-]+|image\/(?:png|jpeg|gif|webp)|application\/pdf|text\/plain)$/;

interface StoredFile {
  id: string;
  name: string | null;
  mediaType: string | null;
  key: string | null;
  bytes: number | null;
  sha256: string | null;
}

/**
 * The bytes of a file, for whoever sees its record.
 * @throws files.not_found, also for one that the scope does not see; files.no_content
 */
export async function openFileContent(
  { database, store }: { database: Database; store: ObjectStore },
  scope: Scope,
  fileId: string,
): Promise<FixedBytes> {
  const [file] = await database.inScope(scope, (transaction) =>
    transaction.query<StoredFile>(
      `select t.id, t.name, lower(t.media_type) as "mediaType", t.content_key as key, t.content_size as bytes,
              t.content_sha256 as sha256
         from files t where t.workspace_id = $1 and t.id = $2 and ${FILE_IS_VISIBLE}`,
      [scope.workspaceId, fileId],
    ),
  );
  if (file === undefined) throw new ConveyError(unknownFile);
  const { id, name, mediaType, key, bytes, sha256 } = file;
  if (key === null || bytes === null || sha256 === null || (await store.stat(key)) === undefined)
    throw new ConveyError(noContent);
  return {
    sizeBytes: bytes,
    etag: sha256,
    sha256,
    mediaType: mediaType !== null && SHOWN.test(mediaType) ? mediaType : 'application/octet-stream',
    fileName: name ?? id,
    async *open(start, end, signal) {
      if (start < end) yield* await store.open(key, { start, end: end - 1, signal });
    },
  };
}
