import { writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { fileURLToPath } from 'node:url';
import type { ExportRequest } from '../src/exports/plan-export.ts';
import { ensureWorkspace, openBenchServer } from './harness/bench-server.ts';
import { describeRun } from './harness/results.ts';
import { buildDist, type Outcome, startChild } from './harness/run-child.ts';
import { TreeMemory } from './harness/sample-tree.ts';

// Peak memory of each format, at a tenth of the size and at the whole: it must not grow with what is exported.
//   npm run bench:formats [-- --conversations 100000 --only pdf,html --home DIR]
// Ten messages a conversation: 100,000 are a million messages.

const { values } = parseArgs({
  options: {
    conversations: { type: 'string', default: '100000' },
    only: { type: 'string' },
    home: { type: 'string' },
    output: {
      type: 'string',
      default: fileURLToPath(new URL('results/formats.json', import.meta.url)),
    },
  },
});

/** Megabytes that the process and its children may take (issue: wall 5). */
const MOST = { rows: 180, documents: 300 } as const;

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
const megabytes = (bytes: number) => Math.round(bytes / 1e6);

buildDist();
const server = await openBenchServer({ databaseUrl: undefined, homeDir: values.home, keep: false });
const results: object[] = [];
let isMet = true;
try {
  for (const { name, kind, request } of formats) {
    if (only !== undefined && !only.includes(name.split(' ')[0]!)) continue;
    const runs: object[] = [];
    for (const conversations of sizes) {
      const database = await ensureWorkspace(server, conversations);
      const child = startChild('export-case.mjs', {
        homeDir: server.homeDir,
        databaseUrl: database.runtimeUrl,
        workspaceId: database.workspaceId,
        request,
        variant: 'kept',
      });
      const memory = new TreeMemory(child.pid);
      const { seconds, bytes, counts } = await child.next<Outcome>();
      const peak = megabytes(memory.stop());
      await child.end();
      if (counts?.['conversations'] !== conversations) throw new Error(`${name}: ${JSON.stringify(counts)}`);
      isMet &&= peak <= MOST[kind];
      runs.push({ conversations, messages: conversations * 10, seconds, bytes, peak_rss_mb: peak });
      process.stdout.write(
        `${name}, ${conversations}: ${peak} MB (at most ${MOST[kind]}), ${Math.round(seconds)} s\n`,
      );
    }
    results.push({ format: name, most_mb: MOST[kind], runs });
  }
} finally {
  await server.stop();
}
await writeFile(
  values.output,
  `${JSON.stringify({ ...describeRun(server.version, 1), results }, null, 2)}\n`,
);
if (!isMet) process.exitCode = 1;
