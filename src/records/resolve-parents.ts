import type { Transaction } from '../database/connect.ts';
import type { RecordMap } from './assemble-batch.ts';
import type { IngestRecord } from './grammar/parse-record.ts';
import { shapes } from './grammar/record-shape.ts';

/** A record that cannot be stored yet, and the first of its parents that is missing. */
export interface Waiting {
  record: IngestRecord;
  parentTable: string;
  parentId: string;
}

export interface Resolution {
  /** Records whose parents exist, or are before them in this same list. */
  ready: Map<string, IngestRecord[]>;
  waiting: Waiting[];
  /** Contacts whose id was merged away: what is said of them is older than the merge. */
  mergedAway: IngestRecord[];
  /** Tables whose ready records are not all of the given ones, unchanged. */
  touched: Set<string>;
  /** Lines wait in the workspace. */
  hasWaiting: boolean;
}

/** Which parents exist, as far as asked; and what merged contacts' ids mean now. */
class Known {
  readonly #ids = new Map<string, Set<string>>();
  readonly #asked = new Map<string, Set<string>>();
  readonly aliases = new Map<string, string>();
  hasWaiting = false;

  has(table: string, id: string): boolean {
    return this.#ids.get(table)?.has(id) === true;
  }

  isAsked(table: string, id: string): boolean {
    return this.#asked.get(table)?.has(id) === true;
  }

