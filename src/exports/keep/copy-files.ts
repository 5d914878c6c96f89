import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { literal } from '../../database/literal.ts';
import type { Snapshot } from '../../database/snapshot.ts';
import { ConveyError } from '../../errors.ts';
import { newId } from '../../ids.ts';
import type { FinishedFile } from '../finish-export.ts';
import type { ExportPlan } from '../plan-export.ts';
import { selectRows } from '../select-rows.ts';
import type { KeepDependencies } from './keep-export.ts';

/** A file that the export's records name. Without a key its bytes never came. */
export interface NamedFile {
  ref: string;
  key: string | null;
  sha256: string | null;
}

export interface CopiedFiles {
  files: FinishedFile[];
  missingFiles: { ref: string; reason: string }[];
}

/** The files of the plan's records, in the snapshot; of several with equal bytes one. */
export async function listNamedFiles(snapshot: Snapshot, plan: ExportPlan): Promise<NamedFile[]> {
  const { workspaceId, condition } = selectRows(plan, 'files');
  const ofConversations =
    plan.kind === 'conversations' || plan.kind === 'conversation'
      ? ` and t.conversation_id in (select t.id from conversations t
            where t.workspace_id = ${literal(workspaceId)} and (${selectRows(plan, 'conversations').condition}))`
      : '';
  if (plan.kind === 'contacts') return [];
  return snapshot.query<NamedFile>(
    `select distinct on (coalesce(t.content_sha256, t.ref)) t.ref, t.content_key as key, t.content_sha256 as sha256
       from files t where t.workspace_id = ${literal(workspaceId)} and (${condition})${ofConversations}
      order by coalesce(t.content_sha256, t.ref), t.ref`,
  );
}

/**
 * Copies files into the export's folder of the store, so that it stays what it is when they are replaced later. One that cannot be
 * had is told with the reason; it never holds up the export.
 */
export async function copyFiles(
  { store }: KeepDependencies,
  folder: string,
  named: readonly NamedFile[],
  signal: AbortSignal,
): Promise<CopiedFiles> {
  const files: FinishedFile[] = [];
  const missingFiles: { ref: string; reason: string }[] = [];
  for (const { ref, key, sha256 } of named) {
    if (key === null || sha256 === null) {
      missingFiles.push({ ref, reason: 'its bytes were never received' });
      continue;
    }
    const objectKey = `${folder}${newId('obj')}`;
    const digest = new Digest();
    try {
      const source = await store.open(key, { signal });
      await store.put(objectKey, digest.through(source), { signal, digest: false });
    } catch (error) {
      signal.throwIfAborted();
      const reason = reasonOf(error);
      if (reason === undefined) throw error;
      missingFiles.push({ ref, reason });
      continue;
    }
    const found = digest.result();
    if (found.sha256 === sha256) {
      files.push({ name: `data/files/${sha256}`, ref, ...found, objectKey });
    } else {
      await store.delete(objectKey);
      missingFiles.push({ ref, reason: 'its stored bytes are not what was received' });
    }
  }
  return { files, missingFiles };
}

/** What keeps one file out of an export; anything else fails the export. */
function reasonOf(error: unknown): string | undefined {
  if (!(error instanceof ConveyError)) return undefined;
  if (error.code === 'storage.not_found') return 'it was deleted or replaced while the export ran';
  return error.code === 'storage.corrupt' ? 'its stored bytes were changed' : undefined;
}

/** Counts and digests bytes on their way. */
class Digest {
  readonly #hash = createHash('sha256');
  #crc = 0;
  #bytes = 0;

  async *through(source: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
    for await (const chunk of source) {
      this.#hash.update(chunk);
      this.#crc = crc32(chunk, this.#crc);
      this.#bytes += chunk.length;
      yield chunk;
    }
  }

  result(): { bytes: number; sha256: string; crc32: string } {
    const sha256 = this.#hash.digest('hex');
    return { bytes: this.#bytes, sha256, crc32: this.#crc.toString(16).padStart(8, '0') };
  }
}
