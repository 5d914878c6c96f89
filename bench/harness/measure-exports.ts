import { join } from 'node:path';
import { runPsql } from '../peers/run-psql.ts';
import type { BenchDatabase, BenchServer } from './bench-server.ts';
import { type ExpectedCounts, expectedCounts } from './expected-counts.ts';
import type { ExportCase } from './export-cases.ts';
import type { Contender } from './measure-case.ts';
import { type Outcome, runChild } from './run-child.ts';

/** Everything that runs in one export's case: ours in its variants, and its peers, in the order of their turns. */
export function contendersOf(
  { name, label, request, ours, psql, hasLimit, hasBaseline, counts, rows }: ExportCase,
  server: BenchServer,
  database: BenchDatabase,
  isPsqlThere: boolean,
): Contender[] {
  const { homeDir, workDir } = server;
  const { workspaceId, superuserUrl, runtimeUrl: databaseUrl } = database;
  const expected = expectedCounts(database.conversations);
  const argsOf = (key: string) => ({
    homeDir,
    databaseUrl,
    workspaceId,
    request,
    target: join(workDir, `${name}-${key}`),
  });
  const verify =
    (more: number, has = counts) =>
    async (outcome: Outcome) => {
      if (outcome.counts !== undefined) ensureCounts(outcome.counts, has(expected));
      if (rows === undefined || outcome.path === undefined) return;
      const found = await rows.count(outcome.path);
      if (found !== rows.expected(expected) + more)
        throw new Error(`${name}: ${found} rows in ${outcome.path}`);
    };
  const [first, ...variants] = Object.entries(ours).map(
    ([key, { variant, label: variantLabel }]): Contender => ({
      key,
      label: variantLabel === '' ? label : `${label}, ${variantLabel}`,
      role: 'ours',
      run: () => runChild('export-case.mjs', { ...argsOf(key), variant }),
      verify: verify(rows?.more ?? 0),
      sampledUrl: superuserUrl,
    }),
  );
  const peers: Contender[] = [];
  if (psql !== undefined) {
    peers.push({
      key: 'psql',
      label: 'psql',
      role: 'psql',
      run: () =>
        isPsqlThere
          ? runPsql(superuserUrl, psql(workspaceId), argsOf('psql').target)
          : Promise.resolve({ skipped: 'psql is not there' }),
      verify: verify(0),
    });
  }
  if (hasLimit) {
    peers.push({
      key: 'limit',
      label: 'bare COPYs',
      role: 'limit',
      run: () => runChild('limit-case.mjs', argsOf('limit')),
    });
  }
  if (hasBaseline) {
    peers.push({
      key: 'baseline',
      label: 'keyset batches',
      role: 'baseline',
      run: () => runChild('baseline-case.mjs', argsOf('baseline')),
      verify: verify(0),
    });
  }
  return [first!, ...peers, ...variants];
}

/** Throws unless every count that is expected was reported. */
export function ensureCounts(
  found: Readonly<Record<string, number>>,
  expected: Readonly<Partial<ExpectedCounts & Record<string, number>>>,
): void {
  const wrong = Object.entries(expected).filter(([name, count]) => found[name] !== count);
  if (wrong.length > 0)
    throw new Error(wrong.map(([name, count]) => `${name}: ${found[name]} instead of ${count}`).join('; '));
}
