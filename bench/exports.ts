import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type BenchServer, ensureWorkspace, openBenchServer } from './harness/bench-server.ts';
import { checkContents } from './harness/check-contents.ts';
import { expectedCounts } from './harness/expected-counts.ts';
import { exportCases } from './harness/export-cases.ts';
import { compareFloors, describeFloor } from './harness/floors.ts';
import { type Contender, measureCase } from './harness/measure-case.ts';
import { contendersOf } from './harness/measure-exports.ts';
import { ingestContenders, removeIngestFiles } from './harness/measure-ingest.ts';
import { measureFirstByte, measureSmallRequests } from './harness/measure-service.ts';
import { type BenchOptions, readOptions } from './harness/options.ts';
import { type BenchResults, describeRun, putCase, readEarlier, sizeOf } from './harness/results.ts';
import { buildDist } from './harness/run-child.ts';
import { renderReport, writeReport } from './harness/write-report.ts';
import { hasPsql } from './peers/run-psql.ts';

// The exports (and ingest) against what else one could do, all in one run: `npm run bench -- --help`.
// What is measured and how: docs/performance.md.

const RESULTS = fileURLToPath(new URL('results/export.json', import.meta.url));

/** @param save called after each case: a run that breaks leaves what it has measured */
async function measure(
  server: BenchServer,
  options: BenchOptions,
  save: (results: BenchResults) => Promise<void>,
): Promise<BenchResults> {
  const isPsqlThere = await hasPsql();
  const head = describeRun(server.version, options.runs);
  const results = options.adds ? await readEarlier(options.output ?? RESULTS, head) : { ...head, sizes: [] };
  for (const share of options.hasTenth ? [1, 10] : [1])
    await measureSize(server, options, share, isPsqlThere, results, () => save(results));
  return results;
}

async function measureSize(
  server: BenchServer,
  options: BenchOptions,
  share: number,
  isPsqlThere: boolean,
  results: BenchResults,
  save: () => Promise<void>,
): Promise<void> {
  const { runs, seconds, only } = options;
  const conversations = Math.floor(options.conversations / share);
  const isWanted = (name: string) => only === undefined || only.has(name);
  process.stderr.write(`${conversations} conversations\n`);
  const database = await ensureWorkspace(server, conversations);
  const result = sizeOf(results, { conversations, expected: expectedCounts(conversations) });
  const measureNow = async (name: string, contenders: Contender[]) =>
    putCase(result, await measureCase(name, contenders, runs));
  for (const one of exportCases) {
    if (!isWanted(one.name)) continue;
    const contenders = contendersOf(one, server, database, isPsqlThere);
    await measureNow(one.name, contenders);
    await save();
  }
  if (isWanted('first-byte')) result.first_byte = await measureFirstByte(server, database, runs);
  if (isWanted('small-requests'))
    result.small_requests = await measureSmallRequests(server, database, { runs, seconds });
  await save();
  if (isWanted('ingest')) {
    const size = Math.floor(options.ingestConversations / share);
    const contenders = await ingestContenders(server, await ensureWorkspace(server, size), isPsqlThere);
    await measureNow('ingest', contenders);
    await removeIngestFiles(server, size);
    await save();
  }
}

function ensureKnown({ only }: BenchOptions): void {
  const known = [...exportCases.map(({ name }) => name), 'ingest', 'first-byte', 'small-requests'];
  const unknown = [...(only ?? [])].filter((name) => !known.includes(name));
  if (unknown.length > 0) throw new Error(`no case ${unknown.join(', ')}; there are ${known.join(', ')}`);
}

async function run(options: BenchOptions): Promise<void> {
  ensureKnown(options);
  buildDist();
  const server = await openBenchServer(options);
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.once(signal, () => void server.stop().finally(() => process.exit(130)));
  try {
    if (options.mode === 'check') {
      await checkContents(server, await ensureWorkspace(server, options.conversations));
      return;
    }
    const output = options.output ?? RESULTS;
    await mkdir(dirname(output), { recursive: true });
    const save = (part: BenchResults) => writeFile(output, `${JSON.stringify(part, null, 2)}\n`);
    const results = await measure(server, options, save);
    process.stdout.write(`${renderReport(results)}\n${output}\n`);
    if (options.output === undefined) await writeReport(results);
  } finally {
    await server.stop();
  }
}

const options = readOptions(process.argv.slice(2));
if (options.mode === 'report') {
  const results = JSON.parse(await readFile(RESULTS, 'utf8')) as BenchResults;
  await writeReport(results);
  process.stdout.write(`${compareFloors(results).map(describeFloor).join('\n')}\n`);
} else if (options.mode !== 'help') {
  await run(options);
}
