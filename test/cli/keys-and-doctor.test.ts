import { execFile } from 'node:child_process';
import { chmod, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { keyFileOf, readKeyFile } from '../../src/keys/key-file.ts';
import { openEncryptedStore } from '../../src/storage/open-encrypted-store.ts';
import { readAll } from '../../src/storage/store-contract-probes.ts';

// `convey doctor` and `convey key rotate` as an operator uses them, on the embedded database.

let home: string;
beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'convey-doctor-'));
  await chmod(home, 0o755);
});
afterAll(() => rm(home, { recursive: true, force: true }));

function convey(args: string[], settings: Record<string, string> = {}) {
  const bin = new URL('../../bin/convey.js', import.meta.url).pathname;
  const env = { PATH: process.env['PATH'], HOME: process.env['HOME'], CONVEY_HOME: home, ...settings };
  return new Promise<{ code: number; out: string; err: string }>((resolve) => {
    execFile(process.execPath, [bin, ...args], { env }, (error, out, err) =>
      resolve({ code: error === null ? 0 : Number(error.code), out, err }),
    );
  });
}

const openStore = async () => {
  const keyFile = keyFileOf(home);
  return openEncryptedStore({
    location: `file:${join(home, 'objects')}`,
    masterKeys: { keys: await readKeyFile(keyFile), keyFile },
  });
};

test('the doctor finds a new installation well, says what it checked and what Convey does not encrypt', async () => {
  const { code, out, err } = await convey(['--json', 'doctor']);
  expect(code, `${out}${err}`).toBe(0);
  const report = JSON.parse(out) as { ok: boolean; findings: { check: string; state: string }[] };
  expect(report).toMatchObject({
    ok: true,
    notEncrypted: expect.arrayContaining(['the database']) as unknown,
  });
  expect(report.findings.map(({ check }) => check)).toEqual([
    'settings',
    'home folder',
    'master key',
    'storage',
    'disk space',
    'database',
    'stored objects',
  ]);
  expect(report.findings.every(({ state }) => state !== 'failed')).toBe(true);
  const store = await openStore();
  for await (const { key } of store.list('')) expect.fail(`the doctor left ${key} behind`);
});

test('key rotate changes the master key, and what was stored before can be read; no key is printed', async () => {
  const before = await readFile(keyFileOf(home), 'utf8');
  await (await openStore()).put('files/fil_1', Readable.from([Buffer.from('stored before')]));
  const { code, out, err } = await convey(['--json', 'key', 'rotate']);
  expect(code, err).toBe(0);
  expect(JSON.parse(out)).toMatchObject({ origin: 'key file', rewrapped: 1, failed: 0, isResumed: false });
  const after = await readFile(keyFileOf(home), 'utf8');
  expect(after).toMatch(/^[0-9a-f]{64}\n$/);
  expect(after).not.toBe(before);
  for (const key of [before, after]) expect(out + err).not.toContain(key.trim());
  expect(String(await readAll(await (await openStore()).open('files/fil_1')))).toBe('stored before');
});

test('with another master key the doctor fails and names what is missing, and a rotation changes nothing', async () => {
  const settings = { CONVEY_MASTER_KEY: 'ab'.repeat(32) };
  const { code, out } = await convey(['doctor'], settings);
  expect(code).toBe(1);
  expect(out).toMatch(/WARNING master key: .*is not used/);
  expect(out).toMatch(/FAILED {2}storage: .*keys\.unknown_master_key/);
  expect(out).not.toContain('abababab');
  const rotation = await convey(['key', 'rotate'], settings);
  expect(rotation.code).toBe(1);
  expect(rotation.err).toContain('keys.wrong_master_key');
  expect(String(await readAll(await (await openStore()).open('files/fil_1')))).toBe('stored before');
});

test('a key file that others may read fails the doctor; what to rotate must be something', async () => {
  await chmod(keyFileOf(home), 0o644);
  const { code, out } = await convey(['doctor']);
  expect(code).toBe(1);
  expect(out).toMatch(/FAILED {2}master key: .*chmod 600/);
  await chmod(keyFileOf(home), 0o600);
  expect((await convey(['key', 'rotate', 'nothing'])).code).toBe(2);
});
