import { actedBy, type Actor } from '../access/actor.ts';
import { recordEvent } from '../audit/record-event.ts';
import type { Database, Transaction } from '../database/connect.ts';
import type { Scope } from '../database/scope.ts';
import { ConveyError } from '../errors.ts';
import { newId } from '../ids.ts';
import type { Log } from '../log.ts';
import type { ByteSource, ObjectStore } from '../storage/object-store.ts';
import { digestMismatch, unknownFile } from './files.errors.ts';
import { lockWorkspaces } from './lock-workspace.ts';
import { NOW } from './staging/stage-sql.ts';

export interface ContentDependencies {
  database: Database;
  store: ObjectStore;
  log: Log;
  /** Epoch of the change feed. */
  feedEpoch: number;
}

/** Who brings the bytes, for the audit log, and what they were announced as beside the file's own record. */
export interface ContentOptions {
  actor: Actor;
  signal?: AbortSignal;
  /** SHA-256 in hexadecimal, from a `Content-Digest` or `Repr-Digest` header. */
  announcedSha256?: string;
}

interface FileRow {
  ref: string;
  size: number | null;
  sha256: string | null;
  content_key: string | null;
}

/**
 * Takes the bytes of a file into the store, streamed. They are kept only if they are what the file's record
 * and the sender announced; what was stored before goes when the new bytes stand.
 * @throws files.not_found, files.digest_mismatch, and what the store throws
 */
export async function storeFileContent(
  { database, store, log, feedEpoch }: ContentDependencies,
  scope: Scope,
  fileId: string,
  source: ByteSource,
  options: ContentOptions,
): Promise<{ sizeBytes: number; sha256: string }> {
  const file = await database.inScope(scope, (transaction) => getFile(transaction, scope, fileId));
  // A new object each time: a reader of the old bytes, or a crash, never meets half-replaced ones.
  const key = `files/${scope.workspaceId}/${newId('obj')}`;
  const { signal } = options;
  const stored = await store.put(key, source, signal === undefined ? {} : { signal });
  try {
    ensureAnnounced(file, stored, options.announcedSha256);
    const old = await database.inScope(scope, (transaction) =>
      linkContent(transaction, scope, fileId, { key, ...stored }, feedEpoch, options.actor),
    );
    if (old !== null) {
      await store.delete(old).catch((error: unknown) => {
        log.warn('replaced bytes of a file could not be removed', { key: old, error });
      });
    }
    return stored;
  } catch (error) {
    await store.delete(key);
    throw error;
  }
}

/** Whether the bytes that the file's record announces are already stored. */
export async function isContentStored(database: Database, scope: Scope, fileId: string): Promise<boolean> {
  const [file] = await database.inScope(scope, (transaction) =>
    transaction.query<{ is_stored: boolean }>(
      `select coalesce(lower(sha256) = content_sha256, false) as is_stored from files
        where workspace_id = $1 and id = $2`,
      [scope.workspaceId, fileId],
    ),
  );
  return file?.is_stored ?? false;
}

async function getFile(transaction: Transaction, scope: Scope, fileId: string): Promise<FileRow> {
  const [file] = await transaction.query<FileRow>(
    'select ref, size, sha256, content_key from files where workspace_id = $1 and id = $2',
    [scope.workspaceId, fileId],
  );
  if (file === undefined) throw new ConveyError(unknownFile);
  return file;
}

function ensureAnnounced(
  file: FileRow,
  stored: { sizeBytes: number; sha256: string },
  header: string | undefined,
): void {
  const { sizeBytes, sha256 } = stored;
  if (file.size !== null && file.size !== sizeBytes) {
    throw new ConveyError(digestMismatch, `The record says ${file.size} bytes, ${sizeBytes} came.`);
  }
  if (file.sha256 !== null && file.sha256.toLowerCase() !== sha256) {
    throw new ConveyError(digestMismatch, `The record says SHA-256 ${file.sha256}, what came has ${sha256}.`);
  }
  if (header !== undefined && header !== sha256) {
    throw new ConveyError(digestMismatch, `The header says SHA-256 ${header}, what came has ${sha256}.`);
  }
}

/** Names the new object in the file's row; gives the key of the one it replaces. */
async function linkContent(
  transaction: Transaction,
  scope: Scope,
  fileId: string,
  content: { key: string; sizeBytes: number; sha256: string },
  feedEpoch: number,
  actor: ContentOptions['actor'],
): Promise<string | null> {
  // A merge that is under way finds the row where it saw it.
  await lockWorkspaces(transaction, [scope.workspaceId]);
  const [row] = await transaction.query<{ ref: string; old: string | null }>(
    `with old as (select ref, content_key from files where workspace_id = $1 and id = $2 for update)
     update files f set content_key = $3, content_size = $4, content_sha256 = $5, content_stored_at = ${NOW},
            written_at = ${NOW}, changed_epoch = $6, changed_xid = pg_current_xact_id()
       from old where f.workspace_id = $1 and f.id = $2
     returning f.ref, old.content_key as old`,
    [scope.workspaceId, fileId, content.key, content.sizeBytes, content.sha256, feedEpoch],
  );
  if (row === undefined) throw new ConveyError(unknownFile); // deleted while its bytes came
  await recordEvent(transaction, scope.workspaceId, {
    ...actedBy(actor),
    action: 'file.stored',
    target: { type: 'file', ref: row.ref },
    outcome: 'success',
    details: { bytes: content.sizeBytes, sha256: content.sha256 },
  });
  return row.old;
}
