import { open } from 'node:fs/promises';
import { readFileBytes } from '../import/convey-package.ts';
import { defaultLimits } from '../import/limits.ts';
import { recordTypes } from '../import/map/map.schemas.ts';
import { readBytes } from '../import/read-bytes.ts';
import type { ImportFormat } from './imports.ts';

const HEAD_BYTES = 64 * 1024;
const DELIMITERS = ['\t', ',', ';', '|'];

/** What a file seems to be: a proposal, which whoever imports it can change. */
export interface Guess {
  format: ImportFormat;
  /** Of a table that is not separated as its format is by itself. */
  delimiter?: string;
}

/** Looks at the beginning of a file; its name says nothing. */
export async function guessFormat(path: string, name: string, signal: AbortSignal): Promise<Guess> {
  if (await isZip(path)) return { format: 'convey' };
  const head = (await readHead(path, name, signal)).trimStart();
  if (head.startsWith('[')) return { format: 'json' };
  const [line = ''] = head.split(/\r?\n/, 1);
  if (head.startsWith('{')) return { format: isRecord(line) ? 'convey' : 'jsonl' };
  const counts = DELIMITERS.map((delimiter) => line.split(delimiter).length);
  const delimiter = DELIMITERS[counts.indexOf(Math.max(...counts))]!;
  if (delimiter === '\t') return { format: 'tsv' };
  return delimiter === ',' ? { format: 'csv' } : { format: 'csv', delimiter };
}

async function isZip(path: string): Promise<boolean> {
  const file = await open(path);
  try {
    const { buffer } = await file.read(Buffer.alloc(4), 0, 4, 0);
    return buffer.toString('latin1') === 'PK\u0003\u0004';
  } finally {
    await file.close();
  }
}

async function readHead(path: string, name: string, signal: AbortSignal): Promise<string> {
  const budget = { limits: defaultLimits, signal, unpackedBytes: 0 };
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of readBytes(readFileBytes(path, signal), name, budget)) {
    chunks.push(chunk);
    if ((size += chunk.length) >= HEAD_BYTES) break;
  }
  return Buffer.concat(chunks).toString('utf8', 0, HEAD_BYTES);
}

/** Whether a line is one of Convey's own grammar: a record, or the head of an export. */
function isRecord(line: string): boolean {
  try {
    const { type } = JSON.parse(line) as { type?: unknown };
    return type === 'head' || (recordTypes as readonly unknown[]).includes(type);
  } catch {
    // A long first line that was cut, or one that is broken: `{"type":"message",…` still says it.
    return recordTypes.some((type) => line.startsWith(`{"type":"${type}"`));
  }
}
