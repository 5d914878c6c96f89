import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { parse } from 'csv-parse';
import { parseJson } from '../parse-json.ts';

/** What a finished file turned out to hold when it was read again. */
export interface Reread {
  sha256: string;
  /** Records by dataset, as far as the format tells. */
  counts: Record<string, number>;
}

/** JSON is read as one value; beyond this it is only hashed. */
const LARGEST_JSON_BYTES = 256 * 1024 * 1024;
/** NDJSON `type` of a line → name in an export's counts. */
const DATASET_OF_TYPE: Readonly<Record<string, string>> = {
  knowledge_source: 'knowledge_sources',
  memory: 'memories',
  audit_event: 'audit_log',
};

/**
 * Reads an exported file again, from the disk, with other code than what wrote it, and counts what is in it.
 * Throws when the file has not the end that a whole one has.
 */
export async function rereadExport(
  path: string,
  format: 'json' | 'ndjson' | 'csv',
  csvDataset: string,
): Promise<Reread> {
  const sha256 = await digest(path);
  if (format === 'csv') return { sha256, counts: { [csvDataset]: await countCsvRows(path) } };
  if (format === 'ndjson') return { sha256, counts: await countLines(path) };
  return { sha256, counts: await countJson(path) };
}

async function digest(path: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  return hash.digest('hex');
}

async function countCsvRows(path: string): Promise<number> {
  let rows = 0;
  await pipeline(
    createReadStream(path),
    parse({ columns: true, bom: true }),
    async (records: AsyncIterable<unknown>) => {
      for await (const _record of records) rows++;
    },
  );
  return rows;
}

async function countLines(path: string): Promise<Record<string, number>> {
  const counts: Record<string, number> = {};
  const hash = createHash('sha256');
  let lines = 0;
  let end: { records: number; sha256: string } | undefined;
  let rest = Buffer.alloc(0);
  for await (const chunk of createReadStream(path) as AsyncIterable<Buffer>) {
    const bytes = Buffer.concat([rest, chunk]);
    let from = 0;
    for (let at = bytes.indexOf(10); at >= 0; at = bytes.indexOf(10, from)) {
      const line = bytes.subarray(from, at + 1);
      from = at + 1;
      const record = parseJson(line.toString('utf8')) as {
        type: string;
        _end?: boolean;
        records: number;
        sha256: string;
      };
      if (record._end) {
        end = record;
        continue;
      }
      hash.update(line);
      lines++;
      const name = DATASET_OF_TYPE[record.type] ?? `${record.type}s`;
      counts[name] = (counts[name] ?? 0) + 1;
    }
    rest = bytes.subarray(from);
  }
  if (end === undefined || rest.length > 0) throw new Error(`${path} has no end line`);
  if (end.records !== lines || end.sha256 !== hash.digest('hex'))
    throw new Error(`${path} does not agree with its end line`);
  return counts;
}

async function countJson(path: string): Promise<Record<string, number>> {
  const text = await readFile(path);
  if (text.length > LARGEST_JSON_BYTES) return {};
  const document = parseJson(text.toString('utf8')) as Record<string, unknown>;
  if (document['complete'] !== true) throw new Error(`${path} is not marked complete`);
  const counts: Record<string, number> = {};
  for (const [name, value] of Object.entries(document)) if (Array.isArray(value)) counts[name] = value.length;
  const conversations = (document['conversations'] ?? []) as { messages: unknown[]; replies: unknown[] }[];
  counts['messages'] = conversations.reduce((sum, { messages }) => sum + messages.length, 0);
  counts['replies'] = conversations.reduce((sum, { replies }) => sum + replies.length, 0);
  return counts;
}
