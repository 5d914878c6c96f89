import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { copyFile, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import {
  contents,
  filesOf,
  inFolder,
  manifestOf,
  newKey,
  signerOf,
  writeFiles,
  zipOf,
} from '../packages/package.fixture.ts';
import { sealReceipt } from '../packages/seal-manifest.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const single = join(root, 'verifier', 'convey-verify.mjs');
const key = newKey();
const manifest = manifestOf(key);
const { fingerprint } = manifest.signer;

function run(program: string, args: readonly string[], cwd: string) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [program, ...args], {
    cwd,
    encoding: 'utf8',
    env: { PATH: process.env['PATH'] ?? '' },
  });
  return { status, stdout, stderr };
}

test('the single file is what its sources make, imports nothing but Node, and reaches no network', async () => {
  const text = await readFile(single, 'utf8');
  await inFolder(async (folder) => {
    const again = join(folder, 'again.mjs');
    const build = run(join(root, 'scripts/build-verifier.mjs'), [again], root);
    expect(build.status, build.stderr).toBe(0);
    expect(await readFile(again, 'utf8'), 'verifier/convey-verify.mjs is stale: npm run generate').toBe(text);
  });
  const imported = [...text.matchAll(/from '([^']+)'|import\('/g)].map(([, name]) => name);
  expect(new Set(imported)).toEqual(
    new Set([
      'node:crypto',
      'node:events',
      'node:fs',
      'node:fs/promises',
      'node:path',
      'node:util',
      'node:zlib',
    ]),
  );
  expect(text).not.toMatch(/\b(?:fetch|writeFile|mkdir|unlink|spawn|eval|Function)\(/);
});

test('the single file tells its version, holds nothing that signs, and ends quietly when its reader leaves', async () => {
  const { version } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as { version: string };
  expect(run(single, ['--version'], root)).toEqual({
    status: 0,
    stdout: `convey-verify ${version}\n`,
    stderr: '',
  });
  expect(await readFile(single, 'utf8')).not.toMatch(/signBytes|endorse\(|src\/parse-json/);
  for (const program of [single, join(root, 'bin/convey.js')]) {
    const args = program === single ? ['--help'] : ['verify', 'nowhere.zip'];
    // The reader is gone before anything is written.
    const child = spawn(process.execPath, [program, ...args], {
      env: { PATH: process.env['PATH'] },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    child.stdout.destroy();
    let stderr = '';
    child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
    await once(child, 'close');
    expect(stderr.replace(/^npm warn.*$/m, '')).toBe('');
  }
});

test(
  'the single file and the command give the same verdicts, output and exit codes',
  { timeout: 300_000 },
  () =>
    inFolder(async (folder) => {
      // Far from any package.json or node_modules, as its users have it.
      await copyFile(single, join(folder, 'convey-verify.mjs'));
      await writeFiles(join(folder, 'bag'), filesOf(manifest, key));
      const zip = zipOf(manifest, key);
      const flipped = Buffer.from(zip);
      flipped[zip.length - 40]! ^= 1;
      const other = newKey();
      const lying = manifestOf(
        key,
        'convey.package.v1',
        contents.map((one, i) => (i === 0 ? { ...one, counts: { conversations: 3, messages: 4 } } : one)),
      );
      const files: [string, Buffer][] = [
        ['good.zip', zip],
        ['flipped.zip', flipped],
        ['short.zip', zip.subarray(0, -1)],
        ['long.zip', Buffer.concat([zip, zip])],
        ['cut.zip', zip.subarray(0, 100)],
        ['noise.zip', Buffer.from('PK\x03\x04 and so on')],
        ['fresh.zip', zipOf({ ...manifest, signer: signerOf(other) }, other)],
        ['unsigned.zip', zipOf(manifest, other)],
        ['lying.zip', zipOf(lying, key)],
        ['contacts.csv', contents[4]!.bytes],
        ['contacts.csv.receipt.json', sealReceipt(manifestOf(key, 'convey.receipt.v1', [contents[4]!]), key)],
        ['renamed.csv', contents[4]!.bytes],
        ['changed.csv', Buffer.from('id\r\n')],
        [
          'keys.json',
          Buffer.from(
            JSON.stringify({
              keys: [{ fingerprint, public_key: manifest.signer.public_key, status: 'current' }],
            }),
          ),
        ],
      ];
      for (const [name, bytes] of files) await writeFile(join(folder, name), bytes);
      await mkdir(join(folder, 'empty'));
      const missing = await writeFiles(join(folder, 'missing'), filesOf(manifest, key));
      await rm(join(missing, manifest.parts[0]!.name));
      const runs: [number, string[]][] = [
        [0, ['good.zip', '--key', fingerprint]],
        [0, ['bag', '--key', 'bag/convey-key.pem']],
        [0, ['bag', '--trust', 'keys.json', '--json']],
        [0, ['contacts.csv', '--key', fingerprint]],
        [0, ['renamed.csv', '--receipt', 'contacts.csv.receipt.json', '--key', fingerprint]],
        [0, ['good.zip', '--key', `sha256:${'0'.repeat(64)}`, '--key', fingerprint, '--quiet']],
        [1, ['good.zip']],
        [1, ['good.zip', '--key', `sha256:${'0'.repeat(64)}`]],
        ...files.slice(1, 9).map(([name]): [number, string[]] => [1, [name, '--key', fingerprint]]),
        [1, ['missing', '--key', fingerprint, '--json']],
        [1, ['empty', '--key', fingerprint]],
        [1, ['nowhere.zip', '--key', fingerprint]],
        [1, ['changed.csv', '--receipt', 'contacts.csv.receipt.json', '--key', fingerprint]],
        [1, ['renamed.csv', '--key', fingerprint]],
        [2, ['good.zip', '--key', 'nowhere.pem']],
        [2, ['good.zip', '--trust', 'contacts.csv']],
        [2, []],
        [2, ['good.zip', '--nonsense']],
      ];
      for (const [status, args] of runs) {
        const alone = run('convey-verify.mjs', args, folder);
        expect(alone, args.join(' ')).toMatchObject({ status });
        expect(alone.stderr).not.toMatch(/\n\s+at /);
        if (status < 2) expect(alone.stderr).toBe('');
        const command = run(join(root, 'bin/convey.js'), ['verify', ...args], folder);
        expect(command, args.join(' ')).toMatchObject({ status });
        expect(command.stdout, args.join(' ')).toBe(alone.stdout);
      }
    }),
);
