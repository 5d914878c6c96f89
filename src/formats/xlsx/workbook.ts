import { type ByteSink, ByteWriter } from '../byte-writer.ts';
import { ScratchBuffer } from '../cells/scratch-buffer.ts';
import type { OutputPace, RenderColumn } from '../record-format.ts';
import { sinkInto } from '../sink-into.ts';
import { createZipWriter, type ZipEntry, type ZipWriter } from '../zip.ts';
import {
  contentTypes,
  ROOT_RELATIONS,
  SHEET_CLOSING,
  sheetOpening,
  STYLES,
  workbookRelations,
  workbookXml,
} from './package-parts.ts';

/** Of every entry, so that equal contents give equal files; the oldest that zip knows. */
const MTIME = new Date('1980-01-01T00:00:00Z');

/**
 * The archive that a workbook is, written sheet after sheet. Rows are written synchronously: they wait in a writer
 * of the sheet's own, until the sheets before it are done and the compressor takes them.
 */
export class Workbook implements OutputPace {
  readonly #zip: ZipWriter;
  readonly #mostRows: number;
  readonly #giveUp = new AbortController();
  readonly #sheets: string[] = [];
  /** The number of the row being written, as digits: it is part of every cell's place. */
  readonly #digits = new ScratchBuffer();
  /** Everything before the open sheet is in the archive. */
  #before: Promise<void>;
  #open:
    | { name: string; columns: readonly RenderColumn[]; out: ByteWriter; close: () => Promise<void> }
    | undefined;
  #row = 0;

  /** @param mostRows of one sheet, its header among them */
  constructor(out: ByteWriter, mostRows: number) {
    this.#mostRows = mostRows;
    this.#zip = createZipWriter(sinkInto(out), { mtime: MTIME, signal: this.#giveUp.signal });
    this.#before = this.#noted(
      this.#writeFile('_rels/.rels', ROOT_RELATIONS).then(() => this.#writeFile('xl/styles.xml', STYLES)),
    );
  }

  get mustWait(): boolean {
    return this.#open?.out.mustWait === true;
  }

  async ready(): Promise<void> {
    await this.#open?.out.ready();
  }

  /** Digits of the row that was begun last. */
  get rowDigits(): ScratchBuffer {
    return this.#digits;
  }

  beginSheet(name: string, columns: readonly RenderColumn[]): void {
    this.#openSheet(name, name, columns);
  }

  /** Begins a row, in a further sheet of the same columns where this one is full. Answers where to write it. */
  beginRow(): ByteWriter {
    const open = this.#open;
    if (open === undefined) throw new Error('No sheet is open.');
    if (this.#row === this.#mostRows) {
      const { name, columns } = open;
      this.#closeSheet();
      const further =
        this.#sheets.filter((sheet) => sheet === name || sheet.startsWith(`${name} `)).length + 1;
      this.#openSheet(name, `${name} ${further}`, columns);
    }
    this.#digits.clear();
    this.#digits.position = this.#digits.buffer.write(String(++this.#row), 'latin1');
    return (this.#open ?? open).out;
  }

  /** Resolves when the sheet is in the archive. */
  async endSheet(): Promise<void> {
    this.#closeSheet();
    await this.#before;
  }

  /** Resolves when the archive is whole. */
  async end(): Promise<void> {
    await this.#before;
    await this.#writeFile('xl/workbook.xml', workbookXml(this.#sheets));
    await this.#writeFile('xl/_rels/workbook.xml.rels', workbookRelations(this.#sheets));
    await this.#writeFile('[Content_Types].xml', contentTypes(this.#sheets));
    await this.#zip.close();
  }

  /** Gives up what is not done. */
  close(): void {
    this.#giveUp.abort(new Error('the workbook was given up'));
  }

  #openSheet(name: string, title: string, columns: readonly RenderColumn[]): void {
    if (this.#open !== undefined) throw new Error('The sheet before is still open.');
    this.#sheets.push(title);
    const path = `xl/worksheets/sheet${this.#sheets.length}.xml`;
    const isFirst = this.#sheets.length === 1;
    const before = this.#before;
    let entry: ZipEntry | undefined;
    const sink: ByteSink = {
      write: async (chunk) => {
        if (entry === undefined) {
          await before;
          entry = await this.#zip.entry(path);
        }
        await entry.write(chunk);
      },
    };
    const out = new ByteWriter(sink, { hash: false });
    out.raw(Buffer.from(sheetOpening(columns, isFirst)));
    const close = async () => {
      await out.end();
      await entry?.close();
    };
    this.#open = { name, columns, out, close };
    this.#row = 1;
  }

  #closeSheet(): void {
    const open = this.#open;
    if (open === undefined) throw new Error('No sheet is open.');
    open.out.ascii(SHEET_CLOSING);
    this.#open = undefined;
    this.#before = this.#noted(open.close());
  }

  async #writeFile(name: string, text: string): Promise<void> {
    const entry = await this.#zip.entry(name);
    await entry.write(Buffer.from(text));
    await entry.close();
  }

  /** A failure that nobody waits for yet is known where somebody does. */
  #noted(work: Promise<void>): Promise<void> {
    work.catch(() => {});
    return work;
  }
}
