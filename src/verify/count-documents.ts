import { createHash, type Hash } from 'node:crypto';
import { MalformedError } from './scan-json.ts';
import { ZipScanner, type ZipVisitor } from './scan-zip.ts';

const LIST_NAME = 'documents.ndjson';
/** Names that are safe to unpack anywhere. */
const SAFE_NAME = /^(?=.{1,200}$)[\w-][\w.-]*(\/[\w-][\w.-]*)*$/;
const LONGEST_LINE_BYTES = 1 << 20;
/** Begins each message of a document in HTML: a `<` of a text is `&lt;`, so that it is never anything else. */
const MESSAGE_MARK = Buffer.from('<article ');
/** Datasets whose records are such messages. */
const MESSAGE_DATASETS = ['messages', 'replies', 'ticket_messages'];
const HTML_START = '<!doctype html>';
const HTML_END = '</html>\n';
const PDF_START = '%PDF-';
const PDF_END = '%%EOF';
const DOCUMENT_TYPES = ['document', 'page', 'data', 'file'];

/** What lies in the archive under a name. */
interface FoundEntry {
  bytes: number;
  sha256: string;
  /** Of HTML. */
  messages: number;
  isWhole: boolean;
}

/**
 * Counts an archive of documents by its own list, which must name every entry with its size and digest and be whole
 * itself. Messages in HTML are counted anew; what a PDF holds is as the list states it.
 */
export class ArchiveCounter implements ZipVisitor {
  readonly #zip = new ZipScanner(this);
  readonly #entries = new Map<string, FoundEntry>();
  readonly #list: DocumentList;
  #name = '';
  #entry: EntryCheck | undefined;
  #hasList = false;

  /** @param datasets all that its list may count */
  constructor(datasets: readonly string[]) {
    this.#list = new DocumentList(this.#entries, new Set(datasets));
  }

  /** @throws MalformedError */
  async push(chunk: Buffer): Promise<void> {
    await this.#zip.push(chunk);
  }

