import type { ByteWriter } from './byte-writer.ts';
import { AsideLists } from './cells/aside-lists.ts';
import { constantOf, writeConstant } from './cells/constant.ts';
import { compileRecord, type RecordTemplate, writeObject } from './cells/json-record.ts';
import type { RecordFormat, RecordShape } from './record-format.ts';
import type { RowView } from './row-view.ts';

export interface JsonFormatOptions {
  /**
   * `array`: the records of one section as a top-level array, without head, ending `]`.
   * `document`: one object of head, sections, `counts` and `"complete":true`.
   */
  layout: 'array' | 'document';
}

const FIRST = constantOf('\n');
const NEXT = constantOf(',\n');
const COMMA = 0x2c;
const CLOSE_OBJECT = 0x7d;
const CLOSE_ARRAY = 0x5d;
/** Keys that `document` writes itself. */
const RESERVED_KEYS = ['counts', 'complete'];

/**
 * JSON (contract §4), one record per line, UTF-8 without BOM. A file that was cut short does not parse: only
 * a complete one ends with `]` or with `"complete":true}`.
 */
export function createJsonFormat(out: ByteWriter, options: JsonFormatOptions): RecordFormat {
  return new JsonFormat(out, options.layout);
}

class JsonFormat implements RecordFormat {
  readonly #out: ByteWriter;
  readonly #aside = new AsideLists();
  readonly #isArray: boolean;
  readonly #keys = new Set<string>();
  #isSingle = false;
  #template: RecordTemplate | undefined;
  /** Records so far in this section, items so far in this list. */
  #records = 0;
  #items = 0;

  constructor(out: ByteWriter, layout: JsonFormatOptions['layout']) {
    this.#out = out;
    this.#isArray = layout === 'array';
  }

  beginDocument(head: Record<string, unknown>): void {
    if (this.#isArray) return;
    for (const [key, value] of Object.entries(head)) {
      const json = JSON.stringify(value);
      if (json !== undefined) this.#key(key, json);
    }
  }

  beginSection(shape: RecordShape): void {
    this.#template = compileRecord(shape);
    this.#records = 0;
    this.#isSingle = shape.single === true && !this.#isArray;
    if (!this.#isArray) this.#key(shape.section, this.#isSingle ? '' : '[');
    else if (this.#keys.size > 0) throw new Error('A JSON array holds one section.');
    else {
      this.#keys.add(shape.section);
      this.#out.ascii('[');
    }
  }

  beginRecord(row: RowView): void {
    if (!this.#isSingle) writeConstant(this.#out, this.#records === 0 ? FIRST : NEXT);
    else if (this.#records > 0) throw new Error('A single record came twice.');
    this.#records++;
    writeObject(this.#out, this.#current().record, row);
  }

  beginList(index: number): void {
    this.#items = 0;
    writeConstant(this.#out, this.#list(index).opening);
  }

  item(index: number, row: RowView): void {
    const out = this.#out;
    if (this.#items++ > 0) out.byte(COMMA);
    writeObject(out, this.#list(index).items, row);
    out.byte(CLOSE_OBJECT);
  }

  endList(): void {
    this.#out.byte(CLOSE_ARRAY);
  }

  setAside(index: number, row: RowView): void {
    this.#aside.add(index, this.#list(index), row);
  }

  writeAside(index: number): void | Promise<void> {
    return this.#aside.write(index, this.#list(index), this.#out);
  }

  close(): void {
    this.#aside.close();
  }

  endRecord(): void {
    this.#out.byte(CLOSE_OBJECT);
  }

  endSection(): void {
    if (this.#isSingle) {
      if (this.#records === 0) this.#out.ascii('null');
    } else {
      this.#out.ascii(this.#records === 0 ? ']' : '\n]');
    }
    this.#template = undefined;
  }

  endDocument(counts: Record<string, number>): void {
    if (this.#isArray) {
      if (this.#keys.size === 0) throw new Error('A JSON array needs a section.');
      this.#out.ascii('\n');
      return;
    }
    const lead = this.#keys.size === 0 ? '{' : ',\n';
    this.#out.ascii(`${lead}"counts":`);
    this.#out.raw(Buffer.from(JSON.stringify(counts)));
    this.#out.ascii(',"complete":true}\n');
  }

  #key(key: string, value: string): void {
    if (this.#keys.has(key) || RESERVED_KEYS.includes(key)) throw new Error(`${key} comes twice.`);
    this.#out.ascii(this.#keys.size === 0 ? '{' : ',\n');
    this.#keys.add(key);
    this.#out.jsonString(key);
    this.#out.raw(Buffer.from(`:${value}`));
  }

  #current(): RecordTemplate {
    if (this.#template === undefined) throw new Error('No section is open.');
    return this.#template;
  }

  #list(index: number): RecordTemplate['lists'][number] {
    const list = this.#template?.lists[index];
    if (list === undefined) throw new Error(`The shape has no list ${index}.`);
    return list;
  }
}
