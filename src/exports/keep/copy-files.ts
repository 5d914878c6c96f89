import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import type { Database } from '../../database/connect.ts';
import { literal } from '../../database/literal.ts';
import type { Scope } from '../../database/scope.ts';
import type { Snapshot } from '../../database/snapshot.ts';
import { ConveyError } from '../../errors.ts';
import { newId } from '../../ids.ts';
import type { Manifest } from '../../packages/manifest.ts';
import type { ObjectStore } from '../../storage/object-store.ts';
import type { FinishedFile } from '../finish/finish-export.ts';
import { type ExportPlan, hasFiles } from '../plan-export.ts';
import { selectRows } from '../layout/select-rows.ts';
import type { KeepDependencies } from './keep-export.ts';

/** Contents that the export's records name. */
export interface NamedFile {
  /** Undefined: they never came. */
  sha256: string | null;
  /** The files that have them, each with its place in the store. */
  copies: { ref: string; id: string; key: string | null }[];
}

export interface CopiedFiles {
  files: FinishedFile[];
  missingFiles: Manifest['missing_files'];
}

/** The files of the plan's records, in the snapshot, those with equal bytes together. */
export async function listNamedFiles(snapshot: Snapshot, plan: ExportPlan): Promise<NamedFile[]> {
  const { workspaceId, condition } = selectRows(plan, 'files');
  const ofConversations =
    plan.kind === 'conversations' || plan.kind === 'conversation'
      ? ` and t.conversation_id in (select t.id from conversations t
            where t.workspace_id = ${literal(workspaceId)} and (${selectRows(plan, 'conversations').condition}))`
      : '';
  if (!hasFiles(plan)) return [];
  return snapshot.query<NamedFile>(
    `select t.content_sha256 as sha256,
            jsonb_agg(jsonb_build_object('ref', t.ref, 'id', t.id, 'key', t.content_key) order by t.ref) as copies
       from files t where t.workspace_id = ${literal(workspaceId)} and (${condition})${ofConversations}
      group by t.content_sha256, coalesce(t.content_sha256, t.ref)
      order by coalesce(t.content_sha256, t.ref)`,
  );
}

/**
 * Copies files into the export's folder of the store, so that it stays what it is when they are replaced later. One
 * whose bytes are gone or damaged is told with the reason and never holds up the export; a store that cannot be
 * reached or written does.
 */
export async function copyFiles(
  { store, database }: Pick<KeepDependencies, 'store' | 'database'>,
  { scope, folder }: { scope: Scope; folder: string },
  named: readonly NamedFile[],
  signal: AbortSignal,
): Promise<CopiedFiles> {
  const files: FinishedFile[] = [];
  const missingFiles: Manifest['missing_files'] = [];
  for (const { sha256, copies } of named) {
    const reasons: string[] = [];
    for (const { ref, key } of copies) {
      if (key === null || sha256 === null) {
        reasons.push('its bytes were never received');
        continue;
      }
      const objectKey = `${folder}${newId('obj')}`;
      const copied = await copyOne(store, key, objectKey, sha256, signal);
      if ('reason' in copied) {
        reasons.push(copied.reason ?? (await whyGone(database, scope, key)));
        continue;
      }
      files.push({ name: `${FILES_FOLDER}${sha256}`, ref, ...copied, objectKey });
      break;
    }
    if (reasons.length < copies.length) continue; // one of those with these bytes was there
    for (const [index, { ref, id }] of copies.entries()) {
      const path = sha256 === null ? {} : { path: `${FILES_FOLDER}${sha256}` };
      missingFiles.push({ ref, id, ...path, reason: reasons[index]! });
    }
  }
  return { files, missingFiles };
}

const FILES_FOLDER = 'data/files/';

/** The copy's digests, or why there is none; without a reason the bytes are not there. */
async function copyOne(
  store: ObjectStore,
  key: string,
  objectKey: string,
  sha256: string,
  signal: AbortSignal,
): Promise<{ bytes: number; sha256: string; crc32: string } | { reason: string | undefined }> {
  const digest = new Digest();
  try {
    await store.put(objectKey, digest.through(store, key, signal), { signal, digest: false });
  } catch (error) {
    signal.throwIfAborted();
    const damage = error === digest.failure ? damageOf(error) : undefined;
    if (damage === undefined) throw error;
    return damage;
  }
  const found = digest.result();
  if (found.sha256 === sha256) return found;
  await store.delete(objectKey);
  return { reason: 'its stored bytes are not what was received' };
}

/** Of the store's own errors, those that are about one object and not about the store. */
const DAMAGES: Readonly<Record<string, string | undefined>> = {
  'storage.not_found': undefined,
  'storage.changed': undefined,
  'storage.corrupt': 'its stored bytes, or their key, were changed',
  'storage.not_encrypted': 'its stored bytes were replaced or cut short: they are not what Convey stores',
  'storage.bad_range': 'its stored bytes were cut short',
  'storage.bad_key': 'its place in the store is not one that a store can have',
  'keys.unknown_master_key': 'its key is under a master key that this server does not have',
};
/** What a file system says when one file, or one sector of it, cannot be read. */
const UNREADABLE = new Set(['EACCES', 'EPERM', 'EISDIR', 'ELOOP', 'EIO']);

/** Why one object could not be read; undefined when the store as a whole may be at fault. */
export function damageOf(error: unknown): { reason: string | undefined } | undefined {
  if (error instanceof ConveyError && Object.hasOwn(DAMAGES, error.code))
    return { reason: DAMAGES[error.code] };
  const { code } = ((error instanceof ConveyError ? error.cause : error) ?? {}) as { code?: unknown };
  return typeof code === 'string' && UNREADABLE.has(code)
    ? { reason: `its stored bytes cannot be read (${code})` }
    : undefined;
}

/** Whether bytes that are not there were taken away by Convey meanwhile, or have been gone before. */
async function whyGone(database: Database, scope: Scope, key: string): Promise<string> {
  const rows = await database.inScope({ workspaceId: scope.workspaceId }, (transaction) =>
    transaction.query('select from files where workspace_id = $1 and content_key = $2 limit 1', [
      scope.workspaceId,
      key,
    ]),
  );
  return rows.length > 0 ? 'its stored bytes are gone' : 'it was deleted or replaced while the export ran';
}

/** Reads an object, and counts and digests its bytes on their way. */
class Digest {
  /** What reading failed with: anything else was a failure to write. */
  failure: unknown;
  readonly #hash = createHash('sha256');
  #crc = 0;
  #bytes = 0;

  async *through(store: ObjectStore, key: string, signal: AbortSignal): AsyncGenerator<Buffer> {
    const source = await this.#reading(store.open(key, { signal }));
    try {
      const chunks = source[Symbol.asyncIterator]() as AsyncIterator<Buffer>;
      for (;;) {
        const { done, value: chunk } = await this.#reading(chunks.next());
        if (done === true) return;
        this.#hash.update(chunk);
        this.#crc = crc32(chunk, this.#crc);
        this.#bytes += chunk.length;
        yield chunk;
      }
    } finally {
      source.destroy();
    }
  }

  async #reading<T>(work: Promise<T>): Promise<T> {
    return await work.catch((error: unknown) => {
      this.failure = error;
      throw error;
    });
  }

  result(): { bytes: number; sha256: string; crc32: string } {
    const sha256 = this.#hash.digest('hex');
    return { bytes: this.#bytes, sha256, crc32: this.#crc.toString(16).padStart(8, '0') };
  }
}
