import type { ByteWriter } from '../byte-writer.ts';
import { AsideBuffer } from '../cells/aside-buffer.ts';
import { escapeHtml } from './html/escape-html.ts';
import type { PageFrame } from './html/page.ts';
import {
  CLOSE_TABLE,
  type ListedDocument,
  type ListedFile,
  openTable,
  SEARCH_FIELD,
  SEARCH_SCRIPT,
  writeFileTable,
  writeTableRow,
} from './html/write-index.ts';
import { writeFacts } from './html/write-transcript.ts';
import type { Transcript } from './transcript.ts';

/** The first page of an archive: what it is about, its documents, its files. Rows wait in a buffer that spills. */
export class DocumentIndex {
  readonly #page: PageFrame;
  readonly #tables: { noun: string; rows: AsideBuffer; count: number }[] = [];
  /** One person's archive: what is known of them. */
  person: Transcript['facts'] | undefined;
  files: ListedFile[] = [];

  constructor(page: PageFrame) {
    this.#page = page;
  }

  /** Later documents go into a table of this name. */
  beginTable(noun: string): void {
    this.#tables.push({ noun, rows: new AsideBuffer(), count: 0 });
  }

  add(document: ListedDocument): void {
    const table = this.#tables.at(-1);
    if (table === undefined) throw new Error('No table is open.');
    const row = Buffer.from(writeTableRow(document));
    table.rows.reserve(row.length);
    table.rows.buffer.set(row, table.rows.position);
    table.rows.position += row.length;
    table.count++;
  }

  async write(out: ByteWriter, workspaceName: string): Promise<void> {
    const title = this.person === undefined ? `Conversations of ${workspaceName}` : 'About one person';
    const write = (html: string) => out.raw(Buffer.from(html));
    write(this.#page.open(title, SEARCH_SCRIPT));
    write(`<h1 dir="auto">${escapeHtml(title)}</h1>\n`);
    if (this.person !== undefined) write(writeFacts(this.person));
    write(SEARCH_FIELD);
    for (const { noun, rows, count } of this.#tables) {
      write(openTable(`${noun}: ${count}`));
      await rows.moveInto(out);
      write(CLOSE_TABLE);
    }
    write(writeFileTable(this.files));
    write(this.#page.close(SEARCH_SCRIPT));
  }

  close(): void {
    for (const { rows } of this.#tables) rows.close();
  }
}
