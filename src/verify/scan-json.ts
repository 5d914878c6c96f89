/** Bytes that are not what they should be. The message says what and where, for people. */
export class MalformedError extends Error {}

/** What kind of value: its first byte, or 0 for a number, true, false or null. */
export type JsonKind = typeof OBJECT | typeof ARRAY | typeof STRING | 0;

/** Told of the values down to some depth, in the order of the bytes. */
export interface JsonVisitor {
  /**
   * A container that opens, or a string or scalar that ends (`text()` then gives it).
   * @param depth containers around it
   * @param key of the object it is in; undefined in an array, if it is longer than `HELD_BYTES`, and at the deepest
   *   depth that is visited
   */
  value(depth: number, key: string | undefined, kind: JsonKind, text: () => string | undefined): void;
  /** The container at this depth ends. */
  close(depth: number): void;
  /** Of lines: one ends. */
  line?(): void;
}

export const OBJECT = 0x7b;
export const ARRAY = 0x5b;
export const STRING = 0x22;
const BACKSLASH = 0x5c;
const LINE_FEED = 0x0a;
const MAX_NESTING = 1000;
/** Of a key, string or number this much is kept; longer ones pass by unread. */
const HELD_BYTES = 4096;
/** What may follow a backslash, but for `u`. */
const ESCAPED = new Set(Buffer.from('"\\/bfnrt'));
const NOTHING = Buffer.alloc(0);
const SCALAR = /^(?:true|false|null|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?)$/;

/** What may come next. */
type Expected = 'value' | 'item or ]' | 'key or }' | 'key' | ':' | ', or end' | 'nothing more';

/**
 * Reads JSON (RFC 8259) piece by piece at the level of bytes, in memory that does not grow with the text.
 * JSON.parse is not used: records may be huge, and V8 reads some escaped keys wrongly.
 * As `lines`, every line feed outside a string ends a value; otherwise there is one value.
 */
export class JsonScanner {
  /** Values so far, at any depth. */
  values = 0;
  /** Lines so far. */
  lines = 0;
  readonly #visitor: JsonVisitor;
  readonly #isLines: boolean;
  readonly #visitedDepth: number;
  readonly #open: number[] = [];
  #expected: Expected = 'value';
  #key: string | undefined;
  /** Inside a string: 1; behind its backslash: 2; with hexadecimal digits to come: 2 + their number. */
  #inString = 0;
  #isKey = false;
  #inScalar = false;
  /** What earlier pieces held of the token; undefined once it is longer than is kept. */
  #held: Buffer | undefined = NOTHING;
  /** The token that ended last: where its bytes are; undefined for one longer than is kept. */
  #token: Buffer | undefined;
  #tokenStart = 0;
  #tokenEnd = 0;
  #position = 0;
  /** What the token says, without quotes. */
  readonly #text = (): string | undefined => {
    if (this.#token === undefined || this.#tokenEnd - this.#tokenStart > HELD_BYTES) return undefined;
    const text = this.#token.toString('utf8', this.#tokenStart, this.#tokenEnd);
    return text.includes('\\') ? (JSON.parse(`"${text}"`) as string) : text;
  };

  constructor(visitor: JsonVisitor, options: { lines: boolean; visitedDepth: number }) {
    this.#visitor = visitor;
    this.#isLines = options.lines;
    this.#visitedDepth = options.visitedDepth;
  }

