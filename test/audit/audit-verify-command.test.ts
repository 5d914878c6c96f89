import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { type ChainFixture, createChain, EVENTS } from '../../src/audit/chain-fixture.ts';
import { signDueCheckpoint } from '../../src/audit/checkpoints/sign-due-checkpoint.ts';
import { createTestDatabase, type TestDatabase } from '../support/test-database.ts';
import { startTestServer, type TestServer } from '../support/test-server.ts';

// Each `convey` is a process of its own, which takes its time on a busy machine.
vi.setConfig({ testTimeout: 240_000 });

let db: TestDatabase;
let server: TestServer;
let chain: ChainFixture;
let folder: string;
let csv: string;
/** The server’s own folder of checkpoints. */
let own: string;
beforeAll(async () => {
  db = await createTestDatabase();
  folder = await mkdtemp(join(tmpdir(), 'convey-audit-cli-'));
  own = join(folder, 'own');
  server = await startTestServer(db.database, { CONVEY_CHECKPOINT_FOLDER: own });
  chain = await createChain(db);
  const { mailer, signingKeys } = server.installation;
  await signDueCheckpoint(
    {
      database: db.database,
      mailer,
      signingKeys,
      everyEvents: 1,
      everyMs: 1000,
      folder: join(folder, 'checkpoints'),
      mailTo: undefined,
    },
    chain.workspaceId,
  );
  const headers = await server.authorize(chain.workspaceId, ['audit:read']);
  csv = await (await fetch(`${server.url}/v1/audit-log/export`, { headers })).text();
});
afterAll(async () => {
  await server.stop();
  await rm(folder, { recursive: true });
  await db.drop();
});

/** `convey audit verify`, in a home of its own that it must not need for files. */
const verify = (args: string[], env: Record<string, string> = {}) => run(['verify', ...args], env);

/** `convey audit …`. */
function run(args: string[], env: Record<string, string>) {
  const bin = new URL('../../bin/convey.js', import.meta.url).pathname;
  const all = { PATH: process.env['PATH'], CONVEY_HOME: join(folder, 'home'), ...env };
  return new Promise<{ code: number; out: string; err: string }>((resolve) => {
    execFile(process.execPath, [bin, 'audit', ...args], { env: all, cwd: folder }, (error, out, err) =>
      resolve({ code: error === null ? 0 : Number(error.code), out, err }),
    );
  });
}

async function save(name: string, text: string): Promise<string> {
  await writeFile(join(folder, name), text);
  return join(folder, name);
}

test('a file is verified offline: valid, edited, cut; against a head, and against checkpoints', async () => {
  const { seq, hash } = chain.heads.at(-1)!;
  const good = await save('good.csv', csv);
  const valid = await verify(['--file', good]);
  expect(valid).toMatchObject({ code: 0, err: '' });
  expect(valid.out).toMatch(/^Valid: 11 events\. Events 1 to 11, none missing between\. .*noted elsewhere/);
  expect((await verify(['--file', good, '--head', `${seq}:${hash}`])).out).toContain('1 places');

  const edited = await verify([
    '--file',
    await save('edited.csv', csv.replace('203.0.113.9', '203.0.113.8')),
  ]);
  expect(edited).toMatchObject({ code: 1 });
  expect(edited.out).toMatch(/^NOT valid, at row \d+: Its IP is not what was recorded/);

  const [header, ...rows] = csv.split('\r\n');
  const cut = await save('cut.csv', [header, ...rows.slice(3)].join('\r\n'));
  expect((await verify(['--file', cut])).code).toBe(0);
  const byHead = await verify(['--file', cut, '--head', `${seq}:${hash}`, '--json']);
  expect(byHead.code).toBe(0);
  expect(JSON.parse(byHead.out)).toMatchObject({ valid: true, complete_through: 8, notedThrough: EVENTS });
  const brought = ['--file', cut, '--checkpoints', join(folder, 'checkpoints')];
  const older = await verify(brought);
  expect(older).toMatchObject({ code: 0 });
  expect(older.out).toContain(
    `The file ends at event 8; checkpoints go on to ${EVENTS}: it was exported before, or cut.`,
  );
  const newest = await verify([...brought, '--until-newest']);
  expect(newest).toMatchObject({ code: 1 });
  expect(newest.out).toContain(`event ${EVENTS} was noted before: the end was cut off`);
  expect(await readdir(folder)).not.toContain('home');
});

test('a checkpoint counts only if a key that is named has signed it', async () => {
  const good = await save('good.csv', csv);
  const { fingerprint } = await server.installation.signingKeys.current();
  const file = join(folder, 'checkpoints', `${chain.workspaceId}.ndjson`);
  expect((await verify(['--file', good, '--checkpoints', file, '--key', fingerprint])).code).toBe(0);
  const strange = await verify(['--file', good, '--checkpoints', file, '--key', 'sha256:00']);
  expect(strange).toMatchObject({ code: 2, out: '' });
  expect(strange.err).toContain(fingerprint);
  const forged = await save(
    'forged.ndjson',
    (await readFile(file, 'utf8')).replace('\\"seq\\":10', '\\"seq\\":11'),
  );
  expect((await verify(['--file', good, '--checkpoints', forged])).err).toContain('audit.bad_checkpoints');
});

