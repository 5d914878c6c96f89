import { execFile } from 'node:child_process';
import { chmod, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';

// The command line as a person or a script uses it: exit codes 0, 1 (failed) and 2 (bad usage), --json, files.

let home: string;
let folder: string;

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'convey-cli-'));
  await chmod(home, 0o755);
  folder = await mkdtemp(join(tmpdir(), 'convey-cli-files-'));
});
afterAll(async () => {
  await rm(home, { recursive: true, force: true });
  await rm(folder, { recursive: true, force: true });
});

function convey(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  const bin = new URL('../../bin/convey.js', import.meta.url).pathname;
  const env = { PATH: process.env['PATH'], HOME: process.env['HOME'], CONVEY_HOME: home, CONVEY_PORT: '0' };
  return new Promise((resolve) => {
    execFile(process.execPath, [bin, ...args], { env, cwd: folder }, (error, out, err) =>
      resolve({ code: error === null ? 0 : Number(error.code), out, err }),
    );
  });
}

// oxlint-disable-next-line typescript/no-explicit-any -- printed JSON is what the test looks into
const json = async (...args: string[]): Promise<any> => {
  const { code, out, err } = await convey('--json', ...args);
  expect(code, err).toBe(0);
  return JSON.parse(out);
};

test('a sample goes in, an export comes out, and the audit log proves it', async () => {
  await json('workspace', 'create', 'acme', '--name', 'Acme');
  const { counts } = await json('sample', join(folder, 'sample'), '--conversations', '30');
  const [imported] = await json('import', join(folder, 'sample'), '-w', 'acme');
  expect(imported).toMatchObject({ rejected_count: 0, pending: 0 });
  const exported = await json(
    'export',
    '-w',
    'acme',
    '-k',
    'contacts',
    '-f',
    'csv',
    '-o',
    join(folder, 'contacts.csv'),
  );
  expect(exported['counts']).toEqual({ contacts: counts['contact'] });
  const rows = (await readFile(join(folder, 'contacts.csv'), 'utf8')).split('\r\n');
  expect(rows[0]).toMatch(/^id,type,email/);
  expect(await json('audit', 'verify', '-w', 'acme')).toMatchObject({ valid: true });
});

test('V-05: an export of conversations holds the fields that were named, and no others', async () => {
  const path = join(folder, 'conversations.json');
  await json('export', '-w', 'acme', '-k', 'conversations', '-o', path, '--fields', 'tags, events');
  const [first] = JSON.parse(await readFile(path, 'utf8')) as object[];
  const keys = Object.keys(first!);
  expect(keys).toEqual(expect.arrayContaining(['id', 'status', 'tags', 'events']));
  for (const absent of ['channel', 'contact', 'csat', 'messages', 'replies'])
    expect(keys).not.toContain(absent);
});

test('V-01, V-09: documents of a conversation and of a person come into files that verify', async () => {
  const path = join(folder, 'all.json');
  await json('export', '-w', 'acme', '-k', 'conversations', '-o', path, '--fields', 'messages,customer');
  const all = JSON.parse(await readFile(path, 'utf8')) as { id: string; contact: { id: string } | null }[];
  const { id, contact } = all.find((one) => one.contact !== null)!;
  for (const [kind, recordId, format, begin] of [
    ['conversation', id, 'html', '<!doctype html>'],
    ['contact', contact!.id, 'zip', 'PK'],
  ] as const) {
    const made = await json('export', '-w', 'acme', '-k', kind, '--id', recordId, '-f', format);
    const file = made['file'] as string;
    expect(file).toMatch(new RegExp(`convey-${kind}-acme-[\\d-]+\\.${format}$`));
    expect((await readFile(file, 'latin1')).startsWith(begin)).toBe(true);
    const receipt = JSON.parse(await readFile(made['receipt'] as string, 'utf8')) as {
      manifest: { signer: { fingerprint: string } };
    };
    const verified = await json('verify', file, '--key', receipt.manifest.signer.fingerprint);
    expect(verified).toMatchObject({ ok: true, counts: { conversations: expect.any(Number) } });
  }
}, 120_000);