  /** @throws MalformedError */
  end(): Map<string, number> {
    this.#zip.end();
    if (!this.#hasList) throw new MalformedError(`it has no ${LIST_NAME}`);
    return this.#list.end();
  }

  open(name: string): void {
    if (this.#hasList) throw new MalformedError(`an entry stands behind ${LIST_NAME}`);
    if (!SAFE_NAME.test(name)) throw new MalformedError('an entry has a name that is not safe');
    if (this.#entries.has(name)) throw new MalformedError(`${name} is in it twice`);
    this.#name = name;
    this.#entry = name === LIST_NAME ? undefined : new EntryCheck(name);
  }

  data(bytes: Buffer): void {
    if (this.#entry === undefined) this.#list.push(bytes);
    else this.#entry.push(bytes);
  }

  close(): void {
    if (this.#entry === undefined) this.#hasList = true;
    else this.#entries.set(this.#name, this.#entry.end());
  }
}

/** The lines of the list, each compared with what is there. */
class DocumentList {
  readonly #entries: Map<string, FoundEntry>;
  readonly #datasets: ReadonlySet<string>;
  readonly #totals = new Map<string, number>();
  readonly #hash = createHash('sha256');
  #rest: Buffer = Buffer.alloc(0);
  #lines = 0;
  #hasEnded = false;

  constructor(entries: Map<string, FoundEntry>, datasets: ReadonlySet<string>) {
    this.#entries = entries;
    this.#datasets = datasets;
  }

  push(bytes: Buffer): void {
    let rest = Buffer.concat([this.#rest, bytes]);
    for (let at = rest.indexOf(0x0a); at >= 0; at = rest.indexOf(0x0a)) {
      this.#line(rest.subarray(0, at + 1));
      rest = rest.subarray(at + 1);
    }
    if (rest.length > LONGEST_LINE_BYTES) throw new MalformedError(`a line of ${LIST_NAME} is too long`);
    this.#rest = rest;
  }

  end(): Map<string, number> {
    if (!this.#hasEnded || this.#rest.length > 0) throw new MalformedError(`${LIST_NAME} is not whole`);
    const [extra] = this.#entries.keys();
    if (extra !== undefined) throw new MalformedError(`${extra} is in it and not in ${LIST_NAME}`);
    return this.#totals;
  }

  #line(bytes: Buffer): void {
    if (this.#hasEnded) throw new MalformedError(`${LIST_NAME} goes on behind its end line`);
    const line = readLine(bytes);
    if (line['_end'] === true) {
      const digest = this.#hash.digest('hex');
      const expected = `{"_end":true,"records":${this.#lines},"sha256":"${digest}"}\n`;
      if (bytes.toString() !== expected)
        throw new MalformedError(`the end line of ${LIST_NAME} does not agree with what comes before it`);
      this.#hasEnded = true;
      return;
    }
    this.#hash.update(bytes);
    this.#lines++;
    if (line['type'] !== 'missing_file') this.#compare(line);
  }

  #compare({ type, name, bytes, sha256, counts }: Record<string, unknown>): void {
    const entry = typeof name === 'string' ? this.#entries.get(name) : undefined;
    if (entry === undefined)
      throw new MalformedError(`${LIST_NAME} names ${String(name).slice(0, 100)}, which is not in it`);
    this.#entries.delete(name as string);
    if (entry.bytes !== bytes || entry.sha256 !== sha256)
      throw new MalformedError(`${String(name)} is not what ${LIST_NAME} says (size or digest)`);
    if (!DOCUMENT_TYPES.includes(type as string) || typeof counts !== 'object' || counts === null)
      throw new MalformedError(`the line of ${String(name)} in ${LIST_NAME} is not well formed`);
    if ((type === 'document' || type === 'page') && !entry.isWhole)
      throw new MalformedError(`${String(name)} is no whole document`);
    const stated = this.#add(Object.entries(counts as Record<string, unknown>), String(name));
    if (type === 'document' && String(name).endsWith('.html') && stated !== entry.messages)
      throw new MalformedError(`${String(name)} holds ${entry.messages} messages and not ${stated}`);
  }

  /** @returns how many messages it is said to hold */
  #add(counts: readonly [string, unknown][], name: string): number {
    let messages = 0;
    for (const [dataset, count] of counts) {
      if (!this.#datasets.has(dataset) || !Number.isSafeInteger(count) || Number(count) < 0)
        throw new MalformedError(`the counts of ${name} in ${LIST_NAME} are not well formed`);
      this.#totals.set(dataset, (this.#totals.get(dataset) ?? 0) + Number(count));
      if (MESSAGE_DATASETS.includes(dataset)) messages += Number(count);
    }
    return messages;
  }
}

/** Looks at one entry while its bytes pass by. */
class EntryCheck {
  readonly #hash: Hash = createHash('sha256');
  readonly #document: DocumentEnds;
  readonly #isHtml: boolean;
  #bytes = 0;
  #messages = 0;
  #tail: Buffer = Buffer.alloc(0);

  constructor(name: string) {
    this.#isHtml = name.endsWith('.html');
    this.#document = new DocumentEnds(this.#isHtml ? 'html' : 'pdf');
  }

  push(bytes: Buffer): void {
    this.#hash.update(bytes);
    this.#bytes += bytes.length;
    this.#document.push(bytes);
    if (!this.#isHtml) return;
    // A mark may lie across two pieces; the tail is shorter than one, so that none is counted twice.
    const seen = Buffer.concat([this.#tail, bytes]);
    for (let at = seen.indexOf(MESSAGE_MARK); at >= 0; at = seen.indexOf(MESSAGE_MARK, at + 1))
      this.#messages++;
    this.#tail = Buffer.from(seen.subarray(-(MESSAGE_MARK.length - 1)));
  }

  end(): FoundEntry {
    return {
      bytes: this.#bytes,
      sha256: this.#hash.digest('hex'),
      messages: this.#messages,
      isWhole: this.#document.isWhole,
    };
  }
}

/** How a document begins and ends: enough to tell one that was cut, or that is something else. */
class DocumentEnds {
  readonly #as: 'html' | 'pdf';
  #start = '';
  #tail: Buffer = Buffer.alloc(0);

  constructor(as: 'html' | 'pdf') {
    this.#as = as;
  }

  push(bytes: Buffer): void {
    if (this.#start.length < HTML_START.length)
      this.#start += bytes.toString('latin1', 0, HTML_START.length - this.#start.length);
    const last = bytes.subarray(-HTML_END.length);
    this.#tail = Buffer.from(Buffer.concat([this.#tail, last]).subarray(-HTML_END.length));
  }

  get isWhole(): boolean {
    const tail = this.#tail.toString('latin1');
    if (this.#as === 'html') return this.#start === HTML_START && tail === HTML_END;
    return this.#start.startsWith(PDF_START) && tail.trimEnd().endsWith(PDF_END);
  }
}

/** One document that is a whole part: it is one record. What it says of that record is not counted. */
export class SingleDocumentCounter {
  readonly #dataset: string;
  readonly #document: DocumentEnds;

  constructor(dataset: string, as: 'html' | 'pdf') {
    this.#dataset = dataset;
    this.#document = new DocumentEnds(as);
  }

  push(chunk: Buffer): void {
    this.#document.push(chunk);
  }

  /** @throws MalformedError */
  end(): Map<string, number> {
    if (!this.#document.isWhole) throw new MalformedError('it is no whole document');
    return new Map([[this.#dataset, 1]]);
  }
}

function readLine(bytes: Buffer): Record<string, unknown> {
  try {
    const line: unknown = JSON.parse(bytes.toString());
    if (typeof line === 'object' && line !== null && !Array.isArray(line))
      return line as Record<string, unknown>;
  } catch {
    // said below
  }
  throw new MalformedError(`a line of ${LIST_NAME} is no JSON object`);
}
