import { spawnSync } from 'node:child_process';
import { createPublicKey, type KeyObject } from 'node:crypto';
import { mkdir, readdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import {
  attachments,
  contents,
  filesOf,
  inFolder,
  manifestOf,
  newKey,
  sumOf,
  writeFiles,
  zipOf,
} from '../packages/package.fixture.ts';
import { sealReceipt } from '../packages/seal-manifest.ts';
import { endorse } from '../packages/sign.ts';
import { fingerprintOf, publicKeyOf } from '../packages/signatures.ts';
import { describeVerification } from './describe-verification.ts';
import { type VerifyOptions, verifyFile, verifyPackage } from './verify-package.ts';

const key = newKey();
const manifest = manifestOf(key);
const { fingerprint } = manifest.signer;
const pem = createPublicKey(key).export({ type: 'spki', format: 'pem' }).toString();

async function inPackages(
  work: (paths: { folder: string; zip: string }) => Promise<void>,
  m = manifest,
  k = key,
) {
  await inFolder(async (root) => {
    const paths = { folder: join(root, 'bag'), zip: join(root, 'bag.zip') };
    await mkdir(paths.folder);
    await writeFiles(paths.folder, filesOf(m, k));
    await writeFile(paths.zip, zipOf(m, k));
    await work(paths);
  });
}

/** Runs a program; undefined, and said aloud, where it is not installed. */
function runProgram(cwd: string, command: string, ...args: string[]): string | undefined {
  const { status, error, stdout, stderr } = spawnSync(command, args, { cwd, encoding: 'utf8' });
  if ((error as NodeJS.ErrnoException | undefined)?.code === 'ENOENT') {
    process.stderr.write(`NOT CHECKED: ${command} is not installed here.\n`);
    return undefined;
  }
  expect(status, `${command}: ${stdout}${stderr}`).toBe(0);
  return stdout;
}

test('a good package verifies, as folder and as zip, by fingerprint, PEM and trust file', () =>
  inPackages(async ({ folder, zip }) => {
    const trust = (status: string, publicKey = manifest.signer.public_key) =>
      JSON.stringify({
        keys: [{ fingerprint, public_key: publicKey, status, created_at: 'x', endorsements: [] }],
      });
    const pins: [VerifyOptions, '--key' | '--trust'][] = [
      [{ keys: [fingerprint] }, '--key'],
      [{ keys: [fingerprint.slice(7).toUpperCase()] }, '--key'],
      [{ keys: [pem] }, '--key'],
      [{ trust: trust('current') }, '--trust'],
      [{ trust: trust('retired') }, '--trust'],
    ];
    for (const path of [folder, zip]) {
      for (const [options, by] of pins) {
        const result = await verifyPackage(path, options);
        expect(result.problems).toEqual([]);
        expect(result).toMatchObject({
          ok: true,
          kind: path === zip ? 'zip' : 'folder',
          name: manifest.name,
          signed_by: fingerprint,
          trusted: { by, fingerprint },
          snapshot_at: manifest.snapshot_at,
          counts: sumOf(contents),
          parts: contents.length,
          files: attachments.length,
          missing_files: manifest.missing_files,
          left_out: manifest.left_out,
        });
        expect(describeVerification(result).join('\n')).toContain(
          `signed by ${fingerprint}, which you trust (${by})`,
        );
      }
      const compromised = await verifyPackage(path, { trust: trust('compromised'), keys: [fingerprint] });
      expect(compromised.problems).toEqual([expect.objectContaining({ code: 'untrusted_key' })]);
      await expect(verifyPackage(path, { trust: trust('current', 'AAAA') })).rejects.toThrow('fingerprint');
      await expect(verifyPackage(path, { keys: ['sha256:12'] })).rejects.toThrow('neither');
    }
  }));

test('without a pin everything is checked and told, and the verdict is “untrusted key”', () =>
  inPackages(async ({ folder, zip }) => {
    for (const path of [folder, zip]) {
      const result = await verifyPackage(path);
      expect(result).toMatchObject({
        ok: false,
        signed_by: fingerprint,
        trusted: null,
        counts: sumOf(contents),
      });
      expect(result.problems.map(({ code }) => code)).toEqual(['untrusted_key']);
      expect(describeVerification(result)[0]).toContain('/.well-known/convey-keys.json');
    }
  }));

test('an older key that endorsed the signer’s, through three keys, verifies', async () => {
  const [oldest, older] = [newKey(), newKey()];
  const fingerprints = [oldest, older].map((one) => fingerprintOf(publicKeyOf(one)));
  const endorsements = [endorse(older, fingerprint), endorse(oldest, fingerprints[1]!)];
  const endorsed = manifestOf(key, 'convey.package.v1', contents, endorsements);
  await inPackages(async ({ folder, zip }) => {
    for (const path of [folder, zip]) {
      for (const pinned of [fingerprint, ...fingerprints]) {
        const result = await verifyPackage(path, { keys: [pinned] });
        expect(result).toMatchObject({ ok: true, signed_by: fingerprint, trusted: { fingerprint: pinned } });
      }
    }
  }, endorsed);
});

test('a key that the trust file calls retired vouches for nothing made after that', async () => {
  const old = newKey();
  const oldPrint = fingerprintOf(publicKeyOf(old));
  const listed = (one: KeyObject, createdAt: string, retiredAt?: string) => ({
    fingerprint: fingerprintOf(publicKeyOf(one)),
    public_key: publicKeyOf(one).toString('base64'),
    status: retiredAt === undefined ? 'current' : 'retired',
    created_at: createdAt,
    ...(retiredAt === undefined ? {} : { retired_at: retiredAt }),
  });
  const trust = (...keys: object[]) => JSON.stringify({ keys });
  const before = '2026-01-01T00:00:00.000Z'; // the manifest is of 2026-11-21, 10:05
  await inPackages(async ({ folder }) => {
    const verdict = async (options: VerifyOptions) => {
      const { ok, problems } = await verifyPackage(folder, options);
      return ok ? 'ok' : problems.map(({ code, message }) => `${code}: ${message}`).join();
    };
    const retiredAt = (at: string) => ({ trust: trust(listed(key, before, at)) });
    expect(await verdict(retiredAt('2026-11-22T00:00:00.000Z'))).toBe('ok');
    expect(await verdict(retiredAt('2026-11-20T10:05:00.000Z'))).toBe('ok'); // a day of grace
    const late = await verdict(retiredAt('2026-11-20T10:04:59.000Z'));
    expect(late).toMatch(
      /^untrusted_key: .*was retired at 2026-11-20T10:04:59.000Z.*made at 2026-11-21T10:05/,
    );
    expect(await verdict({ ...retiredAt(before), keys: [fingerprint] })).toContain('was retired');
    await expect(verdict(retiredAt('yesterday'))).rejects.toThrow('retired_at');
  });
  const endorsed = manifestOf(key, 'convey.package.v1', contents, [endorse(old, fingerprint)]);
  await inPackages(async ({ folder }) => {
    const oldKey = listed(old, before, '2026-06-01T00:00:00.000Z');
    const verdict = async (newer: object[]) => verifyPackage(folder, { trust: trust(...newer, oldKey) });
    const successor = { ...listed(key, '2026-06-01T00:00:00.000Z'), status: 'current' };
    expect((await verdict([successor])).ok).toBe(true);
    const unlisted = await verdict([]);
    expect(unlisted).toMatchObject({ ok: false, signed_by: fingerprint, trusted: null });
    expect(unlisted.problems[0]!.message).toContain(`cannot vouch for ${fingerprint}`);
    // Trusted for itself, whoever endorsed it.
    expect((await verdict([listed(key, '2026-07-01T00:00:00.000Z')])).trusted).toMatchObject({ fingerprint });
    expect((await verifyPackage(folder, { keys: [oldPrint] })).ok).toBe(true);
  }, endorsed);
});

test('each kind of file verifies against its receipt, and a zip that was sent at once without being counted', () =>
  inFolder(async (root) => {
    const all = [
      ...contents,
      { name: 'all.zip', bytes: Buffer.from('PK any'), layout: { format: 'zip' as const }, counts: {} },
    ];
    for (const content of all) {
      const path = join(root, content.name);
      await writeFile(path, content.bytes);
      await writeFile(`${path}.json`, sealReceipt(manifestOf(key, 'convey.receipt.v1', [content]), key));
      const result = await verifyFile(path, `${path}.json`, { keys: [fingerprint] });
      expect(result.problems).toEqual([]);
      expect(result).toMatchObject({ ok: true, kind: 'file', name: content.name, counts: content.counts });
    }
  }));

test('stock tools agree: sha256sum, openssl, unzip, Python’s zipfile, and the rules of BagIt', () =>
  inPackages(async ({ folder, zip }) => {
    runProgram(folder, 'sha256sum', '-c', '--strict', 'manifest-sha256.txt', 'tagmanifest-sha256.txt');
    runProgram(
      folder,
      'openssl',
      ...'pkeyutl -verify -pubin -inkey convey-key.pem -rawin -in manifest.json -sigfile manifest.json.sig'.split(
        ' ',
      ),
    );
    runProgram(folder, 'python3', '-c', BAGIT_CHECK);
    runProgram(folder, 'python3', '-c', ZIP_CHECK, zip);
    if (runProgram(folder, 'unzip', '-t', zip) !== undefined) {
      runProgram(folder, 'unzip', '-q', zip, '-d', `${folder}-unzipped`);
      const inside = join(`${folder}-unzipped`, manifest.name);
      expect(await readdir(`${folder}-unzipped`)).toEqual([manifest.name]);
      expect((await verifyPackage(inside, { keys: [fingerprint] })).problems).toEqual([]);
      await rename(inside, `${inside}-renamed`); // the folder's own name is the reader's
      expect((await verifyPackage(`${inside}-renamed`, { keys: [fingerprint] })).ok).toBe(true);
    }
  }));

const ZIP_CHECK = `
import sys, zipfile
with zipfile.ZipFile(sys.argv[1]) as z:
    assert z.testzip() is None
    for i in z.infolist():
        assert i.compress_type == 0 and i.flag_bits == 0x800 and i.external_attr >> 16 == 0o100644, i
        assert i.date_time == (2026, 11, 21, 10, 0, 0) and not i.extra and not i.comment, i
`;

/** RFC 8493 §2 and §3: declaration, payload and tag manifests complete and right, Payload-Oxum. */
const BAGIT_CHECK = `
import hashlib, os
assert open('bagit.txt').read() == 'BagIt-Version: 1.0\\nTag-File-Character-Encoding: UTF-8\\n'
def digests(name):
    rows = [line.rstrip('\\n').split('  ', 1) for line in open(name)]
    assert len({path for _, path in rows}) == len(rows)
    return {path: digest for digest, path in rows}
def below(root):
    return {os.path.join(d, f)[2:] for d, _, fs in os.walk(root) for f in fs}
payload, tags, there = digests('manifest-sha256.txt'), digests('tagmanifest-sha256.txt'), below('.')
assert set(payload) == {f for f in there if f.startswith('data/')}
assert set(tags) == {f for f in there if not f.startswith('data/')} - {'tagmanifest-sha256.txt'}
for path, digest in {**payload, **tags}.items():
    assert hashlib.sha256(open(path, 'rb').read()).hexdigest() == digest, path
info = dict(line.rstrip('\\n').split(': ', 1) for line in open('bag-info.txt'))
assert info['Payload-Oxum'] == f"{sum(os.path.getsize(p) for p in payload)}.{len(payload)}"
assert info['Bagging-Date'] == '2026-11-21'
`;
