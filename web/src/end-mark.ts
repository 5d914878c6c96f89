import type { FileType } from './export-kinds.ts';

/** Bytes at a file's end that are enough to see its end mark: the last line of an NDJSON file is the longest. */
const KEPT_BYTES = 4096;

/**
 * Watches a file go by and tells at its end whether it ends as a whole one does (contract §4). The browser
 * reports most broken transfers itself; this catches those that something in between made look whole. A CSV
 * has no end mark: there only a last line cut short is seen.
 */
export class EndMark {
  readonly #fileType: FileType;
  #tail = new Uint8Array(0);

  constructor(fileType: FileType) {
    this.#fileType = fileType;
  }

  see(chunk: Uint8Array): void {
    if (chunk.length >= KEPT_BYTES) {
      this.#tail = chunk.slice(-KEPT_BYTES);
      return;
    }
    const joined = new Uint8Array(this.#tail.length + chunk.length);
    joined.set(this.#tail);
    joined.set(chunk, this.#tail.length);
    this.#tail = joined.slice(-KEPT_BYTES);
  }

  /** Whether what was seen so far could be a whole file. */
  isWhole(): boolean {
    const text = new TextDecoder('latin1').decode(this.#tail);
    switch (this.#fileType) {
      case 'json':
        return text.endsWith(']\n') || text.endsWith('"complete":true}\n');
      case 'ndjson':
        return /(^|\n)\{"_end":true,[^\n]*\}\n$/.test(text);
      case 'csv':
        return text.endsWith('\r\n');
      case 'zip':
        return /PK\u0005\u0006[^]{18}$/.test(text); // end of central directory, without a comment
    }
  }
}
