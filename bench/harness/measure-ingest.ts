import { createReadStream, createWriteStream } from 'node:fs';
import { rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { pipeline } from 'node:stream/promises';
import { runPsql } from '../peers/run-psql.ts';
import { type BenchDatabase, type BenchServer, freshWorkspace, runSql } from './bench-server.ts';
import { type ExpectedCounts, expectedCounts } from './expected-counts.ts';
import type { Contender } from './measure-case.ts';
import { runChild } from './run-child.ts';

/** Owners first, as their foreign keys want it. */
const TABLES = ['contacts', 'conversations', 'conversation_participants', 'messages'];
const TAKEN = /^\{"type":"(contact|conversation|message)"/;

/**
 * Ingest of a workspace's contacts, conversations and messages against `COPY FROM` of the very rows that it
 * makes, into the same empty tables with the same indexes and foreign keys (as superuser, past row-level
 * security). Statistics are made between the tables, without which the foreign keys are checked by sequential
 * scans; ingest does that itself.
 */
export async function ingestContenders(
  server: BenchServer,
  database: BenchDatabase,
  isPsqlThere: boolean,
): Promise<Contender[]> {
  const { workDir, homeDir } = server;
  const source = join(workDir, `ingest-${database.conversations}.ndjson`);
  await writeSource(server, database, source);
  const expected = expectedCounts(database.conversations);
  const fileOf = (table: string) => join(workDir, `ingest-${database.conversations}-${table}.copy`);
  let current: BenchDatabase | undefined;
  const fresh = async () => {
    current = await freshWorkspace(server);
    return current;
  };
  const ours: Contender = {
    key: 'ours',
    label: `ingest of NDJSON, ${database.conversations.toLocaleString('en')} conversations`,
    role: 'ours',
    run: async () => {
      const { runtimeUrl: databaseUrl, workspaceId } = await fresh();
      return runChild('ingest-case.mjs', { homeDir, databaseUrl, workspaceId, source });
    },
    verify: async () => {
      await ensureRows(current!, expected);
      if (!isPsqlThere) return;
      const copies = TABLES.map((table) => `\\copy ${table} to '${fileOf(table)}'\n`).join('');
      await runPsql(current!.superuserUrl, copies, '/dev/null');
    },
  };
  const copyFrom: Contender = {
    key: 'psql',
    label: 'psql COPY FROM',
    role: 'psql',
    run: async () => {
      if (!isPsqlThere) return { skipped: 'psql is not there' };
      const { superuserUrl } = await fresh();
      const script = TABLES.map((table) => `\\copy ${table} from '${fileOf(table)}'\nanalyze ${table};\n`);
      const { seconds } = await runPsql(superuserUrl, script.join(''), '/dev/null');
      const sizes = await Promise.all(TABLES.map(async (table) => (await stat(fileOf(table))).size));
      return { seconds, bytes: sizes.reduce((sum, size) => sum + size, 0) };
    },
    verify: () => ensureRows(current!, expected),
  };
  return [ours, copyFrom];
}

/** What an ingest case leaves. */
export async function removeIngestFiles({ workDir }: BenchServer, conversations: number): Promise<void> {
  const names = ['.ndjson', ...TABLES.map((table) => `-${table}.copy`)];
  await Promise.all(
    names.map((name) => rm(join(workDir, `ingest-${conversations}${name}`), { force: true })),
  );
}

/** The generated workspace as the ingest grammar, by an export, without what is not to be ingested here. */
async function writeSource(server: BenchServer, database: BenchDatabase, source: string): Promise<void> {
  const target = `${source}.whole`;
  await runChild('export-case.mjs', {
    homeDir: server.homeDir,
    databaseUrl: database.runtimeUrl,
    workspaceId: database.workspaceId,
    request: { kind: 'workspace', format: 'ndjson' },
    variant: 'file',
    target,
  });
  async function* taken(): AsyncGenerator<string> {
    for await (const line of createInterface({ input: createReadStream(target) }))
      if (TAKEN.test(line)) yield `${line}\n`;
  }
  await pipeline(taken, createWriteStream(source));
  await rm(target);
}

async function ensureRows(database: BenchDatabase, expected: ExpectedCounts): Promise<void> {
  const wanted: Record<string, number> = {
    contacts: expected.contacts,
    conversations: expected.conversations,
    messages: expected.messages + expected.replies,
  };
  for (const [table, count] of Object.entries(wanted)) {
    const [row] = await runSql<{ n: number }>(
      database.superuserUrl,
      `select count(*)::int as n from ${table}`,
    );
    if (row!.n !== count) throw new Error(`${table}: ${row!.n} rows instead of ${count}`);
  }
}