test('V-17: a filter at the command line takes what the API takes, and holds for what comes', async () => {
  const exportOf = (...filter: string[]) =>
    json('export', '-w', 'acme', '-k', 'conversations', '-o', join(folder, 'filtered.json'), ...filter);
  const all = (await exportOf()).counts.conversations;
  const states = ['open', 'claimed', 'assigned', 'waiting', 'escalated', 'snoozed'];
  const solved = (await exportOf('--status', 'resolved', '--status', 'archived')).counts.conversations;
  const others = (await exportOf(...states.flatMap((state) => ['--status', state]))).counts.conversations;
  expect(solved + others).toBe(all);
  expect(solved).toBeGreaterThan(0);
  expect(others).toBeGreaterThan(0);
  expect((await exportOf('--since', '2199-01-01', '--has-files', 'true')).counts.conversations).toBe(0);
});

test('a failed export leaves what was there untouched, and nothing else behind', async () => {
  await writeFile(join(folder, 'kept.json'), 'as it was');
  const { code, err } = await convey(
    'export',
    '-w',
    'acme',
    '-k',
    'contact',
    '--id',
    'nobody',
    '-o',
    'kept.json',
  );
  expect(code).toBe(1);
  expect(err).toContain('exports.not_found');
  expect(await readFile(join(folder, 'kept.json'), 'utf8')).toBe('as it was');
  expect((await readdir(folder)).filter((name) => name.includes('unfinished'))).toEqual([]);
});

test('a key is shown once and can be revoked', async () => {
  const made = await json(
    'key',
    'create',
    '-w',
    'acme',
    '--name',
    'script',
    '--scopes',
    'ingest',
    'export:create',
  );
  expect(made['key']).toMatch(/^ak_convey_/);
  const listed = JSON.stringify(await json('key', 'list', '-w', 'acme'));
  expect(listed).toContain(made['id']);
  expect(listed).not.toContain(made['key']);
  await json('key', 'revoke', made['id'], '-w', 'acme');
});

test('users are listed, and an address that nobody has cannot be shut out', async () => {
  expect(await json('user', 'list')).toEqual([]);
  for (const command of ['disable', 'enable']) {
    const { code, out, err } = await convey('user', command, 'nobody@example.com');
    expect({ code, out }).toEqual({ code: 1, out: '' });
    expect(err).toContain('access.unknown_user');
  }
});

test.each([
  ['an unknown command', ['exprot'], 2],
  ['an unknown option', ['export', '-w', 'acme', '--fromat', 'csv'], 2],
  ['a missing option', ['export'], 2],
  ['an unknown field', ['export', '-w', 'acme', '-k', 'conversations', '--fields', 'tags,secrets'], 2],
  ['fields of what has none', ['export', '-w', 'acme', '-k', 'contacts', '--fields', 'tags'], 2],
  [
    'a format that the kind has not',
    ['export', '-w', 'acme', '-k', 'contact', '--id', 'x', '-f', 'ndjson'],
    2,
  ],
  ['a filter of what has none', ['export', '-w', 'acme', '-k', 'contacts', '--status', 'open'], 2],
  ['a filter that is none', ['export', '-w', 'acme', '-k', 'conversations', '--csat-min', 'good'], 2],
  ['an unknown workspace', ['export', '-w', 'nowhere'], 1],
  ['a file that is not there', ['import', 'absent.ndjson', '-w', 'acme'], 1],
  [
    'a scope that does not exist',
    ['key', 'create', '-w', 'acme', '--name', 'x', '--scopes', 'everything'],
    1,
  ],
])('%s ends with a reason on stderr and nothing on stdout', async (_what, args, expected) => {
  const { code, out, err } = await convey(...args);
  expect(code).toBe(expected);
  expect(out).toBe('');
  expect(err.length).toBeGreaterThan(10);
});
