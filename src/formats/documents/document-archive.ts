import { createHash } from 'node:crypto';
import { ByteWriter } from '../byte-writer.ts';
import { AsideBuffer } from '../cells/aside-buffer.ts';
import { sinkInto } from '../sink-into.ts';
import { createZipWriter, type ZipWriter } from '../zip.ts';

/** What the list of an archive says of one of its entries, beside its name, size and digest. */
export interface DocumentLine {
  /** `document`: one conversation or ticket, or a volume of it. `page`: the index. `data`, `file`: what lies beside. */
  type: 'document' | 'page' | 'data' | 'file';
  conversation_id?: string;
  ticket_id?: string;
  file_id?: string;
  volume?: number;
  /** Records in it, by dataset; nothing for a copy of what is counted elsewhere. */
  counts?: Record<string, number>;
}

/** Name of the list in every archive; the last entry. */
export const DOCUMENTS_LIST = 'documents.ndjson';

/**
 * A zip of documents that says what is in it: its last entry lists every other with size, digest and counts, and
 * ends with a line that agrees with the rest (docs/package.md). One entry at a time; memory does not grow with
 * their number beyond what a zip's directory takes.
 */
export class DocumentArchive {
  readonly #zip: ZipWriter;
  readonly #list = new AsideBuffer();
  #lines = 0;

  /** @param options `mtime` of every entry, so that equal contents give equal archives */
  constructor(out: ByteWriter, options: { mtime: Date; signal: AbortSignal }) {
    this.#zip = createZipWriter(sinkInto(out), options);
  }

  /** Adds an entry that is in memory. @param name a safe path with `/`, and no person's name */
  async add(name: string, line: DocumentLine, bytes: Buffer): Promise<void> {
    const entry = await this.#zip.entry(name);
    await entry.write(bytes);
    await entry.close();
    this.#note(name, line, bytes.length, createHash('sha256').update(bytes).digest('hex'));
  }

  /** Adds an entry that is written piece by piece. */
  async stream(name: string, line: DocumentLine, write: (out: ByteWriter) => Promise<void>): Promise<void> {
    const entry = await this.#zip.entry(name);
    const out = new ByteWriter(entry);
    await write(out);
    const { bytes, sha256 } = await out.end();
    await entry.close();
    this.#note(name, line, bytes, sha256);
  }

  /** Tells of a file that cannot be in the archive. */
  noteMissing(fileId: string, reason: string): void {
    this.#line({ type: 'missing_file', file_id: fileId, reason });
  }

  /** Writes the list and the zip's directory. */
  async close(): Promise<void> {
    const entry = await this.#zip.entry(DOCUMENTS_LIST);
    const out = new ByteWriter(entry);
    await this.#list.moveInto(out);
    out.ascii(`{"_end":true,"records":${this.#lines},"sha256":"${out.digestSoFar()}"}\n`);
    await out.end();
    await entry.close();
    await this.#zip.close();
  }

  /** Gives back what an archive that ends in the middle holds. */
  abandon(): void {
    this.#list.close();
  }

  #note(name: string, { type, counts, ...rest }: DocumentLine, bytes: number, sha256: string): void {
    this.#line({ type, name, ...rest, bytes, sha256, counts: counts ?? {} });
  }

  #line(line: object): void {
    const bytes = Buffer.from(`${JSON.stringify(line)}\n`);
    this.#list.reserve(bytes.length);
    this.#list.buffer.set(bytes, this.#list.position);
    this.#list.position += bytes.length;
    this.#lines++;
  }
}