  /** @throws MalformedError; the scanner is of no use afterwards */
  push(chunk: Buffer): void {
    const length = chunk.length;
    let start = 0; // of the token that is being read
    for (let i = 0; i < length; i++) {
      if (this.#inString === 1) {
        i = endOfPlainText(chunk, i);
        if (i === length) break;
      }
      const byte = chunk[i] as number;
      if (this.#inString > 0) {
        if (this.#inString > 1) this.#escaped(byte, i);
        else if (byte === STRING) this.#endString(chunk, start, i);
        else if (byte === BACKSLASH) this.#inString = 2;
        else this.#fail('a control character stands in a string', i);
        continue;
      }
      if (this.#inScalar) {
        if (!isStructure(byte)) continue;
        this.#endScalar(chunk, start, i);
      }
      if (byte === LINE_FEED && this.#isLines) this.#endLine(i);
      else if (byte === 0x20 || byte === LINE_FEED || byte === 0x0d || byte === 0x09) continue;
      else if (byte === STRING) {
        this.#isKey = this.#expected === 'key' || this.#expected === 'key or }';
        if (!this.#isKey) this.#expectValue(i);
        this.#inString = 1;
        start = i + 1;
      } else if (byte === OBJECT || byte === ARRAY) this.#openContainer(byte, i);
      else if (byte === 0x7d || byte === 0x5d) this.#closeContainer(byte, i);
      else if (byte === 0x3a && this.#expected === ':') this.#expected = 'value';
      else if (byte === 0x2c && this.#expected === ', or end' && this.#open.length > 0) {
        this.#expected = this.#open.at(-1) === OBJECT ? 'key' : 'value';
      } else if (isStructure(byte)) this.#fail(`“${String.fromCharCode(byte)}” stands in a wrong place`, i);
      else {
        this.#expectValue(i);
        this.#inScalar = true;
        start = i;
      }
    }
    if (this.#inString > 0 || this.#inScalar) this.#hold(chunk.subarray(Math.min(start, length)));
    this.#position += length;
  }

  /** @throws MalformedError if the text ends too early */
  end(): void {
    if (this.#inScalar) this.#endScalar(Buffer.alloc(0), 0, 0);
    const isDone = this.#isLines ? this.#expected === 'value' && this.#open.length === 0 : this.#isComplete();
    if (!isDone || this.#inString > 0) this.#fail('it ends too early', 0);
  }

  #isComplete(): boolean {
    return this.#open.length === 0 && this.#expected === ', or end';
  }

  #expectValue(i: number): void {
    if (this.#expected !== 'value' && this.#expected !== 'item or ]')
      this.#fail('a value stands in a wrong place', i);
    this.#expected = ', or end';
    this.values++;
  }

  #openContainer(byte: typeof OBJECT | typeof ARRAY, i: number): void {
    this.#expectValue(i);
    this.#visit(byte);
    if (this.#open.push(byte) > MAX_NESTING) this.#fail(`it is nested deeper than ${MAX_NESTING} levels`, i);
    this.#expected = byte === OBJECT ? 'key or }' : 'item or ]';
  }

  #closeContainer(byte: number, i: number): void {
    const isEmpty = this.#expected === (byte === 0x7d ? 'key or }' : 'item or ]');
    // The closing bracket is two behind the opening one in ASCII, for both kinds.
    if (this.#open.at(-1) !== byte - 2 || !(isEmpty || this.#expected === ', or end'))
      this.#fail(`“${String.fromCharCode(byte)}” stands in a wrong place`, i);
    this.#open.pop();
    this.#expected = ', or end';
    if (this.#open.length <= this.#visitedDepth) this.#visitor.close(this.#open.length);
  }

  #escaped(byte: number, i: number): void {
    const digits = this.#inString - 2;
    if (digits > 0) {
      if (!isHexDigit(byte)) this.#fail('an escape in a string is none', i);
      this.#inString = digits === 1 ? 1 : this.#inString - 1;
    } else if (byte === 0x75) this.#inString = 6;
    else if (ESCAPED.has(byte)) this.#inString = 1;
    else this.#fail('an escape in a string is none', i);
  }

  #endString(chunk: Buffer, start: number, end: number): void {
    this.#inString = 0;
    this.#endToken(chunk, start, end);
    if (!this.#isKey) return this.#visit(STRING);
    this.#expected = ':';
    if (this.#open.length < this.#visitedDepth) this.#key = this.#text();
  }

  #endScalar(chunk: Buffer, start: number, end: number): void {
    this.#inScalar = false;
    this.#endToken(chunk, start, end);
    if (
      this.#token !== undefined &&
      !SCALAR.test(this.#token.toString('latin1', this.#tokenStart, this.#tokenEnd))
    )
      this.#fail('something is neither number, true, false nor null', end);
    this.#visit(0);
  }

  #endToken(chunk: Buffer, start: number, end: number): void {
    if (this.#held === NOTHING) {
      this.#token = chunk;
      this.#tokenStart = start;
      this.#tokenEnd = end;
      return;
    }
    this.#hold(chunk.subarray(start, end));
    this.#token = this.#held;
    this.#tokenStart = 0;
    this.#tokenEnd = this.#held?.length ?? 0;
    this.#held = NOTHING;
  }

  #hold(bytes: Buffer): void {
    if (this.#held === undefined) return;
    const length = this.#held.length + bytes.length;
    this.#held = length > HELD_BYTES ? undefined : Buffer.concat([this.#held, bytes]);
  }

  #visit(kind: JsonKind): void {
    const depth = this.#open.length;
    if (depth > this.#visitedDepth) return;
    const hasKey = depth < this.#visitedDepth && this.#open.at(-1) === OBJECT;
    this.#visitor.value(depth, hasKey ? this.#key : undefined, kind, this.#text);
  }

  #endLine(i: number): void {
    if (!this.#isComplete()) this.#fail(`line ${this.lines + 1} is no whole JSON value`, i);
    this.#expected = 'value';
    this.lines++;
    this.#visitor.line?.();
  }

  #fail(what: string, i: number): never {
    throw new MalformedError(`${what} (at byte ${this.#position + i})`);
  }
}

/** Index of the next byte that means something in a string: a quote, a backslash, a control character. */
function endOfPlainText(chunk: Buffer, from: number): number {
  const length = chunk.length;
  let i = from;
  for (; i < length; i++) {
    const byte = chunk[i] as number;
    if (byte === STRING || byte === BACKSLASH || byte < 0x20) break;
  }
  return i;
}

function isStructure(byte: number): boolean {
  // " , : [ ] { } and white space
  return (
    byte === 0x2c ||
    byte === 0x7d ||
    byte === 0x5d ||
    byte <= 0x20 ||
    byte === 0x22 ||
    byte === 0x3a ||
    byte === 0x5b ||
    byte === 0x7b
  );
}

function isHexDigit(byte: number): boolean {
  return (byte >= 0x30 && byte <= 0x39) || ((byte | 0x20) >= 0x61 && (byte | 0x20) <= 0x66);
}
