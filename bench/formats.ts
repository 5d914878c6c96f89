import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { fileURLToPath } from 'node:url';
import type { ExportRequest } from '../src/exports/plan-export.ts';
import { type BenchDatabase, ensureWorkspace, openBenchServer } from './harness/bench-server.ts';
import { describeRun } from './harness/results.ts';
import { buildDist, type Outcome, startChild } from './harness/run-child.ts';
import { TreeMemory } from './harness/sample-tree.ts';

// Peak memory of each format into each place it can go to, at a tenth of the size and at the whole: it must not grow with
// what is exported.
//   npm run bench:formats [-- --conversations 100000 --only pdf,html --sinks kept,file --home DIR]
// Ten messages a conversation: 100,000 are a million messages. Places: `kept` (parts in the encrypted store on the disk),
// `s3` (parts in the S3 server that CONVEY_TEST_S3 names, encrypted), `file` (what `convey export` writes), `direct` (the
// server that sends it at once). PDFs take long: they go as a whole into the store, and a tenth of them elsewhere.

const { values } = parseArgs({
  options: {
    conversations: { type: 'string', default: '100000' },
    only: { type: 'string' },
    sinks: { type: 'string', default: 'kept,s3,file,direct' },
    home: { type: 'string' },
    output: {
      type: 'string',
      default: fileURLToPath(new URL('results/formats.json', import.meta.url)),
    },
  },
});

/** Megabytes that the process and its children may take (issue: wall 5). */
const MOST = { rows: 180, documents: 300 } as const;

/** What the direct route of conversations sends. */
const DIRECT: readonly string[] = ['json', 'ndjson', 'csv'];

const formats: { name: string; kind: keyof typeof MOST; request: ExportRequest }[] = [
  { name: 'json', kind: 'rows', request: { kind: 'conversations', format: 'json' } },
  { name: 'ndjson', kind: 'rows', request: { kind: 'conversations', format: 'ndjson' } },
  { name: 'csv of conversations', kind: 'rows', request: { kind: 'conversations', format: 'csv' } },
  {
    name: 'csv of messages',
    kind: 'rows',
    request: { kind: 'conversations', format: 'csv', mode: 'messages' },
  },
  { name: 'chat-jsonl', kind: 'rows', request: { kind: 'conversations', format: 'chat-jsonl' } },
  {
    name: 'anonymised ndjson',
    kind: 'rows',
    request: { kind: 'conversations', format: 'ndjson', anonymize: true },
  },
  {
    name: 'xlsx of messages',
    kind: 'documents',
    request: { kind: 'conversations', format: 'xlsx', mode: 'messages' },
  },
  { name: 'html', kind: 'documents', request: { kind: 'conversations', format: 'html' } },
  { name: 'pdf', kind: 'documents', request: { kind: 'conversations', format: 'pdf' } },
];

const sizes = [Math.ceil(Number(values.conversations) / 10), Number(values.conversations)];
const only = values.only?.split(',');
const s3 = process.env['CONVEY_TEST_S3'];
const sinks = values.sinks.split(',').filter((sink) => {
  if (sink === 's3' && s3 === undefined) console.warn('SKIPPED: s3 needs CONVEY_TEST_S3 and credentials.');
  return sink !== 's3' || s3 !== undefined;
});
const megabytes = (bytes: number) => Math.round(bytes / 1e6);

interface Run {
  seconds: number;
  bytes: number;
  peakBytes: number;
  /** What it says that it wrote; a direct reply says it in its file. */
  counts?: Record<string, number> | undefined;
}

/** One export by a process of its own, and the most memory that it and its children had together. */
async function exportBy(sink: string, database: BenchDatabase, request: ExportRequest): Promise<Run> {
  const child = startChild('export-case.mjs', {
    ...whereOf(database),
    request,
    variant: sink === 'file' ? 'file' : 'kept',
    target: join(server.workDir, 'formats'),
    storage: sink === 's3' ? s3 : undefined,
  });
  const memory = new TreeMemory(child.pid);
  const { seconds, bytes, counts, path } = await child.next<Outcome>();
  const peakBytes = memory.stop();
  await child.end();
  if (path !== undefined) await rm(path);
  return { seconds, bytes, counts, peakBytes };
}

/** One export as a direct reply of a server, whose memory is taken. */
async function sendBy(database: BenchDatabase, { format, mode }: ExportRequest): Promise<Run> {
  const child = startChild('serve-case.mjs', whereOf(database));
  const { url, key } = await child.next<{ url: string; key: string }>();
  const memory = new TreeMemory(child.pid);
  const start = performance.now();
  const query = new URLSearchParams({ format, ...(mode === undefined ? {} : { mode }) });
  const reply = await fetch(`${url}/v1/conversations/export?${query.toString()}`, {
    headers: { authorization: `Bearer ${key}` },
  });
  if (!reply.ok) throw new Error(`the server answered ${reply.status}`);
  let bytes = 0;
  // A reply that was cut would end with an error.
  for await (const chunk of reply.body!) bytes += (chunk as Uint8Array).length;
  const seconds = (performance.now() - start) / 1000;
  const peakBytes = memory.stop();
  await child.end();
  return { seconds, bytes, peakBytes };
}

const whereOf = ({ runtimeUrl: databaseUrl, workspaceId }: BenchDatabase) => ({
  homeDir: server.homeDir,
  databaseUrl,
  workspaceId,
});

buildDist();
const server = await openBenchServer({ databaseUrl: undefined, homeDir: values.home, keep: false });
const results: object[] = [];
let isMet = true;
try {
  for (const { name, kind, request } of formats) {
    if (only !== undefined && !only.includes(name.split(' ')[0]!)) continue;
    for (const sink of sinks) {
      if (sink === 'direct' && (!DIRECT.includes(request.format) || request.anonymize)) continue;
      const runs: object[] = [];
      for (const conversations of request.format === 'pdf' && sink !== 'kept' ? sizes.slice(0, 1) : sizes) {
        const database = await ensureWorkspace(server, conversations);
        const run =
          sink === 'direct' ? await sendBy(database, request) : await exportBy(sink, database, request);
        const { seconds, bytes, peakBytes, counts } = run;
        if (sink !== 'direct' && counts?.['conversations'] !== conversations)
          throw new Error(`${name}: ${JSON.stringify(counts)}`);
        const peak = megabytes(peakBytes);
        isMet &&= peak <= MOST[kind];
        runs.push({ conversations, messages: conversations * 10, seconds, bytes, peak_rss_mb: peak });
        process.stdout.write(
          `${name}, ${sink}, ${conversations}: ${peak} MB (at most ${MOST[kind]}), ${Math.round(seconds)} s\n`,
        );
      }
      results.push({ format: name, sink, most_mb: MOST[kind], runs });
    }
  }
} finally {
  await server.stop();
}
await writeFile(
  values.output,
  `${JSON.stringify({ ...describeRun(server.version, 1), results }, null, 2)}\n`,
);
if (!isMet) process.exitCode = 1;
