import type { ByteWriter } from './byte-writer.ts';
import { AsideLists } from './cells/aside-lists.ts';
import { constantOf, writeConstant } from './cells/constant.ts';
import {
  compileObject,
  compileRecord,
  type ObjectTemplate,
  type RecordTemplate,
  writeObject,
} from './cells/json-record.ts';
import type { RecordFormat, RecordShape, RenderColumn } from './record-format.ts';
import type { RowView } from './row-view.ts';

export interface NdjsonFormatOptions {
  /** `nested`: one line per record, lists inside. `flat`: the record's line, then one line per list item. */
  layout: 'nested' | 'flat';
  /** Write the document's head as the first line; default false. */
  head?: boolean;
}

const END_LINE = constantOf('}\n');
const COMMA = 0x2c;
const CLOSE_OBJECT = 0x7d;
const CLOSE_ARRAY = 0x5d;

/**
 * NDJSON (contract §4): one object per line, `\n`, no BOM; every line starts with its `type`. The last line,
 * `{"_end":true,"records":n,"sha256":"…"}`, holds the number of lines and the digest of all bytes before it,
 * so that a short file is recognised by its last line alone.
 *
 * `type` is the line's own: a column of that name (a contact's) leaves as `kind`, its name in the ingest
 * grammar, so that exported lines can be ingested again.
 */
export function createNdjsonFormat(out: ByteWriter, options: NdjsonFormatOptions): RecordFormat {
  if (!out.hashes) throw new Error('NDJSON ends with a digest: its writer must hash.');
  return new NdjsonFormat(out, options);
}

class NdjsonFormat implements RecordFormat {
  readonly #out: ByteWriter;
  readonly #aside = new AsideLists();
  readonly #isFlat: boolean;
  readonly #hasHead: boolean;
  #template: RecordTemplate | undefined;
  #itemLines: readonly ObjectTemplate[] = [];
  #lines = 0;
  #items = 0;

  constructor(out: ByteWriter, options: NdjsonFormatOptions) {
    this.#out = out;
    this.#isFlat = options.layout === 'flat';
    this.#hasHead = options.head ?? false;
  }

  beginDocument(head: Record<string, unknown>): void {
    if (!this.#hasHead) return;
    // A spread keeps `type` first even where the head brings its own.
    this.#out.raw(Buffer.from(`${JSON.stringify({ type: 'head', ...head })}\n`));
    this.#lines++;
  }

  beginSection(shape: RecordShape): void {
    const columns = withoutType(shape.columns);
    const lists = this.#isFlat ? [] : shape.lists;
    this.#template = compileRecord({ ...shape, columns, lists }, leadOf(shape.type));
    this.#itemLines = this.#isFlat
      ? shape.lists.map((list) => compileObject(withoutType(list.columns), leadOf(list.type)))
      : [];
  }

  beginRecord(row: RowView): void {
    if (this.#template === undefined) throw new Error('No section is open.');
    writeObject(this.#out, this.#template.record, row);
    if (this.#isFlat) this.#endLine();
  }

  beginList(index: number): void {
    this.#items = 0;
    if (!this.#isFlat) writeConstant(this.#out, this.#list(index).opening);
  }

  item(index: number, row: RowView): void {
    const out = this.#out;
    if (this.#isFlat) {
      const template = this.#itemLines[index];
      if (template === undefined) throw new Error(`The shape has no list ${index}.`);
      writeObject(out, template, row);
      this.#endLine();
      return;
    }
    if (this.#items++ > 0) out.byte(COMMA);
    writeObject(out, this.#list(index).items, row);
    out.byte(CLOSE_OBJECT);
  }

  endList(): void {
    if (!this.#isFlat) this.#out.byte(CLOSE_ARRAY);
  }

  setAside(index: number, row: RowView): void {
    if (this.#isFlat) throw new Error('Flat lines nest nothing.');
    this.#aside.add(index, this.#list(index), row);
  }

  writeAside(index: number): void | Promise<void> {
    return this.#aside.write(index, this.#list(index), this.#out);
  }

  close(): void {
    this.#aside.close();
  }

  endRecord(): void {
    if (!this.#isFlat) this.#endLine();
  }

  endSection(): void {
    this.#template = undefined;
  }

  endDocument(): void {
    const sha256 = this.#out.digestSoFar();
    this.#out.ascii(`{"_end":true,"records":${this.#lines},"sha256":"${sha256}"}\n`);
  }

  #endLine(): void {
    writeConstant(this.#out, END_LINE);
    this.#lines++;
  }

  #list(index: number): RecordTemplate['lists'][number] {
    const list = this.#template?.lists[index];
    if (list === undefined) throw new Error(`The shape has no list ${index}.`);
    return list;
  }
}

function leadOf(type: string): string {
  return `{"type":${JSON.stringify(type)},`;
}

function withoutType(columns: readonly RenderColumn[]): RenderColumn[] {
  return columns.map((column) => (column.name === 'type' ? { ...column, name: 'kind' } : column));
}
