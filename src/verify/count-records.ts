import type { Counts, PartLayout, RecordLayout } from '../packages/manifest.ts';
import { CsvCounter } from './count-csv.ts';
import { ArchiveCounter, SingleDocumentCounter } from './count-documents.ts';
import { XlsxCounter } from './count-xlsx.ts';
import {
  ARRAY,
  type JsonKind,
  JsonScanner,
  type JsonVisitor,
  MalformedError,
  OBJECT,
  STRING,
} from './scan-json.ts';

/** Counts the records of one part while its bytes pass by. */
export interface RecordCounter {
  /** The chunk may be overwritten once this is done. @throws MalformedError */
  push(chunk: Buffer): void | Promise<void>;
  /** Records per dataset; those of which there are none may be left out. @throws MalformedError */
  end(): Map<string, number>;
  /** Of NDJSON: lines so far, the end line among them. */
  lines?(): number;
}

/**
 * The counter for a layout (docs/package.md, “The manifest”); undefined where nothing is counted.
 * @param counts what the manifest says; a JSON document must say the same at its end
 */
export function createRecordCounter(layout: PartLayout, counts: Counts): RecordCounter | undefined {
  if (layout.format === 'zip') return undefined;
  if (layout.format === 'csv') return new CsvCounter(layout.dataset);
  if (layout.format === 'xlsx') return new XlsxCounter(layout.sheets);
  if (layout.format === 'documents') {
    return 'archive' in layout
      ? new ArchiveCounter(layout.archive)
      : new SingleDocumentCounter(layout.document, layout.as);
  }
  if (layout.format === 'chat-jsonl') return counterOf(new ExampleVisitor(layout.lines), 2, true, false);
  if (layout.format === 'ndjson') return counterOf(new LineVisitor(layout.types), 2, true);
  if ('array' in layout) return counterOf(new ArrayVisitor(layout.array), 3);
  return counterOf(new DocumentVisitor(layout.sections, counts), 4);
}

interface CountingVisitor extends JsonVisitor {
  totals: Map<string, number>;
  end?(): void;
}

/** @param visitedDepth how deep the items of a record's arrays lie */
function counterOf(
  visitor: CountingVisitor,
  visitedDepth: number,
  lines = false,
  hasEndLine = lines,
): RecordCounter {
  const scanner = new JsonScanner(visitor, { lines, visitedDepth });
  return {
    push: (chunk) => scanner.push(chunk),
    end: () => {
      scanner.end();
      visitor.end?.();
      return visitor.totals;
    },
    ...(hasEndLine ? { lines: () => scanner.lines } : {}),
  };
}

/** One record: its `type`, its keys, and the items of each of its arrays. */
class RecordTally {
  type: string | undefined;
  readonly keys = new Set<string>();
  readonly #items = new Map<string, number>();
  readonly #others = new Set<string>();
  #list: string | undefined;

  /** @param depth within the record: 1 for its members, 2 for the items of its arrays */
  value(depth: number, key: string | undefined, kind: JsonKind, text: () => string | undefined): void {
    if (depth === 2 && this.#list !== undefined) {
      this.#items.set(this.#list, (this.#items.get(this.#list) ?? 0) + 1);
    }
    if (depth !== 1) return;
    this.#list = undefined;
    if (key === undefined) return;
    addKey(this.keys, key);
    if (key === 'type' && kind === STRING) this.type = text();
    if (kind === ARRAY) {
      this.#list = key;
      this.#items.set(key, 0);
    } else if (kind !== 0 || text() !== 'null') this.#others.add(key);
  }

