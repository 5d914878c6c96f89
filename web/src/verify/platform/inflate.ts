import {
  distanceBase,
  distanceExtra,
  fixedDistances,
  fixedLiterals,
  LENGTHS_ORDER,
  lengthBase,
  lengthExtra,
  LONGEST_MATCH,
} from './deflate-codes.ts';
import { type Huffman, huffmanOf, InflateError } from './huffman.ts';

const WINDOW_BYTES = 32 * 1024;
const ROOM_BYTES = 4 * WINDOW_BYTES;
const END_OF_BLOCK = 256;
/** Codes that repeat a length: how often at least, and how many bits say how often more. */
const REPEATS: Readonly<Record<number, readonly [number, number]>> = { 16: [3, 2], 17: [3, 3], 18: [11, 7] };
/** Thrown where a piece ends within a symbol, which is then read again with the next piece. */
const MORE = new Error('more input is needed');

/**
 * Unpacks raw deflate (RFC 1951) piece by piece and says where it ended, which the browser's own `DecompressionStream`
 * does not: behind an entry of a streamed zip comes what nothing announces.
 */
export class Inflate {
  isDone = false;
  readonly #emit: (bytes: Uint8Array) => void;
  readonly #out = new Uint8Array(ROOM_BYTES);
  #position = 0;
  #emitted = 0;
  #total = 0;
  #input: Uint8Array = new Uint8Array();
  #at = 0;
  #bits = 0;
  #bitCount = 0;
  /** Where the last whole symbol ended. */
  #mark = { at: 0, bits: 0, bitCount: 0 };
  /** Of the open block: its codes, or how many stored bytes are to come. */
  #literals: Huffman | undefined;
  #distances = fixedDistances;
  #stored: number | undefined;
  #isLast = false;

  /** @param emit given what comes out; valid during the call only */
  constructor(emit: (bytes: Uint8Array) => void) {
    this.#emit = emit;
  }

  /** Takes the next piece; answers how many of its bytes belonged to the data. @throws InflateError */
  push(chunk: Uint8Array): number {
    this.#input = this.#input.length === 0 ? chunk : joined(this.#input, chunk);
    this.#at = 0;
    try {
      while (!this.isDone) {
        this.#setMark();
        if (this.#stored !== undefined) this.#copyStored();
        else if (this.#literals !== undefined) this.#readSymbols(this.#literals, this.#distances);
        else this.#beginBlock();
      }
    } catch (error) {
      if (error !== MORE) throw error;
      this.#at = this.#mark.at;
      this.#bits = this.#mark.bits;
      this.#bitCount = this.#mark.bitCount;
    }
    this.#flush();
    const unused = this.isDone ? this.#input.length - this.#at + (this.#bitCount >> 3) : 0;
    this.#input = this.#input.slice(this.#at);
    return chunk.length - unused;
  }

  #setMark(): void {
    Object.assign(this.#mark, { at: this.#at, bits: this.#bits, bitCount: this.#bitCount });
  }

  #beginBlock(): void {
    const isLast = this.#take(1) === 1;
    const type = this.#take(2);
    if (type === 3) throw new InflateError('there is no such block');
    if (type === 2) this.#readCodes();
    else if (type === 1) {
      this.#literals = fixedLiterals;
      this.#distances = fixedDistances;
    } else {
      this.#take(this.#bitCount & 7); // to the next whole byte
      const length = this.#take(16);
      if (this.#take(16) !== (~length & 0xffff)) throw new InflateError('a length is not its complement');
      this.#stored = length;
    }
    this.#isLast = isLast;
  }

  #readCodes(): void {
    const literals = this.#take(5) + 257;
    const distances = this.#take(5) + 1;
    const lengths = LENGTHS_ORDER.map(() => 0);
    const given = this.#take(4) + 4;
    for (let i = 0; i < given; i++) lengths[LENGTHS_ORDER[i]!] = this.#take(3);
    const code = huffmanOf(lengths);
    const all: number[] = [];
    while (all.length < literals + distances) {
      const symbol = this.#decode(code);
      const length = symbol < 16 ? symbol : symbol === 16 ? all.at(-1) : 0;
      if (length === undefined) throw new InflateError('a length repeats nothing');
      const [least = 1, bits = 0] = REPEATS[symbol] ?? [];
      const times = least + this.#take(bits);
      for (let i = 0; i < times; i++) all.push(length);
    }
    if (all.length > literals + distances) throw new InflateError('there are more lengths than symbols');
    this.#distances = huffmanOf(all.slice(literals));
    this.#literals = huffmanOf(all.slice(0, literals));
  }

  #copyStored(): void {
    while (this.#stored! > 0) {
      this.#makeRoom();
      this.#put(this.#take(8));
      this.#stored!--;
      this.#setMark();
    }
    this.#stored = undefined;
    this.isDone = this.#isLast;
  }

  #readSymbols(literals: Huffman, distances: Huffman): void {
    for (;;) {
      this.#setMark();
      this.#makeRoom();
      const symbol = this.#decode(literals);
      if (symbol < END_OF_BLOCK) {
        this.#put(symbol);
        continue;
      }
      if (symbol === END_OF_BLOCK) break;
      const length = lengthBase[symbol - 257]! + this.#take(lengthExtra[symbol - 257]!);
      const code = this.#decode(distances);
      const distance = distanceBase[code]! + this.#take(distanceExtra[code]!);
      if (!(distance <= Math.min(this.#total, WINDOW_BYTES)) || !(length > 0))
        throw new InflateError('a match lies before the beginning');
      for (let i = 0; i < length; i++) this.#put(this.#out[this.#position - distance]!);
    }
    this.#literals = undefined;
    this.isDone = this.#isLast;
  }

  #decode({ table, bits }: Huffman): number {
    this.#fill(bits);
    const found = table[this.#bits & ((1 << bits) - 1)]!;
    const length = found & 15;
    if (length > this.#bitCount || (length === 0 && this.#bitCount < bits)) throw MORE;
    if (length === 0) throw new InflateError('there is no such symbol');
    this.#bits >>>= length;
    this.#bitCount -= length;
    return found >> 4;
  }

  #take(count: number): number {
    if (count === 0) return 0;
    this.#fill(count);
    if (this.#bitCount < count) throw MORE;
    const value = this.#bits & ((1 << count) - 1);
    this.#bits >>>= count;
    this.#bitCount -= count;
    return value;
  }

  #fill(count: number): void {
    while (this.#bitCount < count && this.#at < this.#input.length) {
      this.#bits |= this.#input[this.#at++]! << this.#bitCount;
      this.#bitCount += 8;
    }
  }

  #put(byte: number): void {
    this.#out[this.#position++] = byte;
    this.#total++;
  }

  /** Room for the longest match; what a later one can reach stays. */
  #makeRoom(): void {
    if (this.#position + LONGEST_MATCH <= ROOM_BYTES) return;
    this.#flush();
    this.#out.copyWithin(0, this.#position - WINDOW_BYTES, this.#position);
    this.#position = WINDOW_BYTES;
    this.#emitted = WINDOW_BYTES;
  }

  #flush(): void {
    if (this.#emitted < this.#position) this.#emit(this.#out.subarray(this.#emitted, this.#position));
    this.#emitted = this.#position;
  }
}

function joined(a: Uint8Array, b: Uint8Array): Uint8Array {
  const both = new Uint8Array(a.length + b.length);
  both.set(a);
  both.set(b, a.length);
  return both;
}