test('an export in a format that cannot be verified alone is bad usage, not a tampered file', async () => {
  const headers = await server.authorize(chain.workspaceId, ['audit:read']);
  const reply = await fetch(`${server.url}/v1/audit-log/export?format=json`, { headers });
  const json = await save('log.json', await reply.text());
  const refused = await verify(['--file', json]);
  expect(refused).toMatchObject({ code: 2, out: '' });
  expect(refused.err).toContain('cannot be verified alone. Export the log as CSV or NDJSON');
});

test('checkpoints that hold none of the workspace, or nothing, are no agreement', async () => {
  const good = await save('good.csv', csv);
  const other = await createChain(db);
  const strangers = join(folder, 'strangers');
  const { mailer, signingKeys } = server.installation;
  const rules = { everyEvents: 1, everyMs: 1000, folder: strangers, mailTo: undefined };
  await signDueCheckpoint({ database: db.database, mailer, signingKeys, ...rules }, other.workspaceId);
  await mkdir(join(folder, 'nothing'), { recursive: true });
  const env = { DATABASE_URL: db.url, CONVEY_HOME: server.installation.config.homeDir };
  for (const path of [strangers, join(folder, 'nothing'), await save('empty.ndjson', '')]) {
    const none = await verify(['--file', good, '--checkpoints', path]);
    expect(none, path).toMatchObject({ code: 1, out: '' });
    expect(none.err).toContain('no checkpoint of this workspace there');
  }
  const none = await verify(['-w', chain.workspaceId, '--checkpoints', strangers], env);
  expect(none, none.err).toMatchObject({ code: 1, out: '' });
  expect(none.err).toContain('no checkpoint of this workspace there');
  const unreadable = await verify(['--file', good, '--checkpoints', await save('torn.ndjson', '{"docu\n')]);
  expect(unreadable).toMatchObject({ code: 1, out: '' });
});

test('bad usage is said: no log named, two named, a head or a file that is none', async () => {
  for (const args of [[], ['--file', 'x', '-w', 'y'], ['--file', 'none.csv'], ['--file', 'x', '--head', '5']])
    expect(await verify(args), args.join(' ')).toMatchObject({ code: 2, out: '' });
});

test('the log in the database is verified against checkpoints that left it, and that is written down', async () => {
  const env = { DATABASE_URL: db.url, CONVEY_HOME: server.installation.config.homeDir };
  const args = ['-w', chain.workspaceId, '--checkpoints', join(folder, 'checkpoints')];
  const valid = await verify(args, env);
  expect(valid, valid.err).toMatchObject({ code: 0 });
  expect(valid.out).toMatch(
    /^Valid: \d+ events, last hash [0-9a-f]{64}\. Compared with 1 checkpoint, the last of event 10/,
  );
  const [noted] = await db.asSuperuser(
    `select actor_type, details from audit_events where workspace_id = $1 and action = 'audit.verified'`,
    [chain.workspaceId],
  );
  expect(noted).toMatchObject({ actor_type: 'operator', details: { valid: true } });
  await chain.tamper(`update audit_events set outcome = 'failed' where :ws and seq = 4`);
  const bad = await verify(args, env);
  expect(bad).toMatchObject({ code: 1 });
  expect(bad.out).toContain('NOT valid, at event 4');
});

test('the server’s own folder is compared without being named, by the command and over HTTP', async () => {
  const log = await createChain(db);
  const { mailer, signingKeys } = server.installation;
  const rules = { everyEvents: 1, everyMs: 1000, folder: own, mailTo: undefined };
  await signDueCheckpoint({ database: db.database, mailer, signingKeys, ...rules }, log.workspaceId);
  const headers = await server.authorize(log.workspaceId, ['audit:read']);
  const ask = async () => (await fetch(`${server.url}/v1/audit-log/verify`, { headers })).json();
  expect(await ask()).toMatchObject({ valid: true, checkpoints: { compared: 1 } });

  // Whoever owns the database rewrites the log and deletes what was signed of it there.
  await log.rewriteFrom(5);
  await log.tamper('delete from audit_checkpoints where :ws');
  expect(await ask()).toMatchObject({ valid: false, problem: { seq: EVENTS } });

  const env = { DATABASE_URL: db.url, CONVEY_HOME: server.installation.config.homeDir };
  const args = ['-w', log.workspaceId];
  expect(await verify(args, env)).toMatchObject({ code: 0 });
  const compared = await verify(args, { ...env, CONVEY_CHECKPOINT_FOLDER: own });
  expect(compared, compared.err).toMatchObject({ code: 1 });
  expect(compared.out).toContain(`NOT valid, at event ${EVENTS}`);

  const accept = (reason: string) =>
    run(['accept', ...args, '--reason', reason], { ...env, CONVEY_CHECKPOINT_FOLDER: own });
  expect(await accept(' ')).toMatchObject({ code: 2 });
  const accepted = await accept('Restored by Ann');
  expect(accepted, accepted.err).toMatchObject({ code: 0 });
  expect(accepted.out).toContain(`has another hash for event ${EVENTS} than the log`);
  const again = await run(['accept', '-w', 'wsp_system', '--reason', 'x'], env);
  expect(again).toMatchObject({ code: 1 });
  expect(again.err).toContain('audit.nothing_to_accept');
});
