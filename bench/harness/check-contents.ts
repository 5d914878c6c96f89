import { createReadStream } from 'node:fs';
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { parse } from 'csv-parse/sync';
import { getDataset } from '../../src/catalog/datasets.ts';
import { runPsql } from '../peers/run-psql.ts';
import type { BenchDatabase, BenchServer } from './bench-server.ts';
import { exportCases } from './export-cases.ts';
import { runChild } from './run-child.ts';

/**
 * Compares what ours and its peers wrote, value by value: a peer that sends less would be no peer.
 * @throws Error at the first difference
 */
export async function checkContents(server: BenchServer, database: BenchDatabase): Promise<void> {
  const { homeDir, workDir } = server;
  const { runtimeUrl: databaseUrl, superuserUrl, workspaceId } = database;
  for (const { name, request, psql, hasBaseline } of exportCases) {
    if (psql === undefined) continue;
    const pathOf = (key: string) => join(workDir, `check-${name}-${key}`);
    const child = (file: string, key: string, variant?: string) =>
      runChild(file, { homeDir, databaseUrl, workspaceId, request, variant, target: pathOf(key) });
    await child('export-case.mjs', 'ours', 'file');
    await runPsql(superuserUrl, psql(workspaceId), pathOf('psql'));
    const keys = ['ours', 'psql'];
    if (hasBaseline) {
      await child('baseline-case.mjs', 'baseline');
      await child('export-case.mjs', 'plain', 'plain');
      keys.push('baseline', 'plain');
    }
    const read = readerOf(name);
    const [ours, ...peers] = await Promise.all(keys.map((key) => read(pathOf(key))));
    for (const [index, peer] of peers.entries()) ensureEqual(name, keys[index + 1]!, ours!, peer);
    process.stdout.write(`${name}: ${ours!.length} records, the same in ${keys.join(', ')}\n`);
    await Promise.all(keys.map((key) => rm(pathOf(key))));
  }
}

type Reader = (path: string) => Promise<string[]>;

const CSV_DATASETS: Readonly<Record<string, string>> = {
  'conversations-csv': 'conversation_table',
  'messages-csv': 'message_table',
  'contacts-csv': 'contact_table',
};

function readerOf(name: string): Reader {
  const dataset = CSV_DATASETS[name];
  if (dataset !== undefined) return (path) => readCsv(path, dataset);
  return name === 'workspace-json' ? readDocument : readLines;
}

async function readLines(path: string): Promise<string[]> {
  const records: string[] = [];
  for await (const line of createInterface({ input: createReadStream(path) })) {
    const record = JSON.parse(line) as Record<string, unknown>;
    if (record['_end'] !== true) records.push(sorted(record));
  }
  return records;
}

/** Of the document what both can know: not its head, its counts, or the log, which grows with each export. */
async function readDocument(path: string): Promise<string[]> {
  const { audit_log: _, ...document } = JSON.parse(await readFile(path, 'utf8')) as Record<string, unknown>;
  return Object.entries(document)
    .filter(([, section]) => Array.isArray(section))
    .flatMap(([name, records]) => (records as unknown[]).map((record) => `${name} ${sorted(record)}`));
}

/** Plain `COPY … CSV` writes values its own way, so both are read by their types. */
async function readCsv(path: string, datasetName: string): Promise<string[]> {
  const { columns } = getDataset(datasetName);
  const rows = parse(await readFile(path)) as string[][];
  if (rows[0]!.join() !== columns.map(({ name }) => name).join())
    throw new Error(`${path} has other columns: ${rows[0]!.join()}`);
  return rows
    .slice(1)
    .map((cells) => sorted(columns.map(({ type }, index) => readCell(type, cells[index]!))));
}

function readCell(type: string, text: string): unknown {
  if (text === '') return null;
  switch (type) {
    case 'timestamptz':
      return new Date(text).getTime();
    case 'boolean':
      return text === 't' || text === 'true';
    case 'jsonb':
      return JSON.parse(text);
    case 'text[]':
      return text.startsWith('[') ? JSON.parse(text) : readArray(text);
    default:
      return text;
  }
}

/** `{a,"b,c"}` */
function readArray(text: string): string[] {
  return [...text.slice(1, -1).matchAll(/"((?:[^"\\]|\\.)*)"|([^,]+)/g)].map(
    ([, quoted, plain]) => quoted?.replaceAll(/\\(.)/g, '$1') ?? plain!,
  );
}

function sorted(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) =>
    typeof inner === 'object' && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
}

function ensureEqual(name: string, key: string, ours: string[], peer: string[]): void {
  if (ours.length === 0) throw new Error(`${name}: there is nothing to compare`);
  if (ours.length !== peer.length)
    throw new Error(`${name}: ${key} has ${peer.length} records instead of ${ours.length}`);
  const at = ours.findIndex((record, index) => record !== peer[index]);
  if (at >= 0) throw new Error(`${name}: record ${at} differs\nours ${ours[at]}\n${key} ${peer[at]}`);
}
