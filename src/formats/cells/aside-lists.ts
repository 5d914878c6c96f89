import type { ByteWriter } from '../byte-writer.ts';
import type { RowView } from '../row-view.ts';
import { AsideBuffer } from './aside-buffer.ts';
import { writeConstant } from './constant.ts';
import { type RecordTemplate, writeObject } from './json-record.ts';

const COMMA = 0x2c;
const CLOSE_OBJECT = 0x7d;
const CLOSE_ARRAY = 0x5d;

type ListTemplate = RecordTemplate['lists'][number];

/** Lists of one record whose items come before their turn; see `RecordFormat.setAside`. */
export class AsideLists {
  readonly #lists: { target: AsideBuffer; items: number }[] = [];

  add(index: number, { items }: ListTemplate, row: RowView): void {
    const list = (this.#lists[index] ??= { target: new AsideBuffer(), items: 0 });
    const { target } = list;
    target.reserve(1);
    if (list.items++ > 0) target.buffer[target.position++] = COMMA;
    writeObject(target, items, row);
    target.reserve(1);
    target.buffer[target.position++] = CLOSE_OBJECT;
  }

  /** Writes the whole list, empty if nothing was set aside. */
  write(index: number, { opening }: ListTemplate, out: ByteWriter): void | Promise<void> {
    writeConstant(out, opening);
    const list = this.#lists[index];
    const isWaiting = list !== undefined && list.items > 0 ? list.target.moveInto(out) : undefined;
    if (list !== undefined) list.items = 0;
    if (isWaiting === undefined) return out.byte(CLOSE_ARRAY);
    return isWaiting.then(() => out.byte(CLOSE_ARRAY));
  }

  close(): void {
    for (const list of this.#lists) list?.target.close();
  }
}
