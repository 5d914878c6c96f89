import { mkdir, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Manifest } from '../packages/manifest.ts';
import {
  attachments,
  type Content,
  contents,
  type Files,
  filesOf,
  inFolder,
  manifestOf,
  ndjson,
  newKey,
  payloadOf,
  signerOf,
  writeFiles,
  zipOf,
} from '../packages/package.fixture.ts';
import { signBytes, endorse } from '../packages/sign.ts';
import { fingerprintOf, publicKeyOf } from '../packages/signatures.ts';
import { tagFilesOf } from '../packages/tag-files.ts';
import { expectCaught } from './mutants.fixture.ts';
import { describeVerification } from './describe-verification.ts';
import { verifyPackage } from './verify-package.ts';

const key = newKey();
const manifest = manifestOf(key);
const options = { keys: [manifest.signer.fingerprint] };
const good = filesOf(manifest, key);
const nameOfPart = (index: number) => manifest.parts[index]!.name;

const verifyFiles = (files: Files) =>
  inFolder(async (folder) => await verifyPackage(await writeFiles(folder, files), options));

const verifyBytes = (zip: Buffer) =>
  inFolder(async (folder) => {
    await writeFile(join(folder, 'p.zip'), zip);
    return await verifyPackage(join(folder, 'p.zip'), options);
  });

/** Verifies a manifest and payload, well put together, in both forms. */
async function expectBothCaught(
  m: Manifest,
  signer: typeof key,
  payload: readonly Buffer[],
  ...codes: string[]
) {
  expectCaught(await verifyFiles(filesOf(m, signer, payload)), 'folder', ...codes);
  expectCaught(await verifyBytes(zipOf(m, signer, payload)), 'zip', ...codes);
}

const changed = (change: (m: Manifest) => void): Manifest => {
  const copy = structuredClone(manifest);
  change(copy);
  return copy;
};
const withContent = (index: number, content: Partial<Content>): Content[] =>
  contents.map((one, at) => (at === index ? { ...one, ...content } : one));

describe('files', () => {
  test.each([...good.keys()])(
    '%s dropped, renamed, truncated, extended or emptied is caught',
    async (name) => {
      const bytes = good.get(name)!;
      const without = new Map([...good].filter(([other]) => other !== name));
      expectCaught(await verifyFiles(without), 'dropped', 'file_missing', 'not_a_package');
      const renamed = await verifyFiles(new Map([...without, [`${name}x`, bytes]]));
      expectCaught(renamed, 'renamed', 'file_renamed', 'file_missing', 'not_a_package');
      if (name.startsWith('data/') && bytes.length > 0)
        expect(describeVerification(renamed)[0]).toContain(`it was renamed to ${name}x`);
      const variants = [
        Buffer.concat([bytes, Buffer.from('\n')]),
        ...(bytes.length > 0 ? [bytes.subarray(0, -1), Buffer.alloc(0)] : []),
      ];
      for (const variant of variants)
        expectCaught(await verifyFiles(new Map([...good, [name, variant]])), name);
    },
  );

  test('anything that is added is caught, wherever it lies', async () => {
    for (const name of [
      'x',
      'data/x',
      'data/files/x',
      'fetch.txt',
      '.hidden',
      'data/new/x',
      'Manifest.json2',
    ])
      expectCaught(await verifyFiles(new Map([...good, [name, Buffer.from('x')]])), name, 'file_extra');
    await inFolder(async (folder) => {
      await writeFiles(folder, good);
      await mkdir(join(folder, 'data/empty'));
      expectCaught(await verifyPackage(folder, options), 'empty folder', 'file_extra');
    });
  });

  test('two files with each other’s contents, or names, are caught in both forms', async () => {
    const all = [...manifest.parts, ...manifest.files];
    for (let i = 0; i < all.length; i++) {
      const j = (i + 1) % all.length;
      const swapped = new Map(good);
      swapped.set(all[i]!.name, good.get(all[j]!.name)!).set(all[j]!.name, good.get(all[i]!.name)!);
      expectCaught(await verifyFiles(swapped), 'contents', 'file_changed');
      const payload = payloadOf();
      [payload[i], payload[j]] = [payload[j]!, payload[i]!];
      expectCaught(await verifyBytes(zipOf(manifest, key, payload)), 'contents in a zip');
      const names = changed((m) => {
        const [a, b] = [[...m.parts, ...m.files][i]!, [...m.parts, ...m.files][j]!];
        [a.name, b.name] = [b.name, a.name];
      });
      const signedByAnother = newKey();
      names.signer = signerOf(signedByAnother);
      await expectBothCaught(names, signedByAnother, payloadOf(), 'untrusted_key');
    }
  });

  test('a link or a pipe in the place of a file or folder is refused and never followed', () =>
    inFolder(async (root) => {
      const [folder, elsewhere] = [join(root, 'bag'), join(root, 'elsewhere')];
      await writeFiles(elsewhere, good);
      for (const name of [...good.keys(), 'data', 'data/files']) {
        await rm(folder, { recursive: true, force: true });
        await writeFiles(folder, good);
        await rm(join(folder, name), { recursive: true });
        await symlink(join(elsewhere, name), join(folder, name));
        expectCaught(await verifyPackage(folder, options), name, 'file_kind', 'not_a_package');
      }
      await rm(join(folder, 'data/files'));
      await rename(join(elsewhere, 'data/files'), join(folder, 'data/files'));
      expect((await verifyPackage(folder, options)).problems).toEqual([]);
      await rm(join(folder, nameOfPart(0)));
      expect(spawnSync('mkfifo', [join(folder, nameOfPart(0))]).status).toBe(0);
      expectCaught(await verifyPackage(folder, options), 'pipe', 'file_kind');
    }));
});

