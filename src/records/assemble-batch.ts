import { recordTables } from '../catalog/catalog.ts';
import { Outcomes } from './count-outcomes.ts';
import { foldRecords } from './fold-records.ts';
import type { IngestRecord } from './grammar/parse-record.ts';

/** Rows of one transaction: few enough that it stays far below a second (see docs on the change feed). */
export const BATCH_ROWS = 5000;
export const BATCH_BYTES = 8 * 1024 * 1024;

/** Records by table, then by id. */
export type RecordMap = Map<string, Map<string, IngestRecord>>;

/**
 * Lines of one body, or waiting lines of this body or of earlier ones, that one pass over the database may
 * treat as a set: at most one write per record, all writes before all deletions, with the same effect as
 * the lines one after the other.
 */
export class Batch {
  readonly origin: 'body' | 'waited' | 'waited-elsewhere';
  /** Records of the workspace itself, as far as the lines tell. */
  readonly writes: RecordMap = new Map();
  /** Records of personal workspaces, keyed by account and id. */
  readonly personalWrites: RecordMap = new Map();
  readonly deletions: IngestRecord[] = [];
  /** Two contacts to make one; such a batch holds nothing else. */
  merge: IngestRecord | undefined;
  /** What is known of its lines without the database. */
  readonly outcomes = new Outcomes();
  rows = 0;
  bytes = 0;
  /** Lines by type; only of waiting lines, whose counts have to be taken back. */
  readonly lines = new Map<string, number>();
  /** Tables whose lines may mean something else once this batch's deletions are done. */
  readonly #blocked = new Set<string>();
  readonly #deleted = new Set<string>();
  /** Personal records by type and id, and under which key they stand. */
  readonly #personal = new Map<string, string>();

  constructor(origin: Batch['origin'] = 'body') {
    this.origin = origin;
  }

  get isEmpty(): boolean {
    return this.rows === 0 && this.outcomes.received === 0;
  }

  /** Takes a record, or answers false: it must come in a batch after this one. */
  add(record: IngestRecord): boolean {
    const size = record.text.length;
    if (this.merge !== undefined || this.rows >= BATCH_ROWS) return false;
    if (this.rows > 0 && this.bytes + size > BATCH_BYTES) return false;
    if (record.op === 'merge') {
      if (this.rows > 0) return false;
      this.merge = record;
    } else if (record.op === 'delete') {
      if (!this.#addDeletion(record)) return false;
    } else if (!this.#addWrite(record)) {
      return false;
    }
    this.rows++;
    this.bytes += size;
    if (record.waited !== undefined)
      this.lines.set(record.shape.type, (this.lines.get(record.shape.type) ?? 0) + 1);
    return true;
  }

  #addDeletion(record: IngestRecord): boolean {
    const { shape, id } = record;
    const table = shape.table.name;
    const name = `${shape.type}\0${id}`;
    // The write may have to wait, and then it is among the waiting lines that the deletion must find it.
    if (this.writes.get(table)?.has(id) === true || this.#personal.has(name)) return false;
    this.deletions.push(record);
    this.#deleted.add(name);
    for (const dependent of dependents.get(table)!) this.#blocked.add(dependent);
    return true;
  }

  #addWrite(record: IngestRecord): boolean {
    const { shape, id, isPersonal } = record;
    const table = shape.table.name;
    if (this.#blocked.has(table)) return false;
    if (this.#deleted.size > 0 && this.#deleted.has(`${shape.type}\0${id}`)) return false;
    // One line says that the record is personal or whose it is, another does not: whether they mean one record
    // shows only when the first of them is stored.
    const name = `${shape.type}\0${id}`;
    const key = isPersonal ? `${personalOwner(record)}\0${id}` : id;
    const personalKey = this.#personal.size > 0 ? this.#personal.get(name) : undefined;
    if (isPersonal && this.writes.get(table)?.has(id) === true) return false;
    if (personalKey !== undefined && personalKey !== key) return false;
    if (isPersonal) this.#personal.set(name, key);
    const writes = isPersonal ? this.personalWrites : this.writes;
    let ofTable = writes.get(table);
    if (ofTable === undefined) {
      ofTable = new Map();
      writes.set(table, ofTable);
    }
    const earlier = ofTable.get(key);
    if (earlier === undefined) {
      ofTable.set(key, record);
      return true;
    }
    const folded = foldRecords(earlier, record);
    if (folded === undefined) return false;
    ofTable.set(key, folded.record);
    this.outcomes.count(shape.type, folded.isOlder ? 'skipped_older' : 'superseded');
    return true;
  }
}

/** Of whom a personal record is, as far as its line says: keeps records of two accounts with one id apart. */
function personalOwner({ shape, values }: IngestRecord): string {
  const { account, conversation } = shape;
  const accountId = account && values[account.index];
  const conversationId = conversation && values[conversation.index];
  return (accountId ?? conversationId ?? '') as string;
}

/**
 * For each table, those whose rows may belong or refer to one of its rows, directly or through others. A
 * contact may have been merged into another: once that one is gone, its id is free again.
 */
const dependents: ReadonlyMap<string, ReadonlySet<string>> = new Map(
  recordTables.map(({ name }) => {
    const found = new Set<string>(name === 'contacts' ? [name] : []);
    const visit = (parent: string) => {
      for (const table of recordTables) {
        const depends = table.references.some(
          (reference) => reference.table === parent && reference.isAwaited,
        );
        if (!depends || found.has(table.name)) continue;
        found.add(table.name);
        visit(table.name);
      }
    };
    visit(name);
    return [name, found];
  }),
);
