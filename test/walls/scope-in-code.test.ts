import { readdir, readFile } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { recordTables } from '../../src/catalog/catalog.ts';

// No query without a scope: read from the source, so that a new way past `inScope` is seen when it is written.

const ROOT = new URL('../../src/', import.meta.url).pathname;

/** A connection that is not handed out by `inScope`, `inSystem` or a snapshot: file → why that is right. */
const OWN_CONNECTIONS: Readonly<Record<string, string>> = {
  'database/connect.ts': 'where transactions get their scope',
  'database/snapshot.ts': 'where snapshots get their scope',
  'database/copy-rows.ts': 'sends the COPY of a snapshot or transaction that has its scope',
  'database/migrate.ts': 'changes the schema, as its owner; is held by row-level security as well',
  'database/embedded/prepare-roles.ts': 'makes the roles of an empty server',
  'database/embedded/start-embedded.ts': 'asks whether the server is up',
  'database/running-database.ts': 'asks whether the server of another process is up',
  'cli/key-rotate-command.ts': 'holds an advisory lock for as long as the command runs; reads no table',
  'http/health.routes.ts': 'counts connections',
  'jobs/job-events.ts': 'listens for notifications; reads no table',
  'records/pending/sweep-pending.ts': 'the connection of a transaction in scope',
  'records/staging/merge-stage.ts': 'the connection of a transaction in scope',
};

/** In the folders that know records: no scope, or one made by hand instead of by `access`. File → why. */
const OWN_SCOPES: Readonly<Record<string, string>> = {
  'records/pending/sweep-pending.ts': 'a sweep: every workspace, on nobody’s behalf',
  'records/uploads/end-import.ts': 'a sweep: imports whose process is gone',
  'exports/finish/sweep-interrupted.ts': 'a sweep: exports whose process is gone',
  'exports/keep/end-export.ts': 'a sweep: exports whose time is over',
  'exports/keep/find-export.ts': 'the frozen scope of an export that a worker runs',
  'exports/schedules/scheduler.ts': 'a loop: schedules of every workspace; exports run as who made them',
  'exports/links/export-links.ts':
    'a link is found by its token, which names no workspace; it reads no records',
  'exports/keep/copy-files.ts': 'looks whether files are there still, on the export’s behalf',
  'records/files.routes.ts':
    'ingest into the personal workspace of an account that the scope’s workspace holds',
};

/** Record tables that are named in SQL outside of the folders that know records. File → why. */
const NAMES_RECORDS: Readonly<Record<string, string>> = {
  'storage/find-missing-objects.ts':
    'which objects the files’ rows want, for the operator; keys and sizes only',
};

/** The folders that read and write records. */
const CAPABILITIES = ['records/', 'exports/', 'feed/', 'privacy/'];

const sources = new Map<string, string>();

beforeAll(async () => {
  for (const entry of await readdir(ROOT, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    const name = relative(ROOT, path).replaceAll(sep, '/');
    if (!entry.isFile() || !name.endsWith('.ts') || /\.(test|fixture)\.ts$/.test(name)) continue;
    sources.set(name, withoutComments(await readFile(path, 'utf8')));
  }
});

function withoutComments(source: string): string {
  return source.replaceAll(/\/\*[\s\S]*?\*\//g, '').replaceAll(/(^|\s)\/\/[^\n]*/g, '$1');
}

/** Files in which the pattern occurs, by name. */
function filesWith(pattern: RegExp, among: (name: string) => boolean = () => true): string[] {
  return [...sources]
    .filter(([name, source]) => among(name) && pattern.test(source))
    .map(([name]) => name)
    .sort();
}

const isCapability = (name: string) => CAPABILITIES.some((folder) => name.startsWith(folder));

test('the sources were found', () => {
  expect(sources.size).toBeGreaterThan(150);
  expect(filesWith(/\binScope\(/).length).toBeGreaterThan(10);
});

test('connections are opened, and asked directly, only where a list says why', () => {
  const pattern = /\bnew (pg\.)?(Client|Pool)\(|\.pool\b|(?<!transaction\.)\bclient\s*\.query\b/;
  expect(filesWith(pattern)).toEqual(Object.keys(OWN_CONNECTIONS).sort());
});

test('where records are read or written, the scope comes from who asks', () => {
  const pattern =
    /\b(inSystem|querySystem|listTeamWorkspaces)\b|\binScope\(\s*\{|\b(return|scope:|scope =|Scope =)\s*\{\s*workspaceId(: [\w.!]+)?\s*\}/;
  expect(filesWith(pattern, isCapability)).toEqual(Object.keys(OWN_SCOPES).sort());
});

test('elsewhere no SQL names a record', () => {
  const names = recordTables.map(({ name }) => name).join('|');
  const pattern = new RegExp(String.raw`\b(from|join|into|update)\s+"?(${names})"?\s*(\(|\b(?!['’:,]))`);
  const known = (name: string) => isCapability(name) || name.startsWith('catalog/');
  const inSql = (name: string) => !known(name) && sources.get(name)!.includes('query');
  expect(filesWith(pattern, inSql)).toEqual(Object.keys(NAMES_RECORDS).sort());
});

test('routes read records in the scope of their request', () => {
  const routes = filesWith(/\bapp\.(get|post|put|patch|delete)\(/, isCapability);
  expect(routes.length).toBeGreaterThanOrEqual(5);
  for (const name of routes) {
    const source = sources.get(name)!;
    expect(source, name).not.toMatch(/\b(inSystem|querySystem)\b|scopeOf\(/);
  }
});