describe('manifests', () => {
  const edits: [string, (m: Manifest) => void][] = [
    ['a lower count', (m) => void ((m.counts['messages']! -= 1), (m.parts[0]!.counts['messages']! -= 1))],
    ['another snapshot', (m) => void (m.snapshot_at = '2026-11-20T10:00:00.000Z')],
    ['a part dropped', (m) => void (delete m.counts['contacts'], m.parts.pop())],
    ['a missing file hidden', (m) => void (m.missing_files = [])],
    ['another workspace', (m) => void (m.workspace.name = 'Other')],
    [
      'an endorsement put in',
      (m) => void m.signer.endorsements.push(endorse(newKey(), m.signer.fingerprint)),
    ],
  ];
  test.each(edits)('%s, without a signature of its own or by another key, is caught', async (_, edit) => {
    const edited = changed(edit);
    const { signature } = { signature: good.get('manifest.json.sig')! };
    const stale = filesOf(edited, key);
    stale.set('manifest.json.sig', signature);
    for (const { name, bytes } of tagFilesOf(edited, stale.get('manifest.json')!, signature))
      stale.set(name, bytes);
    expectCaught(await verifyFiles(stale), 'old signature', 'signature_invalid');
    const other = newKey();
    await expectBothCaught(
      changed((m) => (edit(m), (m.signer = signerOf(other)))),
      other,
      payloadOf(),
      'untrusted_key',
    );
    // Signed by the other key, while the first is still named.
    await expectBothCaught(edited, other, payloadOf(), 'signature_invalid');
  });

  test('a whole package signed anew by a fresh key is an untrusted key, and nothing else is wrong', async () => {
    const other = newKey();
    const forged = manifestOf(other);
    for (const result of [await verifyFiles(filesOf(forged, other)), await verifyBytes(zipOf(forged, other))])
      expect(result.problems.map(({ code }) => code)).toEqual(['untrusted_key']);
  });

  test('counts that are not the data’s are caught even if the right key signed them', async () => {
    for (const [index, { counts }] of contents.entries()) {
      for (const name of Object.keys(counts)) {
        for (const by of [1, -1]) {
          if (counts[name]! + by < 0) continue;
          const lying = manifestOf(
            key,
            'convey.package.v1',
            withContent(index, { counts: { ...counts, [name]: counts[name]! + by } }),
          );
          await expectBothCaught(lying, key, payloadOf(), 'records_miscounted', 'records_malformed');
        }
      }
    }
  });

  test('data with a record less, end line and all digests made anew, is caught without the key', async () => {
    const lines = contents[0]!.bytes.toString().trim().split('\n').slice(0, -1);
    const shorter = ndjson(lines.slice(0, -1).map((line) => JSON.parse(line) as object));
    const files = new Map([...good, [nameOfPart(0), shorter]]);
    expectCaught(await verifyFiles(files), 'digest', 'file_changed');
    expectCaught(await verifyFiles(files), 'count', 'records_miscounted');
    const lying = manifestOf(key, 'convey.package.v1', withContent(0, { bytes: shorter }));
    await expectBothCaught(lying, key, payloadOf(withContent(0, { bytes: shorter })), 'records_miscounted');
  });

  test('an end line that does not agree is caught even if the right key signed it', async () => {
    const text = contents[1]!.bytes.toString();
    const wrong = [
      text.replace('"records":3', '"records":4'),
      text.replace(/"sha256":"./, '"sha256":"!'),
      text.replace(/\{"_end.*\n/, ''),
      text.replace(/\n$/, ''),
      text + text.slice(text.indexOf('{"_end')),
      text.replace('{"_end":true', '{"_end": true'),
      `${text}{"type":"message"}\n`,
    ];
    for (const bytes of wrong.map((one) => Buffer.from(one))) {
      expect(bytes.equals(contents[1]!.bytes)).toBe(false);
      const parts = withContent(1, { bytes });
      await expectBothCaught(
        manifestOf(key, 'convey.package.v1', parts),
        key,
        payloadOf(parts),
        'records_malformed',
      );
    }
  });

  test('JSON and CSV that are not what their layout says are caught even if the right key signed them', async () => {
    const [array, document, csv] = [2, 3, 4].map((index) => contents[index]!.bytes.toString()) as [
      string,
      string,
      string,
    ];
    const wrong: [number, string][] = [
      [2, array.slice(0, -3)],
      [2, array.replace('[\n', '[\n5,')],
      [2, `${array}[]`],
      [2, array.replace('"messages":null', '"messages":{}')],
      [2, array.replace('"id":', '"id":1,"id":')],
      [3, document.replace('"complete":true', '"complete":false')],
      [3, document.replace(',"complete":true', '')],
      [3, document.replace('"messages":2,"tickets"', '"messages":3,"tickets"')],
      [3, document.replace('"tickets":[],\n', '')],
      [3, document.replace('"tickets":[],\n', '"tickets":[],"tickets":[],\n')],
      [3, document.slice(0, -2)],
      [4, csv.replace(/\r\n$/, '')],
      [4, csv.replace('"1"', '"1"x')],
      [4, csv.replace(/,\r\n$/, ',,\r\n')],
      [4, csv.replace('"\r\n"1', '"\n"1')],
      [4, '\uFEFF'],
    ];
    for (const [index, text] of wrong) {
      const parts = withContent(index, { bytes: Buffer.from(text) });
      expect(parts[index]!.bytes.equals(contents[index]!.bytes)).toBe(false);
      const m = manifestOf(key, 'convey.package.v1', parts);
      await expectBothCaught(m, key, payloadOf(parts), 'records_malformed');
    }
  });

  test('a key twice, white space and another order are not canonical, even if the right key signed them', async () => {
    const text = good.get('manifest.json')!.toString();
    const [first] = /"audience":\{[^}]*\},/.exec(text)!;
    const wrong = [
      text.replace(first, first + first),
      `${text}\n`,
      text.replace('{', '{ '),
      `{"workspace":${JSON.stringify(manifest.workspace)},${text.slice(1)}`,
      text.replace('"counts"', '"cou\\u006ets"'),
      text.replace('"part":1', '"part":1.0'),
      `\uFEFF${text}`,
    ];
    for (const one of wrong) {
      const bytes = Buffer.from(one);
      const signature = signBytes(bytes, key);
      const files = new Map(good);
      for (const { name, bytes: tag } of tagFilesOf(manifest, bytes, signature)) files.set(name, tag);
      expectCaught(
        await verifyFiles(files),
        one.slice(0, 80),
        'manifest_not_canonical',
        'manifest_malformed',
      );
    }
  });
});

test('endorsements that are broken, of another key, stripped or in another order do not make a key trusted', async () => {
  const [oldest, older, stranger] = [newKey(), newKey(), newKey()];
  const print = (one: typeof key) => fingerprintOf(publicKeyOf(one));
  const [first, second] = [endorse(older, print(key)), endorse(oldest, print(older))];
  const broken = { ...second, signature: first.signature };
  const chains = [
    [],
    [first],
    [second],
    [second, first],
    [first, broken],
    [first, { ...second, by: print(stranger) }],
    [first, { ...endorse(stranger, print(older)), by: print(oldest) }],
    [first, { ...endorse(stranger, print(older)), by: print(oldest), public_key: second.public_key }],
    [endorse(stranger, print(key)), second],
    [first, endorse(oldest, print(key))],
  ];
  for (const chain of chains) {
    const m = manifestOf(key, 'convey.package.v1', contents, chain);
    const pinned = { keys: [print(oldest)] };
    await inFolder(async (folder) => {
      expectCaught(
        await verifyPackage(await writeFiles(folder, filesOf(m, key)), pinned),
        'chain',
        'untrusted_key',
      );
    });
  }
});

describe('zips', () => {
  test('bytes before, behind or between, and a cut anywhere, are caught', async () => {
    const zip = zipOf(manifest, key);
    const x = Buffer.from('x');
    expectCaught(await verifyBytes(Buffer.concat([x, zip])), 'before', 'not_a_package');
    expectCaught(await verifyBytes(Buffer.concat([zip, x])), 'behind', 'zip_size');
    for (const at of [1, 500, 3000, 8000, zip.length - 30])
      expectCaught(await verifyBytes(Buffer.concat([zip.subarray(0, at), x, zip.subarray(at)])), `at ${at}`);
    for (let length = 0; length < zip.length; length += 97)
      expectCaught(await verifyBytes(zip.subarray(0, length)), `cut to ${length}`);
    expectCaught(await verifyBytes(zip.subarray(0, -1)), 'cut', 'zip_size');
  });

  test('entries in another order, or one twice, are caught', async () => {
    const m = changed((one) => void (one.files = one.files.toReversed()));
    expectCaught(await verifyBytes(zipOf(m, key, payloadOf())), 'order', 'file_changed');
    const twice = Buffer.concat([zipOf(manifest, key), zipOf(manifest, key)]);
    expectCaught(await verifyBytes(twice), 'twice', 'zip_size');
  });

  test('a zip that was packed again says so, and its folder verifies', () =>
    inFolder(async (root) => {
      const { status } = spawnSync('zip', ['-v'], { stdio: 'ignore' });
      if (status !== 0) return void process.stderr.write('NOT CHECKED: zip is not installed here.\n');
      await writeFiles(join(root, manifest.name), good);
      const names = [...good.keys()].map((name) => `${manifest.name}/${name}`);
      const ways = [
        ['-r', 'a.zip', manifest.name],
        ['-X', 'b.zip', ...names],
        ['-0', '-X', 'c.zip', ...names],
      ];
      for (const [index, args] of ways.entries()) {
        expect(spawnSync('zip', ['-q', ...args], { cwd: root }).status).toBe(0);
        const result = await verifyPackage(join(root, `${'abc'[index]}.zip`), options);
        expectCaught(result, 'packed again', 'zip_packed_again');
        expect(describeVerification(result).join()).toContain('unpack it and verify the folder');
      }
      expect((await verifyPackage(join(root, manifest.name), options)).ok).toBe(true);
    }));

  test('an empty file must be the empty file: its digest is checked though no byte of it is read', async () => {
    const m = changed((one) => void (one.files[1]!.sha256 = '0'.repeat(64)));
    expect(attachments[1]!.bytes.length).toBe(0);
    await expectBothCaught(m, key, payloadOf(), 'file_changed');
  });
});

test('a zip that was cut within its first files is called cut off, at every length', () =>
  inFolder(async (folder) => {
    const path = join(folder, 'p.zip');
    const whole = zipOf(manifest, key);
    const start = whole.indexOf('convey-key.pem') - 30;
    for (let length = 1; length < start; length += length < 400 ? 1 : 97) {
      await writeFile(path, whole.subarray(0, length));
      const { problems } = await verifyPackage(path, { keys: [manifest.signer.fingerprint] });
      expect(
        problems.map(({ code }) => code),
        `${length} bytes`,
      ).toEqual(['zip_size']);
      expect(problems[0]!.message).toContain('cut off');
    }
  }));
