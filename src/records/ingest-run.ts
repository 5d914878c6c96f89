import type { Transaction } from '../database/connect.ts';
import { ConveyError } from '../errors.ts';
import { applyPersonal, applyTeam, chunkGroups, encodeBatch } from './apply-batch.ts';
import type { Batch } from './assemble-batch.ts';
import { Outcomes } from './count-outcomes.ts';
import { deleteLines } from './deletion/delete-lines.ts';
import type { IngestRecord } from './grammar/parse-record.ts';
import { changeTooLarge } from './ingest.errors.ts';
import type { IngestContext } from './ingest-context.ts';
import { lockWorkspaces } from './lock-workspace.ts';
import { mergeContacts } from './merge-contacts.ts';
import { dropWaiting, keepWaiting } from './pending/keep-waiting.ts';
import {
  chunkArrived,
  findAwaited,
  noteGivenUp,
  type Parents,
  takeWaiting,
} from './pending/release-waiting.ts';
import type { Applied } from './settle-lines.ts';
import type { StagedRows } from './staging/encode-stage.ts';

/** Carries out the batches of one body, one after the other, and counts what became of their lines. */
export class IngestRun {
  readonly outcomes = new Outcomes();
  readonly #context: IngestContext;

  constructor(context: IngestContext) {
    this.#context = context;
  }

  /**
   * Carries out a batch and sets free what waited for its records. When it rejects, `outcomes` counts what
   * had been committed by then.
   */
  async apply(batch: Batch, staged: Map<string, StagedRows> = encodeBatch(batch)): Promise<void> {
    const context = this.#context;
    if (batch.merge !== undefined) {
      await this.release(await this.#merge(batch, batch.merge));
    } else if (batch.rows > 0) {
      const begin = (transaction: Transaction) => beginBatch(transaction, context, batch, staged);
      const { arrived } = await this.#write(begin);
      await this.#lookAfterStatistics();
      // Deletions come last in a batch: what its records set free is there to be deleted with them.
      await this.release(arrived);
      if (batch.deletions.length > 0) this.outcomes.add(await deleteLines(context, batch.deletions));
    }
    this.outcomes.add(batch.outcomes);
  }

  async #lookAfterStatistics(): Promise<void> {
    const { growth, isAtomic, transact } = this.#context;
    if (!isAtomic && growth.isDue) await transact((transaction) => growth.look(transaction));
  }

  /** Sets free what waits for these records, what waits for that in turn, and so on. */
  async release(arrived: Applied['arrived']): Promise<void> {
    const context = this.#context;
    for (let next = arrived; next.size > 0 && context.hasWaiting; ) {
      const found: Applied['arrived'] = new Map();
      const awaited = await context.transact((transaction) =>
        findAwaited(transaction, context.workspaceId, [...next.keys()]),
      );
      for (const table of awaited) {
        for (const parents of chunkArrived(table, next.get(table)!))
          await this.#releaseChildren(parents, found);
      }
      next = found;
    }
  }

