import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Database } from '../database/connect.ts';
import type { Scope } from '../database/scope.ts';
import { ConveyError } from '../errors.ts';
import { newId } from '../ids.ts';
import type { Log } from '../log.ts';
import type { ObjectStore } from '../storage/object-store.ts';
import { encodeBatchInTurns } from './apply-batch.ts';
import type { StagedRows } from './staging/encode-stage.ts';
import { Batch } from './assemble-batch.ts';
import type { IngestResult } from './count-outcomes.ts';
import { FIELD_BYTES } from './grammar/read-field.ts';
import { splitLines } from './import/split-lines.ts';
import { IngestError, interrupted } from './ingest.errors.ts';
import { ingestAtomically } from './ingest-atomically.ts';
import type { IngestContext, Screen } from './ingest-context.ts';
import { IngestRun } from './ingest-run.ts';
import { isRejected, LINE_BYTES, type ParsedLine, parseLines } from './parse-line.ts';
import { TableGrowth } from './table-growth.ts';

export interface IngestDependencies {
  database: Database;
  /** Epoch of the change feed (`readFeedEpoch`). */
  feedEpoch: number;
  log: Log;
  store: ObjectStore;
  /** Longest text of one field; default 16 MiB. */
  messageBodyBytes?: number;
  /** Refuses records that must not come (back): erased people, past retention. */
  screen?: Screen;
}

export interface IngestOptions {
  /** All lines or none, up to 5,000 of them. */
  atomic?: boolean;
  signal?: AbortSignal;
  /** Called after every commit with the counts so far. */
  onProgress?: (result: IngestResult) => void;
}

/** Lines parsed between two looks at the connection: about a millisecond. */
const LINES_PER_TURN = 64;

/**
 * Takes a body of NDJSON (contract §2a) into a workspace: parses while the database merges, in batches of up
 * to 5,000 records that commit one by one, so that neither memory nor a transaction grows with the body.
 * Lines that cannot be taken are listed; the others are stored.
 * @throws IngestError when the body ends early (its source fails, the database fails, a cancel): it counts
 *   what had been committed, which stays. With `atomic`, when anything could not be stored: nothing was.
 */
export async function ingest(
  dependencies: IngestDependencies,
  scope: Scope,
  source: AsyncIterable<Buffer>,
  options: IngestOptions = {},
): Promise<IngestResult> {
  const context = await openContext(dependencies, scope, options);
  if (options.atomic === true) {
    const result = await ingestAtomically(dependencies.database, scope, context, source, options.signal);
    await deleteContents(dependencies, context);
    return result;
  }
  const body = new Body(dependencies, context, options);
  try {
    await body.read(source);
  } catch (error) {
    throw body.explain(error);
  }
  return body.result();
}

/** What every step of an ingest into this workspace needs. */
export async function openContext(
  { database, feedEpoch, screen, messageBodyBytes = FIELD_BYTES }: Omit<IngestDependencies, 'store' | 'log'>,
  scope: Scope,
  { atomic = false }: IngestOptions = {},
): Promise<IngestContext> {
  const { workspaceId } = scope;
  const [workspace] = await database.inScope(scope, (transaction) =>
    transaction.query<{ product: string }>(`select product from workspaces where id = $1 and kind = 'team'`, [
      workspaceId,
    ]),
  );
  if (workspace === undefined) throw new Error(`there is no team workspace ${workspaceId}`);
  return {
    workspaceId,
    product: workspace.product,
    feedEpoch,
    run: newId('').slice(1, 11),
    isAtomic: atomic,
    hasWaiting: true,
    maxTextBytes: messageBodyBytes,
    screen,
    firstLoads: new Set(),
    growth: new TableGrowth(),
    orphanedContents: [],
    transact: (work) => database.inScope(scope, work),
  };
}

/** Removes stored objects that deleted file records named; a failure leaves them to the sweep for orphans. */
export async function deleteContents(
  { store, log }: Pick<IngestDependencies, 'store' | 'log'>,
  { orphanedContents }: Pick<IngestContext, 'orphanedContents'>,
): Promise<void> {
  for (const key of orphanedContents.splice(0)) {
    await store.delete(key).catch((error: unknown) => {
      log.warn('the content of a deleted file could not be removed', { key, error });
    });
  }
}

/** One body on its way in: at most one batch is with the database while the next is being parsed. */
class Body {
  readonly #dependencies: IngestDependencies;
  readonly #context: IngestContext;
  readonly #options: IngestOptions;
  readonly #run: IngestRun;
  #batch = new Batch();
  #committing: Promise<void> | undefined;
  /** Why a batch failed, to tell it from a failing source. */
  #failure: { error: unknown } | undefined;

  constructor(dependencies: IngestDependencies, context: IngestContext, options: IngestOptions) {
    this.#dependencies = dependencies;
    this.#context = context;
    this.#options = options;
    this.#run = new IngestRun(context);
  }

  result(): IngestResult {
    return this.#run.outcomes.toResult();
  }

  async read(source: AsyncIterable<Buffer>): Promise<void> {
    const { signal } = this.#options;
    try {
      let sinceTurn = 0;
      for await (const lines of splitLines(source, LINE_BYTES)) {
        for (const parsed of parseLines(lines, this.#context.maxTextBytes)) {
          await this.#take(parsed);
          if (++sinceTurn < LINES_PER_TURN) continue;
          sinceTurn = 0;
          signal?.throwIfAborted();
          await nextTurn(); // lets the database's answers in
        }
      }
      signal?.throwIfAborted();
      await this.#commit();
    } finally {
      await this.#committing; // whatever else happened: what is being committed counts
    }
  }

  async #take(parsed: ParsedLine): Promise<void> {
    if (!isRejected(parsed) && !this.#batch.add(parsed)) {
      await this.#commit();
      this.#batch.add(parsed);
    }
    const { outcomes } = this.#batch;
    outcomes.received++;
    outcomes.throughLine = parsed.line;
    if (isRejected(parsed)) outcomes.reject(parsed);
  }

  /** Hands the batch to the database as soon as it is done with the one before. */
  async #commit(): Promise<void> {
    const batch = this.#batch;
    this.#batch = new Batch();
    const staged = await encodeBatchInTurns(batch);
    await this.#committing;
    this.#committing = this.#apply(batch, staged);
    this.#committing.catch(() => {}); // whoever awaits it next gets it
  }

  async #apply(batch: Batch, staged: Map<string, StagedRows>): Promise<void> {
    try {
      await this.#run.apply(batch, staged);
      await deleteContents(this.#dependencies, this.#context);
    } catch (error) {
      this.#failure = { error };
      throw error;
    }
    this.#options.onProgress?.(this.result());
  }

  /** The error as its sender should see it: with what was committed before it. */
  explain(error: unknown): unknown {
    const result = this.result();
    const isOurs = error instanceof ConveyError && this.#failure?.error !== error;
    const { accepted, through_line: line } = result;
    const stored = accepted.inserted + accepted.updated + accepted.deleted + accepted.merged;
    const committed =
      line === 0
        ? 'Nothing was committed.'
        : `Lines 1 to ${line} were dealt with and committed (${stored} changed something); go on from line ${line + 1}.`;
    const why = isOurs && error.detail !== undefined ? `${error.detail} ` : '';
    return new IngestError(isOurs ? error.kind : interrupted, result, `${why}${committed}`, { cause: error });
  }
}
