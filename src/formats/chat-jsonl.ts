import type { ByteWriter } from './byte-writer.ts';
import { constantOf, writeConstant } from './cells/constant.ts';
import { compileObject, type ObjectTemplate, writeObject } from './cells/json-record.ts';
import type { RecordFormat, RecordShape } from './record-format.ts';
import type { RowView } from './row-view.ts';

const OPEN_LINE = constantOf('{"messages":[');
const END_LINE = constantOf(']}\n');
const COMMA = 0x2c;
const CLOSE_OBJECT = 0x7d;

/**
 * Lines for training a model (contract §2): `{"messages":[{"role":…,"content":…}]}` per record, of the items of its
 * first list; UTF-8, `\n`, and nothing else: training programs take no head and no end line. The manifest, not
 * the file, says that it is complete.
 */
export function createChatFormat(out: ByteWriter): RecordFormat {
  return new ChatFormat(out);
}

class ChatFormat implements RecordFormat {
  readonly #out: ByteWriter;
  #message: ObjectTemplate | undefined;
  #items = 0;

  constructor(out: ByteWriter) {
    this.#out = out;
  }

  beginDocument(): void {}

  beginSection({ lists: [list] }: RecordShape): void {
    if (list === undefined) throw new Error('Lines for training need a list of messages.');
    this.#message = compileObject(list.columns);
  }

  beginRecord(): void {
    this.#items = 0;
    writeConstant(this.#out, OPEN_LINE);
  }

  beginList(): void {}

  item(_index: number, row: RowView): void {
    if (this.#message === undefined) throw new Error('No section is open.');
    if (this.#items++ > 0) this.#out.byte(COMMA);
    writeObject(this.#out, this.#message, row);
    this.#out.byte(CLOSE_OBJECT);
  }

  endList(): void {}

  setAside(): never {
    throw new Error('A line has one list.');
  }

  writeAside(): never {
    return this.setAside();
  }

  endRecord(): void {
    writeConstant(this.#out, END_LINE);
  }

  endSection(): void {}

  endDocument(): void {}

  close(): void {}
}
