import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import type { PackagedFile, Part } from '../packages/manifest.ts';
import { createRecordCounter, type RecordCounter } from './count-records.ts';
import { MalformedError } from './scan-json.ts';
import type { ProblemList } from './problems.ts';

/** More than any end line has: 38 characters, 64 digits of digest, up to 16 of a number. */
const TAIL_BYTES = 256;

/** Hashes and counts one part or file while its bytes pass by once. */
export class PayloadCheck {
  readonly #expected: Part | PackagedFile;
  readonly #place: string;
  readonly #problems: ProblemList;
  readonly #counter: RecordCounter | undefined;
  #malformed: string | undefined;
  #bytes = 0;
  #crc = 0;
  /** Of everything but the tail, since an end line states the digest of what comes before it. */
  readonly #hash = createHash('sha256');
  #tail: Buffer = Buffer.alloc(0);

  /** @param place how people are told of the file */
  constructor(expected: Part | PackagedFile, place: string, problems: ProblemList) {
    this.#expected = expected;
    this.#place = place;
    this.#problems = problems;
    if ('layout' in expected) this.#counter = createRecordCounter(expected.layout, expected.counts);
  }

  /** Once this is done the chunk may be overwritten. */
  async push(chunk: Buffer): Promise<void> {
    this.#bytes += chunk.length;
    this.#crc = crc32(chunk, this.#crc);
    const held = chunk.length < TAIL_BYTES ? Buffer.concat([this.#tail, chunk]) : chunk;
    if (held === chunk) this.#hash.update(this.#tail);
    const done = Math.max(0, held.length - TAIL_BYTES);
    this.#hash.update(held.subarray(0, done));
    this.#tail = Buffer.from(held.subarray(done)); // copied: the chunk is overwritten by the next one
    await this.#count(() => this.#counter?.push(chunk));
  }

  /** Call once, after the last byte. */
  async end(): Promise<void> {
    const { bytes, sha256, crc32: crc } = this.#expected;
    const endLine = this.#endLine();
    const digest = this.#hash.update(this.#tail).digest('hex');
    const changed = (what: string) => this.#report('file_changed', `was changed: ${what}`);
    if (this.#bytes !== bytes) changed(`it has ${this.#bytes} bytes, the manifest says ${bytes}`);
    if (digest !== sha256) changed(`its SHA-256 is ${digest}, the manifest says ${sha256}`);
    const crcDigits = this.#crc.toString(16).padStart(8, '0');
    if (digest === sha256 && crcDigits !== crc)
      changed(`its CRC-32 is ${crcDigits}, the manifest says ${crc}`);
    if (this.#counter === undefined || !('counts' in this.#expected)) return;
    let totals = new Map<string, number>();
    await this.#count(() => {
      totals = this.#counter?.end() ?? totals;
    });
    if (this.#malformed !== undefined) {
      this.#report('records_malformed', `cannot be counted: ${this.#malformed}`);
      return;
    }
    if (endLine !== undefined) this.#report('records_malformed', endLine);
    for (const [name, count] of Object.entries(this.#expected.counts)) {
      const found = totals.get(name) ?? 0;
      if (found !== count)
        this.#report('records_miscounted', `holds ${found} ${name}, the manifest says ${count}`);
    }
  }

  async #count(work: () => void | Promise<void>): Promise<void> {
    if (this.#malformed !== undefined) return;
    try {
      await work();
    } catch (error) {
      if (!(error instanceof MalformedError)) throw error;
      this.#malformed = error.message;
    }
  }

  /** What is wrong with the end line of NDJSON, which must agree to the byte with all that comes before it. */
  #endLine(): string | undefined {
    const lines = this.#counter?.lines?.();
    if (lines === undefined) return undefined;
    const start = this.#tail.lastIndexOf('\n', -2) + 1;
    const digest = this.#hash.copy().update(this.#tail.subarray(0, start)).digest('hex');
    const expected = `{"_end":true,"records":${lines - 1},"sha256":"${digest}"}\n`;
    if (this.#tail.subarray(start).equals(Buffer.from(expected))) return undefined;
    return 'does not end with a line that agrees with its contents (number of lines and digest)';
  }

  #report(code: 'file_changed' | 'records_malformed' | 'records_miscounted', what: string): void {
    this.#problems.add(code, this.#expected.name, `${this.#place} ${what}.`);
  }
}
