import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { writeSample } from '../../../samples/write-sample.ts';
import type { Actor } from '../../access/actor.ts';
import type { Scope } from '../../database/scope.ts';
import { ConveyError } from '../../errors.ts';
import { importFile } from '../import-file.ts';
import type { OpenOptions } from '../import/open-source.ts';
import type { IngestDependencies } from '../ingest.ts';
import { IngestError } from '../ingest.errors.ts';
import { endEarly, noteDone } from './end-import.ts';
import { beatImport, type Import, type ImportProgress } from './imports.ts';
import { UploadFolder } from './upload-folder.ts';
import { cancelled, interrupted } from './uploads.errors.ts';

export interface ImportDependencies extends IngestDependencies {
  /** Folder in which uploaded files lie until they are imported. */
  uploads: string;
}

const BEAT_MS = 1000;

/** What is imported: a file as it lies there, or the sample of a size. */
export type ImportInput =
  | { path: string; format: OpenOptions['format']; map?: OpenOptions['map'] }
  | { sampleConversations: number };

/**
 * The imports that this process runs, beside the requests that began them. A process that ends stops them; what they
 * had taken stays.
 */
export class RunningImports {
  readonly #dependencies: ImportDependencies;
  readonly #running = new Map<string, { abort: AbortController; done: Promise<void> }>();

  constructor(dependencies: ImportDependencies) {
    this.#dependencies = dependencies;
  }

  /** Runs one whose row says `running`; whoever wants to know reads the row. */
  start(scope: Scope, { id }: Import, input: ImportInput, actor: Actor): void {
    const abort = new AbortController();
    const done = this.#run(scope, id, input, actor, abort).finally(() => this.#running.delete(id));
    this.#running.set(id, { abort, done });
  }

  /** Stops one at once if it runs here; elsewhere its process sees within a second that its row has ended. */
  cancel(id: string): void {
    this.#running.get(id)?.abort.abort(new ConveyError(cancelled));
  }

  /** Stops all of them and waits until they have ended. */
  async stop(): Promise<void> {
    for (const { abort } of this.#running.values()) abort.abort(new ConveyError(interrupted));
    await Promise.all([...this.#running.values()].map(({ done }) => done));
  }

  async #run(
    scope: Scope,
    id: string,
    input: ImportInput,
    actor: Actor,
    abort: AbortController,
  ): Promise<void> {
    const { database, uploads, log } = this.#dependencies;
    const folder = new UploadFolder(uploads, id);
    let progress: Partial<ImportProgress> = {};
    let beating = Promise.resolve();
    const beat = async () => {
      const isAlive = await database.inScope(scope, (transaction) =>
        beatImport(transaction, scope.workspaceId, id, progress),
      );
      if (!isAlive) abort.abort(new ConveyError(cancelled));
    };
    const timer = setInterval(() => {
      beating = beating.then(beat).catch((error: unknown) => {
        log.warn('an import could not say that it is alive', { import_id: id, error });
      });
    }, BEAT_MS);
    try {
      const { path, ...options } = await prepare(input, folder, abort.signal);
      await importFile(this.#dependencies, scope, path, {
        ...options,
        signal: abort.signal,
        actor,
        onProgress: ({ records, bytes, sizeBytes }) => {
          progress = { records, bytes, total_bytes: sizeBytes ?? null };
        },
        onDone: (transaction, result) => noteDone(transaction, scope.workspaceId, id, result),
      });
    } catch (error) {
      await this.#end(scope, id, abort.signal.aborted ? abort.signal.reason : error, error, actor);
    } finally {
      clearInterval(timer);
      await beating;
      await folder.remove().catch((error: unknown) => {
        log.warn('uploaded files could not be removed yet', { import_id: id, error });
      });
    }
  }

  async #end(scope: Scope, id: string, reason: unknown, error: unknown, actor: Actor): Promise<void> {
    const { database, log } = this.#dependencies;
    const known = reason instanceof ConveyError ? reason : undefined;
    if (known === undefined) log.error('an import failed', { import_id: id, error });
    const { code, title } = known?.kind ?? interrupted;
    const end = {
      status: code === cancelled.code ? ('cancelled' as const) : ('failed' as const),
      failure: { code, title, detail: known?.detail },
      actor,
      taken: error instanceof IngestError ? error.result.accepted : undefined,
    };
    try {
      await database.inScope(scope, (transaction) => endEarly(transaction, scope.workspaceId, id, end));
    } catch (failed) {
      // Then the sweep says it.
      log.error('the end of an import could not be written', { import_id: id, error: failed });
    }
  }
}

async function prepare(
  input: ImportInput,
  folder: UploadFolder,
  signal: AbortSignal,
): Promise<{ path: string; format: OpenOptions['format']; map?: OpenOptions['map'] }> {
  if ('path' in input) return input;
  await mkdir(folder.path, { recursive: true, mode: 0o700 });
  const path = join(folder.path, 'sample');
  await writeSample(path, { conversations: input.sampleConversations, signal });
  return { path, format: 'convey' };
}
