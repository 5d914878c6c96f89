/** What a record is in the model: every field as its column, absent ones null. */
export interface ModelRecord {
  version: number | null;
  updated_at: string | null;
  /** Null: the time of arrival. */
  created_at: string | null;
  attributes: Record<string, unknown>;
  [column: string]: unknown;
}

export type ModelLine = Record<string, unknown> & { type: string; id: string; op?: string; into?: string };

interface Waiting {
  line: ModelLine;
  table: string;
  parentId: string;
  place: number;
  body: number;
  number: number;
}

/** The grammar's types that the model knows: their columns and what they belong to. */
export const MODEL_TYPES: Record<
  string,
  { table: string; columns: string[]; owner: Record<string, string>; link: Record<string, string> }
> = {
  contact: { table: 'contacts', columns: ['name', 'phone'], owner: {}, link: {} },
  conversation: {
    table: 'conversations',
    columns: ['contact_id', 'subject', 'summary'],
    owner: { contact_id: 'contact' },
    link: {},
  },
  message: {
    table: 'messages',
    columns: ['conversation_id', 'body', 'in_reply_to'],
    owner: { conversation_id: 'conversation' },
    link: {},
  },
  ticket: {
    table: 'tickets',
    columns: ['contact_id', 'conversation_id', 'subject', 'priority'],
    owner: { contact_id: 'contact' },
    link: { conversation_id: 'conversation' },
  },
};

/**
 * The ingest grammar (contract §2a) as plainly as it can be said: one line after the other, in memory. What
 * batches, folding, staging and the pending table do must come to the same.
 */
export class IngestModel {
  readonly records = new Map<string, Map<string, ModelRecord>>(
    Object.keys(MODEL_TYPES).map((type) => [type, new Map()]),
  );
  readonly aliases = new Map<string, string>();
  waiting: Waiting[] = [];
  /** Rejected lines of the current body. */
  rejected: number[] = [];
  /** Lines that were set free and are still to be taken. */
  readonly #free: Waiting[] = [];
  #place = 0;
  #body = 0;
  #number = 0;

  /** Begins a body. */
  begin(): void {
    this.#body++;
    this.#number = 0;
    this.rejected = [];
  }

  /** Takes one line of the body. */
  take(line: ModelLine): void {
    this.#take({ line, place: this.#place++, body: this.#body, number: ++this.#number });
    while (this.#free.length > 0) {
      this.#free.sort((a, b) => a.place - b.place);
      this.#take(this.#free.shift()!);
    }
  }

  /** Lines of the body that wait now. */
  countPending(): number {
    return this.waiting.filter(({ body }) => body === this.#body).length;
  }

  #take(at: Omit<Waiting, 'table' | 'parentId'>): void {
    const { line } = at;
    if (line.op === 'merge') return this.#merge(at);
    if (line.op === 'delete') {
      this.#dropObsolete(at);
      return this.#delete(line);
    }
    const { owner, link } = MODEL_TYPES[line.type]!;
    const resolved = { ...line };
    for (const [column, type] of Object.entries({ ...owner, ...link })) {
      const id = resolved[column] as string | null | undefined;
      if (id == null) continue;
      if (type === 'contact') resolved[column] = this.aliases.get(id) ?? id;
    }
    if (line.op === 'patch') {
      const ahead = this.waiting.filter(
        (one) =>
          one.line.type === line.type &&
          one.line.id === line.id &&
          one.line.op !== 'merge' &&
          one.place < at.place,
      );
      const last = ahead.sort((a, b) => a.place - b.place).at(-1);
      if (last !== undefined) return this.#wait(at, last.table, last.parentId);
    }
    const isAlias = line.type === 'contact' && this.aliases.has(line.id);
    if (isAlias) return;
    for (const [column, type] of Object.entries({ ...owner, ...link })) {
      const id = resolved[column] as string | null | undefined;
      if (id == null || this.records.get(type)!.has(id)) continue;
      if (line.op !== 'patch') this.#dropObsolete(at, true);
      return this.#wait(at, type, id);
    }
    if (line.op !== 'patch') this.#dropObsolete(at);
    this.#write(at, resolved);
  }

