import { pipeline } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { ConveyError } from '../../errors.ts';
import { asDamaged, damagedFile, tooLarge, wrongFormat } from './import.errors.ts';
import type { ImportLimits } from './limits.ts';

const HEAD_BYTES = 4;

/** One reading of a source: what it has unpacked over all of its files, so that the total can be bounded. */
export interface UnpackBudget {
  limits: ImportLimits;
  signal: AbortSignal;
  unpackedBytes: number;
}

/**
 * The text bytes of one file: gunzipped if it starts like gzip (whatever its name), without a UTF-8 byte
 * order mark. Truncated or altered gzip is `import.damaged_file`, never a short read; a UTF-16 or zip file
 * where text was promised is `import.wrong_format`; a gzip bomb `import.too_large`.
 * `name` is the file's name within the source, for messages.
 */
export async function* readBytes(
  raw: AsyncIterable<Buffer>,
  name: string,
  budget: UnpackBudget,
): AsyncGenerator<Buffer, void, undefined> {
  try {
    for await (const chunk of withoutMark(sniffed(raw, name, budget), name)) {
      budget.signal.throwIfAborted(); // a small packed file may be read whole long before it is unpacked
      yield chunk;
    }
  } catch (error) {
    throw asDamaged(error, name, budget.signal);
  }
}

async function* counted(
  chunks: AsyncIterable<Buffer>,
  name: string,
  budget: UnpackBudget,
): AsyncGenerator<Buffer> {
  for await (const chunk of chunks) {
    spend(budget, chunk.length, name);
    yield chunk;
  }
}

function spend(budget: UnpackBudget, bytes: number, name: string): void {
  budget.unpackedBytes += bytes;
  if (budget.unpackedBytes <= budget.limits.unpackedBytes) return;
  throw new ConveyError(tooLarge, `${name}: over ${budget.limits.unpackedBytes} bytes in all.`);
}

async function* gunzip(
  packed: AsyncIterable<Buffer>,
  name: string,
  budget: UnpackBudget,
): AsyncGenerator<Buffer> {
  let packedBytes = 0;
  let lastByteEnd = 0; // end of the last byte that is not zero: zeros after the data are padding
  async function* watched(): AsyncGenerator<Buffer> {
    for await (const chunk of packed) {
      let end = chunk.length;
      while (end > 0 && chunk[end - 1] === 0) end--;
      if (end > 0) lastByteEnd = packedBytes + end;
      packedBytes += chunk.length;
      yield chunk;
    }
  }
  const unzip = createGunzip({ chunkSize: 256 * 1024 });
  // The callback may stay empty: an error destroys `unzip`, and the loop below throws it.
  pipeline(watched(), unzip, () => {});
  const { ratio, ratioFloorBytes } = budget.limits;
  let unpacked = 0;
  for await (const chunk of unzip as AsyncIterable<Buffer>) {
    unpacked += chunk.length;
    spend(budget, chunk.length, name);
    if (unpacked > ratioFloorBytes && unpacked > ratio * packedBytes) {
      throw new ConveyError(tooLarge, `${name}: unpacks to more than ${ratio} times its size.`);
    }
    yield chunk;
  }
  // zlib stops without a word when zero bytes are followed by something else: that would be a short read.
  if (lastByteEnd > unzip.bytesWritten) {
    throw new ConveyError(damagedFile, `${name}: there is more after the end of its gzip data.`);
  }
}

async function* withoutMark(chunks: AsyncIterable<Buffer>, name: string): AsyncGenerator<Buffer> {
  let isFirst = true;
  for await (const chunk of withHead(chunks)) {
    yield isFirst ? checkHead(chunk, name) : chunk;
    isFirst = false;
  }
}

function checkHead(chunk: Buffer, name: string): Buffer {
  const [a, b, c, d] = chunk;
  if ((a === 0xff && b === 0xfe) || (a === 0xfe && b === 0xff)) {
    throw new ConveyError(wrongFormat, `${name}: it is UTF-16 text; save it as UTF-8.`);
  }
  if (a === 0x50 && b === 0x4b && ((c === 3 && d === 4) || (c === 5 && d === 6))) {
    throw new ConveyError(wrongFormat, `${name}: it is a zip file; unpack it first.`);
  }
  return a === 0xef && b === 0xbb && c === 0xbf ? chunk.subarray(3) : chunk;
}

/** The same bytes, the first chunk at least as long as the marks that formats are known by. */
async function* withHead(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let head: Buffer | undefined = Buffer.alloc(0);
  for await (const chunk of chunks) {
    if (head === undefined) {
      yield chunk;
      continue;
    }
    head = head.length === 0 ? chunk : Buffer.concat([head, chunk]);
    if (head.length < HEAD_BYTES) continue;
    yield head;
    head = undefined;
  }
  if (head !== undefined && head.length > 0) yield head;
}

/** Tells gzip from text by its first bytes, then gives every byte. */
async function* sniffed(
  raw: AsyncIterable<Buffer>,
  name: string,
  budget: UnpackBudget,
): AsyncGenerator<Buffer> {
  const chunks = withHead(raw);
  const first = await chunks.next();
  if (first.done) return;
  async function* all(): AsyncGenerator<Buffer> {
    yield first.value as Buffer;
    yield* chunks;
  }
  const isGzip = first.value[0] === 0x1f && first.value[1] === 0x8b;
  try {
    yield* isGzip ? gunzip(all(), name, budget) : counted(all(), name, budget);
  } finally {
    await chunks.return(undefined); // a reader that stops at the first chunk must not leave a file open
  }
}
