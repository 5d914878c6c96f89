type Encoding = 'utf8' | 'latin1' | 'hex' | 'base64';

const BASE64 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
const encoder = new TextEncoder();
/** As Node does it: a byte order mark is a character, and what is no UTF-8 becomes U+FFFD. */
const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
const CHARACTERS_AT_ONCE = 8192;

/** Bytes with those of Node's `Buffer` methods that the verifier uses, and to the letter as they are there. */
export class Bytes extends Uint8Array<ArrayBuffer> {
  get #view(): DataView {
    return new DataView(this.buffer, this.byteOffset, this.byteLength);
  }

  equals(other: Uint8Array): boolean {
    if (this.length !== other.length) return false;
    for (let i = 0; i < this.length; i++) if (this[i] !== other[i]) return false;
    return true;
  }

  declare subarray: (begin?: number, end?: number) => Bytes;

  override indexOf(what: number | string | Uint8Array, from = 0): number {
    const bytes = typeof what === 'number' ? what : bytesOf(what);
    if (typeof bytes === 'number') return super.indexOf(bytes, from);
    const [first] = bytes;
    if (first === undefined) return from;
    for (let at = super.indexOf(first, from); at >= 0; at = super.indexOf(first, at + 1))
      if (bytes.every((byte, index) => this[at + index] === byte)) return at;
    return -1;
  }

  /** Of one byte or an ASCII character. */
  override lastIndexOf(what: number | string, from = this.length - 1): number {
    return super.lastIndexOf(typeof what === 'number' ? what : what.charCodeAt(0), from);
  }

  override toString(encoding: Encoding = 'utf8', start = 0, end = this.length): string {
    const bytes = this.subarray(start, end);
    if (encoding === 'utf8') return decoder.decode(bytes);
    if (encoding === 'hex') return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
    let text = '';
    for (let at = 0; at < bytes.length; at += CHARACTERS_AT_ONCE)
      text += String.fromCharCode(...bytes.subarray(at, at + CHARACTERS_AT_ONCE));
    return encoding === 'latin1' ? text : btoa(text);
  }

  readUInt16LE(at = 0): number {
    return this.#view.getUint16(at, true);
  }

  readUInt32LE(at = 0): number {
    return this.#view.getUint32(at, true);
  }

  readBigUInt64LE(at = 0): bigint {
    return this.#view.getBigUint64(at, true);
  }

  writeUInt16LE(value: number, at = 0): number {
    this.#view.setUint16(at, value, true);
    return at + 2;
  }

  writeUInt32LE(value: number, at = 0): number {
    this.#view.setUint32(at, value, true);
    return at + 4;
  }

  writeBigUInt64LE(value: bigint, at = 0): number {
    this.#view.setBigUint64(at, value, true);
    return at + 8;
  }
}

/** Made as any array of bytes is; the class itself promises TypeScript less. */
const MakeBytes = Bytes as unknown as new (from: number | ArrayLike<number>) => Bytes;

/** What stands for the global `Buffer` where there is none. */
export const BrowserBuffer = {
  alloc: (length: number) => new MakeBytes(length),
  allocUnsafe: (length: number) => new MakeBytes(length),
  from: (value: string | ArrayLike<number>, encoding?: Encoding) =>
    typeof value === 'string' ? bytesOf(value, encoding) : new MakeBytes(value),
  concat(parts: readonly Uint8Array[]): Bytes {
    const all = new MakeBytes(parts.reduce((sum, { length }) => sum + length, 0));
    let at = 0;
    for (const part of parts) {
      all.set(part, at);
      at += part.length;
    }
    return all;
  },
};

function bytesOf(what: string | Uint8Array, encoding: Encoding = 'utf8'): Bytes {
  if (typeof what !== 'string') return new MakeBytes(what);
  if (encoding === 'utf8') return new MakeBytes(encoder.encode(what));
  if (encoding === 'latin1') return new MakeBytes(Array.from(what, (character) => character.charCodeAt(0)));
  if (encoding === 'hex')
    return new MakeBytes((what.match(/[0-9a-f]{2}/gi) ?? []).map((digits) => parseInt(digits, 16)));
  return fromBase64(what);
}

/** Like Node: what is no character of the alphabet is passed over, and `=` ends it. */
function fromBase64(text: string): Bytes {
  const bytes: number[] = [];
  let bits = 0;
  let bitCount = 0;
  for (const character of text.replaceAll('-', '+').replaceAll('_', '/')) {
    if (character === '=') break;
    const value = BASE64.indexOf(character);
    if (value < 0) continue;
    bits = ((bits << 6) | value) & 0xffff;
    bitCount += 6;
    if (bitCount < 8) continue;
    bitCount -= 8;
    bytes.push((bits >> bitCount) & 0xff);
  }
  return new MakeBytes(bytes);
}