  #write(at: Omit<Waiting, 'table' | 'parentId'>, line: ModelLine): void {
    const { type, id, op } = line;
    const ofType = this.records.get(type)!;
    const stored = ofType.get(id);
    const { columns } = MODEL_TYPES[type]!;
    if (op === 'patch' && stored === undefined) {
      if (at.body === this.#body) this.rejected.push(at.number);
      return;
    }
    if (stored !== undefined && isOlder(line, stored)) return;
    const next: ModelRecord =
      op === 'patch'
        ? { ...stored! }
        : { version: null, updated_at: null, created_at: stored?.created_at ?? null, attributes: {} };
    for (const column of [...columns, 'version', 'updated_at']) {
      if (op !== 'patch' || line[column] !== undefined) next[column] = line[column] ?? null;
    }
    if (line['created_at'] !== undefined) next.created_at = line['created_at'] as string;
    if (line['odd'] !== undefined)
      next.attributes = { ...(op === 'patch' ? next.attributes : {}), odd: line['odd'] };
    ofType.set(id, next);
    if (stored === undefined) this.#release(type, id);
  }

  #wait(at: Omit<Waiting, 'table' | 'parentId'>, table: string, parentId: string): void {
    this.waiting.push({ ...at, table, parentId });
  }

  #release(table: string, parentId: string): void {
    const free = this.waiting.filter((one) => one.table === table && one.parentId === parentId);
    this.waiting = this.waiting.filter((one) => !free.includes(one));
    this.#free.push(...free);
  }

  /** `waits`: the line waits itself, and replaces what waits only if all of it waits for the same. */
  #dropObsolete({ line, place }: { line: ModelLine; place: number }, waits = false): void {
    const { owner, link } = MODEL_TYPES[line.type]!;
    const standsBehind = ({ line: other }: Waiting) =>
      Object.keys({ ...owner, ...link }).every((column) =>
        other.op === 'patch' ? other[column] == null : (line[column] ?? null) === (other[column] ?? null),
      );
    const held = this.waiting.filter(
      (one) =>
        one.line.type === line.type &&
        one.line.id === line.id &&
        one.line.op !== 'merge' &&
        one.place < place,
    );
    if (waits && !held.every(standsBehind)) return;
    const obsolete = new Set(held.filter((one) => !isOlder(line, one.line)));
    this.waiting = this.waiting.filter((one) => !obsolete.has(one));
  }

  #delete({ type, id, ...line }: ModelLine): void {
    const stored = this.records.get(type)!.get(id);
    if (stored === undefined || isOlder(line, stored)) return;
    this.#remove(type, id);
  }

  #remove(type: string, id: string): void {
    this.records.get(type)!.delete(id);
    for (const [child, { owner, link }] of Object.entries(MODEL_TYPES)) {
      for (const [childId, record] of this.records.get(child)!) {
        for (const [column, parent] of Object.entries(owner)) {
          if (parent === type && record[column] === id) this.#remove(child, childId);
        }
        for (const [column, parent] of Object.entries(link)) {
          if (parent === type && record[column] === id) record[column] = null;
        }
      }
    }
    if (type !== 'contact') return;
    for (const [alias, contactId] of this.aliases) if (contactId === id) this.aliases.delete(alias);
  }

  #merge(at: Omit<Waiting, 'table' | 'parentId'>): void {
    const { id, into: named = '' } = at.line;
    const into = this.aliases.get(named) ?? named;
    const contacts = this.records.get('contact')!;
    if (this.aliases.get(id) === into) return;
    if (this.aliases.has(id) || id === into) {
      if (at.body === this.#body) this.rejected.push(at.number);
      return;
    }
    const b = contacts.get(into);
    if (b === undefined) return this.#wait(at, 'contact', into);
    const a = contacts.get(id);
    if (a !== undefined) {
      for (const [type, { owner }] of Object.entries(MODEL_TYPES)) {
        for (const record of this.records.get(type)!.values()) {
          for (const [column, parent] of Object.entries(owner)) {
            if (parent === 'contact' && record[column] === id) record[column] = into;
          }
        }
      }
      for (const column of MODEL_TYPES['contact']!.columns) b[column] ??= a[column];
      b.attributes = { ...a.attributes, ...b.attributes };
      contacts.delete(id);
      for (const [alias, contactId] of this.aliases) if (contactId === id) this.aliases.set(alias, into);
    }
    this.aliases.set(id, into);
    this.#release('contact', id);
  }
}

/** By version if both have one, else by time if both have one. */
function isOlder(line: Record<string, unknown>, other: Record<string, unknown>): boolean {
  for (const clock of ['version', 'updated_at']) {
    const [mine, theirs] = [line[clock], other[clock]] as (number | string | null | undefined)[];
    if (mine != null && theirs != null) return mine < theirs;
  }
  return false;
}
