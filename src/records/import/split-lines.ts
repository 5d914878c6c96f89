/** One line of a batch: where it stands in the file and in `bytes`, without its line end. */
export interface Line {
  /** 1-based; blank lines count. */
  line: number;
  start: number;
  end: number;
  /** Longer than the limit: its bytes were passed by, `start` and `end` do not hold it. */
  isTooLong: boolean;
}

/** Whole lines with their line ends. The `bytes` of all batches, joined, are the whole input. */
export interface LineBatch {
  bytes: Buffer;
  lines: Line[];
}

const LF = 10;
const CR = 13;

/**
 * Cuts bytes into lines at LF (a CR before it is no part of the line); the last one needs no line end.
 * Keeps at most one chunk and one line of up to `maxBytes` in memory: a longer line is passed by as it
 * comes and reported as too long. Never decodes, so bad UTF-8 stays visible to the caller.
 */
export async function* splitLines(
  chunks: AsyncIterable<Buffer>,
  maxBytes: number,
): AsyncGenerator<LineBatch, void, undefined> {
  let line = 1;
  let held: Buffer[] = [];
  let heldBytes = 0;
  let isTooLong = false;

  const release = (): Buffer => {
    const bytes = held.length === 1 ? held[0]! : Buffer.concat(held);
    held = [];
    return bytes;
  };
  const endLine = (): LineBatch => {
    const bytes = release();
    const text = textOf(bytes, 0, bytes.length);
    const textBytes = heldBytes - (bytes.length - text.end);
    const batch = { bytes, lines: [{ line, ...text, isTooLong: isTooLong || textBytes > maxBytes }] };
    line++;
    heldBytes = 0;
    isTooLong = false;
    return batch;
  };

  for await (const chunk of chunks) {
    let from = 0;
    if (heldBytes > 0) {
      const end = chunk.indexOf(LF) + 1;
      const piece = end === 0 ? chunk : chunk.subarray(0, end);
      held.push(piece);
      heldBytes += piece.length;
      if (end > 0) {
        yield endLine();
        from = end;
      } else {
        if (heldBytes > maxBytes + 2) isTooLong = true;
        if (isTooLong) yield { bytes: release(), lines: [] };
        continue;
      }
    }
    const lines: Line[] = [];
    let start = from;
    for (let lf = chunk.indexOf(LF, start); lf >= 0; lf = chunk.indexOf(LF, start)) {
      const text = textOf(chunk, start, lf + 1);
      lines.push({ line, ...text, isTooLong: text.end - text.start > maxBytes });
      line++;
      start = lf + 1;
    }
    if (lines.length > 0) {
      const bytes = chunk.subarray(from, start);
      for (const one of lines) {
        one.start -= from;
        one.end -= from;
      }
      yield { bytes, lines };
    }
    if (start < chunk.length) {
      held.push(chunk.subarray(start));
      heldBytes = chunk.length - start;
    }
  }
  if (heldBytes > 0) yield endLine();
}

function textOf(bytes: Buffer, start: number, endWithLineEnd: number): { start: number; end: number } {
  let end = endWithLineEnd;
  if (end > start && bytes[end - 1] === LF) {
    end--;
    if (end > start && bytes[end - 1] === CR) end--;
  }
  return { start, end };
}
