import { createReadStream } from 'node:fs';

const LINE_FEED = 0x0a;
const QUOTE = 0x22;

/** Lines of a file. */
export async function countLines(path: string): Promise<number> {
  let lines = 0;
  for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20 })) {
    const bytes = chunk as Buffer;
    for (let at = bytes.indexOf(LINE_FEED); at >= 0; at = bytes.indexOf(LINE_FEED, at + 1)) lines++;
  }
  return lines;
}

/** Records of a CSV file with a header: line breaks inside quotes do not end one. */
export async function countCsvRecords(path: string): Promise<number> {
  let rows = 0;
  let isQuoted = false;
  for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20 })) {
    for (const byte of chunk as Buffer) {
      if (byte === QUOTE) isQuoted = !isQuoted;
      else if (byte === LINE_FEED && !isQuoted) rows++;
    }
  }
  return rows - 1;
}
