import type { Transaction } from '../../database/connect.ts';
import type { RecordMap } from '../assemble-batch.ts';
import type { IngestRecord } from '../grammar/parse-record.ts';
import { shapes } from '../grammar/record-shape.ts';
import type { Rejection } from '../grammar/refusal.ts';
import { threadTaken } from '../ingest.errors.ts';
import type { IngestContext } from '../ingest-context.ts';
import type { Waiting } from '../resolve-parents.ts';
import {
  ensurePersonalWorkspaces,
  findPersonalThreads,
  findPersonalWorkspaces,
} from './personal-workspaces.ts';

/** Writes that go to one account's personal workspace. */
export interface PersonalGroup {
  workspaceId: string;
  /** Known when some line names the account; then its stub is made. */
  accountId: string | undefined;
  writes: RecordMap;
}

export interface PersonalRoute {
  groups: PersonalGroup[];
  /** Children of no thread that is known yet. */
  waiting: Waiting[];
  refused: { record: IngestRecord; rejection: Rejection }[];
  /** Patches of records that are nowhere. */
  unknown: IngestRecord[];
}

/**
 * Finds out in whose personal workspace lines belong: those that say so (`workspace_id: null`), and those
 * whose conversation is not in the team's workspace but is a thread of an account of the same product.
 */
export async function routePersonal(
  transaction: Transaction,
  context: IngestContext,
  flagged: RecordMap,
  orphans: readonly Waiting[],
  unknownPatches: readonly IngestRecord[],
): Promise<PersonalRoute> {
  const records = [...shapes.keys()].flatMap((table) => [...(flagged.get(table)?.values() ?? [])]);
  const threadIds = [
    ...[...records, ...unknownPatches].map(threadOf),
    ...orphans.map(({ parentTable, parentId }) => (parentTable === 'conversations' ? parentId : undefined)),
  ];
  const threads = await findPersonalThreads(transaction, context.product, distinct(threadIds));
  const workspaces = await findWorkspaces(transaction, context, records);
  const router = new Router(threads);
  for (const record of records) router.placeFlagged(record, workspaces.get(accountOf(record) ?? ''));
  for (const orphan of orphans) router.placeOrphan(orphan);
  for (const record of unknownPatches) router.placePatch(record);
  return router.route();
}

/** Workspaces of the accounts that lines name; those that a record is written for are made. */
async function findWorkspaces(
  transaction: Transaction,
  { product }: IngestContext,
  records: readonly IngestRecord[],
): Promise<Map<string, string>> {
  const made = distinct(records.map((record) => (record.op === 'upsert' ? accountOf(record) : undefined)));
  const others = distinct(records.map(accountOf)).filter((id) => !made.includes(id));
  const ensured = await ensurePersonalWorkspaces(transaction, product, made);
  return new Map([...ensured, ...(await findPersonalWorkspaces(transaction, product, others))]);
}

class Router {
  /** Where threads are, those of this batch included. */
  readonly #threads: Map<string, string>;
  readonly #groups = new Map<string, PersonalGroup>();
  readonly #placed = new Map<string, string>();
  readonly #rest: Omit<PersonalRoute, 'groups'> = { waiting: [], refused: [], unknown: [] };

  constructor(threads: Map<string, string>) {
    this.#threads = threads;
  }

  route(): PersonalRoute {
    return { groups: [...this.#groups.values()], ...this.#rest };
  }

  /** `ofAccount`: the workspace of the account that the line names. */
  placeFlagged(record: IngestRecord, ofAccount: string | undefined): void {
    const threadId = threadOf(record);
    const ofThread = threadId === undefined ? undefined : this.#threads.get(threadId);
    if (record.shape.table.name === 'conversations') {
      if (ofThread !== undefined && ofAccount !== undefined && ofThread !== ofAccount) {
        const rejection = { code: threadTaken.code, field: 'account_id', detail: threadTaken.title };
        this.#rest.refused.push({ record, rejection });
        return;
      }
      if (record.op === 'upsert') this.#threads.set(record.id, ofAccount!);
    } else if (threadId !== undefined && ofThread === undefined) {
      this.#rest.waiting.push({ record, parentTable: 'conversations', parentId: threadId });
      return;
    }
    const workspaceId = ofThread ?? ofAccount;
    if (workspaceId === undefined) this.#rest.unknown.push(record);
    else this.#place(record, workspaceId);
  }

  /** A child whose parent is not in the team's workspace. */
  placeOrphan(orphan: Waiting): void {
    const { record, parentTable, parentId } = orphan;
    const isOfThread = parentTable === 'conversations' && threadOf(record) === parentId;
    const workspaceId = isOfThread
      ? this.#threads.get(parentId)
      : this.#placed.get(`${parentTable}\0${parentId}`);
    if (workspaceId === undefined) this.#rest.waiting.push(orphan);
    else this.#place(record, workspaceId);
  }

  /** A patch of what is not in the team's workspace; a thread's own id is enough to find it. */
  placePatch(record: IngestRecord): void {
    const isThread = record.shape.table.name === 'conversations';
    const workspaceId = isThread ? this.#threads.get(record.id) : undefined;
    if (workspaceId === undefined) this.#rest.unknown.push(record);
    else this.#place(record, workspaceId);
  }

  #place(record: IngestRecord, workspaceId: string): void {
    const table = record.shape.table.name;
    let group = this.#groups.get(workspaceId);
    if (group === undefined) {
      group = { workspaceId, accountId: undefined, writes: new Map() };
      this.#groups.set(workspaceId, group);
    }
    if (record.op === 'upsert' && record.isPersonal) group.accountId ??= accountOf(record);
    let ofTable = group.writes.get(table);
    if (ofTable === undefined) {
      ofTable = new Map();
      group.writes.set(table, ofTable);
    }
    ofTable.set(record.id, record);
    this.#placed.set(`${table}\0${record.id}`, workspaceId);
  }
}

/** The conversation that a record is, or is part of. */
export function threadOf({ shape, id, values }: IngestRecord): string | undefined {
  if (shape.table.name === 'conversations') return id;
  return shape.conversation && ((values[shape.conversation.index] as string | null) ?? undefined);
}

export function accountOf({ shape, values }: IngestRecord): string | undefined {
  return shape.account && ((values[shape.account.index] as string | null) ?? undefined);
}

function distinct(ids: readonly (string | undefined)[]): string[] {
  return [...new Set(ids)].filter((id) => id !== undefined);
}
