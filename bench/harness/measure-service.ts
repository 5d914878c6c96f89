import http from 'node:http';
import { cpus } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { type BenchDatabase, type BenchServer, runSql } from './bench-server.ts';
import { type Latencies, median, type SizeResult } from './results.ts';
import { runChild, startChild } from './run-child.ts';
import { say } from './measure-case.ts';

const EXPORT = '/v1/conversations/export?format=ndjson';
const SMALL = '/v1/whoami';
const PER_SECOND = 20;
const GONE_WITHIN_MS = 60_000;

interface Served {
  url: string;
  key: string;
}

/** Runs `work` against a real server in a process of its own. */
async function withServer<Result>(
  { homeDir }: BenchServer,
  { runtimeUrl: databaseUrl, workspaceId }: BenchDatabase,
  work: (served: Served) => Promise<Result>,
): Promise<Result> {
  const child = startChild('serve-case.mjs', { homeDir, databaseUrl, workspaceId });
  try {
    return await work(await child.next<Served>());
  } finally {
    await child.end();
  }
}

/** From asking for the nested NDJSON to the first byte of its reply's body. The transfer is then given up. */
export function measureFirstByte(
  server: BenchServer,
  database: BenchDatabase,
  runs: number,
): Promise<Latencies> {
  return withServer(server, database, async (served) => {
    await firstByte(served);
    const taken: number[] = [];
    for (let run = 0; run < runs; run++) {
      await untilIdle(database);
      taken.push(await firstByte(served));
      say('first-byte', 'ours', `${taken.at(-1)!.toFixed(1)} ms`);
    }
    await untilIdle(database);
    return latenciesOf(taken);
  });
}

/**
 * p95 of a cheap request with credentials, by turns while the server is idle, while it sends everything as a direct
 * reply, while it makes a kept export of everything in parallel parts, and while processes of the lowest priority spin
 * on every core instead: what this machine does to anybody's small requests.
 */
export function measureSmallRequests(
  server: BenchServer,
  database: BenchDatabase,
  options: { runs: number; seconds: number },
): Promise<NonNullable<SizeResult['small_requests']>> {
  return withServer(server, database, async ({ url, key }) => {
    const ask = async () => {
      const args = { url: `${url}${SMALL}`, key, seconds: options.seconds, perSecond: PER_SECOND };
      return runChild<{ p95_ms: number; failed: number; requests: number }>('small-requests-case.mjs', args);
    };
    const idle: number[] = [];
    const busy: number[] = [];
    const kept: number[] = [];
    const control: number[] = [];
    let failed = 0;
    let requests = 0;
    for (let run = 0; run < options.runs; run++) {
      const quiet = await ask();
      const drain = startChild('drain-case.mjs', { url: `${url}${EXPORT}`, key });
      await drain.next();
      const loud = await ask();
      await drain.end();
      await untilIdle(database);
      const orders = startChild('order-case.mjs', { url, key });
      await orders.next();
      const bulk = await ask();
      await orders.end();
      await untilIdle(database);
      const spinners = cpus().map(() => startChild('spin-case.mjs', {}));
      await Promise.all(spinners.map((spinner) => spinner.next()));
      const spun = await ask();
      await Promise.all(spinners.map((spinner) => spinner.end()));
      idle.push(quiet.p95_ms);
      busy.push(loud.p95_ms);
      kept.push(bulk.p95_ms);
      control.push(spun.p95_ms);
      failed += quiet.failed + loud.failed + bulk.failed + spun.failed;
      requests += quiet.requests + loud.requests + bulk.requests + spun.requests;
      const told = [quiet, loud, bulk, spun].map(({ p95_ms: ms }) => `${ms.toFixed(1)} ms`);
      say(
        'small-requests',
        'p95',
        `idle ${told[0]}, during a direct export ${told[1]}, a kept one ${told[2]}, beside spinning ${told[3]}`,
      );
      await untilIdle(database);
    }
    return {
      idle: latenciesOf(idle),
      busy: latenciesOf(busy),
      kept: latenciesOf(kept),
      control: latenciesOf(control),
      failed,
      requests,
    };
  });
}

function firstByte({ url, key }: Served): Promise<number> {
  return new Promise((resolve, reject) => {
    const start = performance.now();
    const request = http.get(`${url}${EXPORT}`, { headers: { authorization: `Bearer ${key}` } }, (reply) => {
      if (reply.statusCode !== 200) reject(new Error(`the server answered ${reply.statusCode}`));
      reply.on('error', () => {}); // we hang up
      reply.once('data', () => {
        resolve(performance.now() - start);
        request.destroy();
      });
    });
    request.once('error', reject);
  });
}

/** An export that was given up still ends its COPYs; the next one must not meet them. */
async function untilIdle({ superuserUrl }: BenchDatabase): Promise<void> {
  for (const end = performance.now() + GONE_WITHIN_MS; performance.now() < end; ) {
    const [row] = await runSql<{ n: number }>(
      superuserUrl,
      `select count(*)::int as n from pg_stat_activity
        where datname = current_database() and application_name = 'convey export' and state <> 'idle'`,
    );
    if (row!.n === 0) return;
    await sleep(50);
  }
  throw new Error('exports whose client left still hold connections of PostgreSQL');
}

function latenciesOf(values: readonly number[]): Latencies {
  const runs = values.map((value) => Math.round(value * 100) / 100);
  return { runs_ms: runs, median_ms: median(runs) };
}