  /** Asks the database, in one statement. */
  async ask(
    transaction: Transaction,
    workspaceId: string,
    wanted: ReadonlyMap<string, ReadonlySet<string>>,
    contactIds: ReadonlySet<string>,
  ): Promise<void> {
    const values: unknown[] = [workspaceId];
    const selects = [
      `select 'waiting' as source, '' as id, null::text as now
        where exists (select from ingest_pending where workspace_id = $1)`,
    ];
    const add = (sql: (ids: string) => string, ids: ReadonlySet<string>) => {
      if (ids.size === 0) return;
      values.push([...ids]);
      selects.push(sql(`any($${values.length}::text[])`));
    };
    for (const [table, ids] of wanted) {
      add(
        (any) =>
          `select '${table}', id, null from ${table} where workspace_id = (select $1::text) and id = ${any}`,
        ids,
      );
      for (const id of ids) addTo(this.#asked, table, id);
    }
    add(
      (any) =>
        `select 'alias', id, contact_id from contact_aliases where workspace_id = (select $1::text) and id = ${any}`,
      contactIds,
    );
    const rows = await transaction.query<{ source: string; id: string; now: string | null }>(
      selects.join(' union all '),
      values,
    );
    for (const { source, id, now } of rows) {
      if (source === 'waiting') {
        this.hasWaiting = true;
        continue;
      }
      if (now !== null) this.aliases.set(id, now);
      // What an alias means exists: a foreign key sees to it.
      addTo(this.#ids, now === null ? source : 'contacts', now ?? id);
    }
  }
}

function addTo(sets: Map<string, Set<string>>, key: string, id: string): void {
  const set = sets.get(key);
  if (set === undefined) sets.set(key, new Set([id]));
  else set.add(id);
}

/**
 * Tells which records can be stored now. Ids of merged contacts are replaced in the records themselves. The
 * transaction holds the workspace's lock, so that what exists stays.
 */
export async function resolveParents(
  transaction: Transaction,
  workspaceId: string,
  writes: RecordMap,
): Promise<Resolution> {
  const known = new Known();
  const { wanted, contactIds } = collectReferences(writes);
  await known.ask(transaction, workspaceId, wanted, contactIds);
  const replaced = known.aliases.size > 0 ? replaceAliases(writes, known.aliases) : new Set<string>();
  for (;;) {
    const { unasked, ...resolution } = sortOut(writes, known);
    for (const table of replaced) resolution.touched.add(table);
    if (unasked.size === 0) return { ...resolution, hasWaiting: known.hasWaiting };
    // A parent in this list has to wait itself, but may have been stored before.
    await known.ask(transaction, workspaceId, unasked, new Set());
  }
}

function collectReferences(writes: RecordMap) {
  const wanted = new Map<string, Set<string>>();
  const contactIds = new Set<string>();
  for (const [table, records] of writes) {
    const { awaited, softContacts } = shapes.get(table)!;
    for (const { index, table: parent } of awaited) {
      const beside = writes.get(parent);
      let last: unknown = null; // children of one parent mostly come together
      for (const { values } of records.values()) {
        const id = values[index] as string | null;
        if (id === null || id === last) continue;
        last = id;
        if (parent === 'contacts') contactIds.add(id);
        if (beside?.get(id)?.op !== 'upsert') addTo(wanted, parent, id);
      }
    }
    for (const record of records.values()) {
      if (table === 'contacts') contactIds.add(record.id);
      for (const index of softContacts) {
        const id = record.values[index] as string | null;
        if (id !== null) contactIds.add(id);
      }
      for (const [id] of record.participants ?? []) {
        contactIds.add(id);
        if (writes.get('contacts')?.get(id)?.op !== 'upsert') addTo(wanted, 'contacts', id);
      }
    }
  }
  return { wanted, contactIds };
}

/** Puts the surviving contact where a merged one is named; gives the tables in which it did. */
function replaceAliases(writes: RecordMap, aliases: ReadonlyMap<string, string>): Set<string> {
  const replaced = new Set<string>();
  for (const [table, records] of writes) {
    const { awaited, softContacts } = shapes.get(table)!;
    const indexes = [
      ...softContacts,
      ...awaited.flatMap(({ index, table }) => (table === 'contacts' ? [index] : [])),
    ];
    for (const record of records.values()) {
      for (const index of indexes) {
        const now = aliases.get(record.values[index] as string);
        if (now === undefined) continue;
        record.values[index] = now;
        replaced.add(table);
      }
      if (record.participants?.some(([id]) => aliases.has(id))) {
        const roles = new Map(record.participants.map(([id, role]) => [aliases.get(id) ?? id, role]));
        record.participants = [...roles];
        replaced.add(table);
      }
    }
  }
  return replaced;
}

function sortOut(writes: RecordMap, known: Known) {
  const ready = new Map<string, IngestRecord[]>();
  const waiting: Waiting[] = [];
  const mergedAway: IngestRecord[] = [];
  const touched = new Set<string>();
  const unasked = new Map<string, Set<string>>();
  /** Records of this list that are not stored now. */
  const absent = new Map<string, Set<string>>();
  const exists = (table: string, id: string): boolean => {
    if (known.has(table, id)) return true;
    if (writes.get(table)?.get(id)?.op !== 'upsert') return false;
    if (absent.get(table)?.has(id) !== true) return true;
    if (!known.isAsked(table, id)) addTo(unasked, table, id);
    return false;
  };
  for (const [table, { awaited }] of shapes) {
    const records = writes.get(table);
    if (records === undefined) continue;
    const list: IngestRecord[] = [];
    for (const record of records.values()) {
      const missing = findMissing(record, awaited, exists);
      const isGone = table === 'contacts' && known.aliases.has(record.id);
      if (isGone) mergedAway.push(record);
      else if (missing !== undefined) waiting.push({ record, ...missing });
      else {
        list.push(record);
        continue;
      }
      addTo(absent, table, record.id);
      touched.add(table);
    }
    ready.set(table, list);
  }
  return { ready, waiting, mergedAway, touched, unasked };
}

function findMissing(
  { values, participants }: IngestRecord,
  awaited: readonly { index: number; table: string }[],
  exists: (table: string, id: string) => boolean,
): Omit<Waiting, 'record'> | undefined {
  for (const { index, table } of awaited) {
    const id = values[index] as string | null;
    if (id !== null && !exists(table, id)) return { parentTable: table, parentId: id };
  }
  for (const [id] of participants ?? []) {
    if (!exists('contacts', id)) return { parentTable: 'contacts', parentId: id };
  }
  return undefined;
}
