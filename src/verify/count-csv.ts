import { MalformedError } from './scan-json.ts';

const QUOTE = 0x22;
const CR = 0x0d;
const LF = 0x0a;
const COMMA = 0x2c;
const BOM = [0xef, 0xbb, 0xbf];

/** Where in a row the next byte stands. */
type Place = 'cell start' | 'plain' | 'quoted' | 'after quote' | 'after CR';

/** Counts the rows of a CSV (RFC 4180) after its header; line breaks inside quotes end no row. */
export class CsvCounter {
  readonly #dataset: string;
  #place: Place = 'cell start';
  #rows = 0;
  #cells = 1;
  #headerCells = 0;
  #position = 0;
  #isRowOpen = false;
  #bom = 0;

  constructor(dataset: string) {
    this.#dataset = dataset;
  }

  /** @throws MalformedError */
  push(chunk: Buffer): void {
    let place = this.#place;
    for (let i = this.#skipBom(chunk); i < chunk.length; i++) {
      const byte = chunk[i] as number;
      this.#isRowOpen = true;
      if (place === 'quoted') {
        if (byte === QUOTE) place = 'after quote';
      } else if (place === 'after CR') {
        if (byte !== LF) this.#fail('a CR stands without LF', i);
        this.#endRow(i);
        place = 'cell start';
      } else if (byte === COMMA) {
        this.#cells++;
        place = 'cell start';
      } else if (byte === CR) place = 'after CR';
      else if (byte === LF) this.#fail('a LF stands without CR', i);
      else if (byte === QUOTE) {
        if (place === 'plain') this.#fail('a quote stands inside a cell without quotes', i);
        place = 'quoted'; // opens the cell, or is the second of two and stands for one
      } else if (place === 'after quote') this.#fail('something stands behind a closing quote', i);
      else place = 'plain';
    }
    this.#place = place;
    this.#position += chunk.length;
  }

  /** @throws MalformedError */
  end(): Map<string, number> {
    if (this.#isRowOpen) this.#fail('it ends in the middle of a row', 0);
    if (this.#rows === 0) this.#fail('it has no header', 0);
    return new Map([[this.#dataset, this.#rows - 1]]);
  }

  #endRow(i: number): void {
    if (this.#rows++ === 0) this.#headerCells = this.#cells;
    else if (this.#cells !== this.#headerCells) {
      this.#fail(`row ${this.#rows} has ${this.#cells} cells, the header ${this.#headerCells}`, i);
    }
    this.#cells = 1;
    this.#isRowOpen = false;
  }

  /** A BOM may come in pieces; without its third byte it is none, and an ordinary cell. */
  #skipBom(chunk: Buffer): number {
    let i = 0;
    while (
      this.#position + i === this.#bom &&
      this.#bom < 3 &&
      i < chunk.length &&
      chunk[i] === BOM[this.#bom]
    ) {
      i++;
      this.#bom++;
    }
    return i;
  }

  #fail(what: string, i: number): never {
    throw new MalformedError(`${what} (at byte ${this.#position + i})`);
  }
}