  async #releaseChildren(parents: Parents, found: Applied['arrived']): Promise<void> {
    const context = this.#context;
    for (let { table, ids } = parents; ids.length > 0; ) {
      let batch: Batch | undefined;
      const { arrived, missing } = await this.#write(async (transaction) => {
        await lockWorkspaces(transaction, [context.workspaceId]);
        batch = await takeWaiting(transaction, context, { table, ids });
        return batch && { batch, parents };
      });
      if (batch === undefined) return;
      join(found, arrived);
      if (batch.merge !== undefined) join(found, await this.#merge(batch, batch.merge));
      // A parent that is gone again: its lines would be taken out and put back for ever.
      const gone = new Set(missing.flatMap((parent) => (parent.table === table ? [parent.id] : [])));
      if (gone.size > 0) ids = ids.filter((id) => !gone.has(id));
    }
  }

  /** Writes a batch, first the team's records, then those of personal workspaces. */
  async #write(
    begin: (transaction: Transaction) => Promise<Begun | undefined>,
  ): Promise<Pick<Applied, 'arrived' | 'missing'>> {
    const context = this.#context;
    const applied: Applied[] = [];
    const done = await context.transact(async (transaction) => {
      const begun = await begin(transaction);
      if (begun === undefined) return undefined;
      const { batch, staged, parents } = begun;
      const { personal, ...team } = await applyTeam(transaction, context, batch, staged);
      applied.push(team);
      if (batch.origin === 'body') return { batch, personal };
      // Waiting lines are stored and no longer wait in one step, whatever workspace they go to.
      if (personal.length > 0) applied.push(await applyPersonal(transaction, context, personal));
      if (batch.origin === 'waited-elsewhere') {
        await noteGivenUp(
          transaction,
          context,
          applied.flatMap(({ refused }) => refused),
          parents!,
        );
      }
      return { batch, personal: [] };
    });
    if (done === undefined) return { arrived: new Map(), missing: [] };
    const { batch, personal } = done;
    this.#countReleased(batch);
    for (const { outcomes } of applied) this.#count(batch, outcomes);
    for (const groups of chunkGroups(personal, context.isAtomic)) {
      const one = await context.transact(async (transaction) => {
        await lockWorkspaces(transaction, [context.workspaceId]);
        return applyPersonal(transaction, context, groups);
      });
      this.#count(batch, one.outcomes);
      applied.push(one);
    }
    const arrived: Applied['arrived'] = new Map();
    for (const one of applied) join(arrived, one.arrived);
    return { arrived, missing: applied.flatMap(({ missing }) => missing) };
  }

  async #merge(batch: Batch, record: IngestRecord): Promise<Applied['arrived']> {
    const context = this.#context;
    for (;;) {
      const { state, outcomes } = await context.transact((transaction) =>
        this.#mergeSome(transaction, batch, record),
      );
      this.#count(batch, outcomes);
      if (state === 'merged') return new Map([['contacts', [record.id]]]);
      if (state !== 'unfinished') return new Map();
      if (context.isAtomic) throw new ConveyError(changeTooLarge);
    }
  }

  async #mergeSome(
    transaction: Transaction,
    batch: Batch,
    record: IngestRecord,
  ): Promise<{ state: string; outcomes: Outcomes }> {
    const outcomes = new Outcomes();
    const context = this.#context;
    const { workspaceId, feedEpoch } = context;
    const { id: from, into = '', line, shape, waited } = record;
    const parents = { table: 'contacts', ids: [into] };
    await lockWorkspaces(transaction, [workspaceId]);
    context.hasWaiting = await hasWaiting(transaction, workspaceId);
    const outcome = await mergeContacts({ transaction, workspaceId, feedEpoch, from, into });
    const { state } = outcome;
    if (state === 'unfinished') return { state, outcomes };
    if (waited !== undefined) await dropWaiting(transaction, workspaceId, [waited.id]);
    if (state === 'waiting') {
      await keepWaiting(transaction, context, [
        { record, parentTable: 'contacts', parentId: outcome.parentId },
      ]);
      outcomes.count(shape.type, 'pending');
    } else if (state === 'refused') {
      outcomes.reject({ line, ...outcome.rejection });
      if (batch.origin === 'waited-elsewhere') await noteGivenUp(transaction, context, [record], parents);
    } else {
      outcomes.count(shape.type, state);
    }
    return { state, outcomes };
  }

  /** Lines that waited have been counted as pending, in this body or in an earlier one. */
  #countReleased({ origin, rows, lines, outcomes }: Batch): void {
    if (origin === 'body') return;
    if (origin === 'waited-elsewhere') {
      this.outcomes.released += rows;
      return;
    }
    for (const [type, count] of lines) this.outcomes.count(type, 'pending', -count);
    this.outcomes.add(outcomes);
  }

  #count({ origin }: Batch, outcomes: Outcomes): void {
    if (origin === 'waited-elsewhere') this.outcomes.released -= outcomes.total('pending');
    else this.outcomes.add(outcomes);
  }
}

interface Begun {
  batch: Batch;
  staged?: ReadonlyMap<string, StagedRows>;
  /** For a batch of waiting lines: what they waited for. */
  parents?: Parents;
}

async function beginBatch(
  transaction: Transaction,
  context: IngestContext,
  batch: Batch,
  staged: ReadonlyMap<string, StagedRows>,
): Promise<Begun> {
  await lockWorkspaces(transaction, [context.workspaceId]);
  return { batch, staged };
}

async function hasWaiting(transaction: Transaction, workspaceId: string): Promise<boolean> {
  const [row] = await transaction.query<{ has: boolean }>(
    'select exists(select from ingest_pending where workspace_id = $1) as has',
    [workspaceId],
  );
  return row!.has;
}

function join(arrived: Applied['arrived'], more: Applied['arrived']): void {
  for (const [table, ids] of more) arrived.set(table, [...(arrived.get(table) ?? []), ...ids]);
}
