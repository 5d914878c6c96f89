import { spawn } from 'node:child_process';
import pg from 'pg';
import { type ConversationFilter, conversationCondition } from '../../src/catalog/conversation-filter.ts';
import { countSql } from '../../src/catalog/count-sql.ts';
import { pageSql } from '../../src/catalog/stream-sql.ts';
import { scopeStatement } from '../../src/database/scope.ts';
import { conversationRecords } from '../../src/records/lists/list-schemas.ts';
import { selectVisible } from '../../src/records/lists/read-page.ts';
import type { BenchDatabase } from './bench-server.ts';
import { median } from './results.ts';

const LIMIT = 100;

/** A filter, answered by the API and by psql with the same SQL. */
export interface ListResult {
  filter: ConversationFilter;
  count: number;
  api_ms: number;
  psql_ms: number;
  /** How often the API's time goes into psql's. */
  ratio: number;
  /** Of a search: whether its plan reads the index, and reads nothing else to find messages. */
  uses_index?: boolean;
}

/** Asks for the first page and the exact count of a filter, by the API and by psql in turn. */
export async function measureList(
  database: BenchDatabase,
  api: { url: string; headers: Record<string, string> },
  filter: ConversationFilter,
  runs: number,
): Promise<ListResult> {
  const sql = statementsOf(database, filter);
  const apiRuns: number[] = [];
  const psqlRuns: number[] = [];
  let count = 0;
  for (let run = 0; run <= runs; run++) {
    const start = performance.now();
    count = await askApi(api, filter);
    const taken = performance.now() - start;
    const byPsql = await askPsql(database, sql);
    if (run === 0) continue; // warms up
    apiRuns.push(taken);
    psqlRuns.push(byPsql);
  }
  const [api_ms, psql_ms] = [median(apiRuns), median(psqlRuns)];
  const result = { filter, count, api_ms, psql_ms, ratio: api_ms / psql_ms };
  return filter.q === undefined ? result : { ...result, uses_index: usesIndex(await plansOf(database, sql)) };
}

/** What the API's answer is made of: the page and the count. */
function statementsOf({ workspaceId }: BenchDatabase, filter: ConversationFilter): string[] {
  const scope = { workspaceId };
  const selection = selectVisible(conversationRecords, scope, { condition: conversationCondition(filter) });
  const page = pageSql(selection, { after: undefined, limit: LIMIT + 1, newestFirst: true });
  return [page.sql, countSql(selection)];
}

async function askApi(
  { url, headers }: { url: string; headers: Record<string, string> },
  filter: ConversationFilter,
): Promise<number> {
  const query = new URLSearchParams({ limit: String(LIMIT), count: 'true' });
  for (const [name, value] of Object.entries(filter))
    for (const one of [value].flat()) query.append(name, String(one));
  const reply = await fetch(`${url}/v1/conversations?${query.toString()}`, { headers });
  if (!reply.ok) throw new Error(`the API refused ${query.toString()}: ${await reply.text()}`);
  return ((await reply.json()) as { count: number }).count;
}

/** Runs the statements in one transaction of the scope; gives the milliseconds that psql says they took. */
async function askPsql({ runtimeUrl, workspaceId }: BenchDatabase, sql: readonly string[]): Promise<number> {
  const script = [
    String.raw`\o /dev/null`,
    `begin; ${scopeStatement({ workspaceId })};`,
    String.raw`\timing on`,
    ...sql.map((statement) => `${statement};`),
    String.raw`\timing off`,
    'rollback;',
  ].join('\n');
  const child = spawn('psql', ['-X', '-q', '-A', '-t', '-v', 'ON_ERROR_STOP=1', runtimeUrl], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  let said = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    said += text;
  });
  const ended = new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  child.stdin.end(script);
  const code = await ended;
  const times = [...said.matchAll(/Time: ([\d.]+) ms/g)].map(([, time]) => Number(time));
  if (code !== 0 || times.length !== sql.length) throw new Error(`psql ended with ${code}: ${said}`);
  return times.reduce((sum, time) => sum + time, 0);
}

/** Plans of all that the statements run, functions too, as the server writes them into its log. */
async function plansOf(
  { superuserUrl, runtimeUrl, workspaceId }: BenchDatabase,
  sql: readonly string[],
): Promise<string> {
  const client = new pg.Client({ connectionString: superuserUrl });
  const plans: string[] = [];
  client.on('notice', ({ message = '' }) => plans.push(message));
  await client.connect();
  try {
    await client.query(`load 'auto_explain'`);
    await client.query(
      `begin; set local auto_explain.log_min_duration = 0; set local auto_explain.log_nested_statements = on;
       set local client_min_messages = log; set local role ${new URL(runtimeUrl).username};
       ${scopeStatement({ workspaceId })}`,
    );
    for (const statement of sql) await client.query(statement);
    await client.query('rollback');
  } finally {
    await client.end();
  }
  return plans.filter((plan) => plan.includes('plan:')).join('\n');
}

const usesIndex = (plans: string) =>
  /Bitmap Index Scan on messages_search/.test(plans) && !/Seq Scan on (public\.)?messages/.test(plans);