  addTo(totals: Map<string, number>, { dataset, lists }: RecordLayout): void {
    add(totals, dataset, 1);
    for (const [key, itemDataset] of Object.entries(lists)) {
      if (this.#others.has(key)) throw new MalformedError(`“${key}” of a record is no array`);
      add(totals, itemDataset, this.#items.get(key) ?? 0);
    }
  }
}

class LineVisitor implements CountingVisitor {
  readonly totals = new Map<string, number>();
  readonly #types: Map<string, RecordLayout>;
  #record = new RecordTally();
  #lines = 0;
  #hasEnded = false;

  constructor(types: Record<string, RecordLayout>) {
    this.#types = new Map(Object.entries(types));
  }

  value(depth: number, key: string | undefined, kind: JsonKind, text: () => string | undefined): void {
    if (depth > 0) return this.#record.value(depth, key, kind, text);
    this.#lines++;
    if (kind !== OBJECT) throw new MalformedError(`line ${this.#lines} is no object`);
    if (this.#hasEnded) throw new MalformedError(`line ${this.#lines} comes after the end line`);
    this.#record = new RecordTally();
  }

  close(): void {}

  line(): void {
    const { type, keys } = this.#record;
    const layout = type === undefined ? undefined : this.#types.get(type);
    if (layout !== undefined) this.#record.addTo(this.totals, layout);
    else if (keys.has('_end') && type === undefined) this.#hasEnded = true;
    else if (type !== 'head' || this.#lines > 1)
      throw new MalformedError(`line ${this.#lines} is of a type that the layout does not name`);
  }
}

/** Lines that are records, all of one kind. */
class ExampleVisitor implements CountingVisitor {
  readonly totals = new Map<string, number>();
  readonly #layout: RecordLayout;
  #record = new RecordTally();

  constructor(layout: RecordLayout) {
    this.#layout = layout;
  }

  value(depth: number, key: string | undefined, kind: JsonKind, text: () => string | undefined): void {
    if (depth > 0) return this.#record.value(depth, key, kind, text);
    if (kind !== OBJECT) throw new MalformedError('a line is no object');
    this.#record = new RecordTally();
  }

  close(): void {}

  line(): void {
    this.#record.addTo(this.totals, this.#layout);
  }
}

class ArrayVisitor implements CountingVisitor {
  readonly totals = new Map<string, number>();
  readonly #layout: RecordLayout;
  #record = new RecordTally();

  constructor(layout: RecordLayout) {
    this.#layout = layout;
  }

  value(depth: number, key: string | undefined, kind: JsonKind, text: () => string | undefined): void {
    if (depth > 1) return this.#record.value(depth - 1, key, kind, text);
    if (kind !== (depth === 0 ? ARRAY : OBJECT))
      throw new MalformedError(depth === 0 ? 'it is no array' : 'an item of the array is no object');
    this.#record = new RecordTally();
  }

  close(depth: number): void {
    if (depth === 1) this.#record.addTo(this.totals, this.#layout);
  }
}

class DocumentVisitor implements CountingVisitor {
  readonly totals = new Map<string, number>();
  readonly #sections: Map<string, RecordLayout>;
  readonly #counts: Counts;
  readonly #keys = new Set<string>();
  readonly #stated = new Map<string, string | undefined>();
  #isComplete = false;
  #key: string | undefined;
  #section: RecordLayout | undefined;
  /** Where the section's records lie: 2 in an array, 1 for an object that is the record. */
  #recordDepth = 2;
  #record = new RecordTally();

  constructor(sections: Record<string, RecordLayout>, counts: Counts) {
    this.#sections = new Map(Object.entries(sections));
    this.#counts = counts;
  }

  value(depth: number, key: string | undefined, kind: JsonKind, text: () => string | undefined): void {
    if (depth === 0 && kind !== OBJECT) throw new MalformedError('it is no object');
    if (depth === 1) this.#member(key, kind, text);
    else if (depth === 2 && this.#key === 'counts')
      this.#stated.set(key ?? '', kind === 0 ? text() : undefined);
    if (depth < 1 || this.#section === undefined) return;
    if (depth === this.#recordDepth) {
      if (kind !== OBJECT) throw new MalformedError(`an item of “${this.#key}” is no object`);
      this.#record = new RecordTally();
    } else if (depth > this.#recordDepth) this.#record.value(depth - this.#recordDepth, key, kind, text);
  }

  #member(key: string | undefined, kind: JsonKind, text: () => string | undefined): void {
    addKey(this.#keys, key ?? '');
    this.#key = key;
    this.#section = this.#sections.get(key ?? '');
    this.#recordDepth = kind === OBJECT ? 1 : 2;
    if (key === 'complete') this.#isComplete = kind === 0 && text() === 'true';
    if (this.#section === undefined || kind === OBJECT || kind === ARRAY) return;
    if (text() !== 'null' || kind !== 0)
      throw new MalformedError(`“${key}” is neither array, object nor null`);
    this.#section = undefined;
  }

  close(depth: number): void {
    if (this.#section === undefined) return;
    if (depth === this.#recordDepth) this.#record.addTo(this.totals, this.#section);
    if (depth === 1) this.#section = undefined;
  }

  end(): void {
    for (const key of this.#sections.keys())
      if (!this.#keys.has(key)) throw new MalformedError(`“${key}” is not in it`);
    if (!this.#isComplete) throw new MalformedError('it does not end with "complete":true');
    const counts = Object.entries(this.#counts);
    if (
      this.#stated.size !== counts.length ||
      counts.some(([name, count]) => this.#stated.get(name) !== `${count}`)
    )
      throw new MalformedError('its "counts" are not the manifest’s');
  }
}

function addKey(keys: Set<string>, key: string): void {
  if (keys.has(key)) throw new MalformedError(`the key “${key.slice(0, 100)}” comes twice in one object`);
  keys.add(key);
}

function add(totals: Map<string, number>, dataset: string, count: number): void {
  totals.set(dataset, (totals.get(dataset) ?? 0) + count);
}
