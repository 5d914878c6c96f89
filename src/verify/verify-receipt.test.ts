import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { contents, inFolder, manifestOf, ndjson, newKey, signerOf } from '../packages/package.fixture.ts';
import type { Manifest } from '../packages/manifest.ts';
import { sealReceipt } from '../packages/seal-manifest.ts';
import { expectCaught } from './mutants.fixture.ts';
import { verifyFile } from './verify-package.ts';

const key = newKey();
const content = contents[1]!;
const manifest = manifestOf(key, 'convey.receipt.v1', [content]);
const receipt = sealReceipt(manifest, key);

const verify = (file: Buffer, receiptBytes: Buffer) =>
  inFolder(async (folder) => {
    const [path, receiptPath] = [join(folder, content.name), join(folder, 'r.json')];
    await writeFile(path, file);
    await writeFile(receiptPath, receiptBytes);
    return await verifyFile(path, receiptPath, { keys: [manifest.signer.fingerprint] });
  });

test('a flipped bit anywhere in file or receipt is caught', async () => {
  expect((await verify(content.bytes, receipt)).problems).toEqual([]);
  for (const [index, target] of [content.bytes, receipt].entries()) {
    for (let at = 0; at < target.length; at++) {
      const bytes = Buffer.from(target);
      bytes[at]! ^= 1 << (at % 8);
      expectCaught(await (index === 0 ? verify(bytes, receipt) : verify(content.bytes, bytes)), `byte ${at}`);
    }
  }
});

test('the receipt of an earlier export of the same name, or of another file, is caught', async () => {
  const earlier = {
    ...content,
    bytes: ndjson([{ type: 'message', id: 'm0' }]),
    counts: { conversations: 0, messages: 1 },
  };
  expectCaught(
    await verify(content.bytes, sealReceipt(manifestOf(key, 'convey.receipt.v1', [earlier]), key)),
    'stale',
    'file_changed',
  );
  expectCaught(
    await verify(content.bytes, sealReceipt(manifestOf(key, 'convey.receipt.v1', [contents[0]!]), key)),
    'other',
    'file_changed',
  );
});

test('a receipt by another key, or a package’s manifest in its place, is caught', async () => {
  const other = newKey();
  const forged = sealReceipt({ ...manifest, signer: signerOf(other) }, other);
  expect((await verify(content.bytes, forged)).problems.map(({ code }) => code)).toEqual(['untrusted_key']);
  expectCaught(await verify(content.bytes, sealReceipt(manifest, other)), 'signature', 'signature_invalid');
  const wrong: Manifest[] = [
    manifestOf(key),
    { ...manifest, parts: [], counts: {} },
    { ...manifest, files: manifestOf(key).files },
    { ...manifest, type: 'convey.package.v1' },
  ];
  for (const one of wrong)
    expectCaught(await verify(content.bytes, sealReceipt(one, key)), 'type', 'manifest_malformed');
});

test('a signature written in other Base64, and a receipt in other JSON, are caught', async () => {
  const text = receipt.toString();
  const { signature } = JSON.parse(text) as { signature: string };
  const last = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
  const other = last[last.indexOf(signature.at(-3)!) ^ 1]!; // only bits that decode to nothing differ
  const signatures = [
    `${signature.slice(0, -3)}${other}==`,
    signature.replace(/=+$/, ''),
    `${signature}=`,
    ` ${signature}`,
    `${signature}\\n`,
    `${signature.slice(0, 10)}!${signature.slice(10)}`,
    signature.replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, ''),
  ];
  for (const one of signatures)
    expectCaught(await verify(content.bytes, Buffer.from(text.replace(signature, one))), one);
  const texts = [
    text.slice(0, -1),
    `${text}\n`,
    text.replace('{', '{ '),
    text.replace('"signature"', '"signature":"","signature"'),
    text.replace(',"signature"', ',"more":1,"signature"'),
    text.replace(/"signature".*/, '"signature":null}'),
    JSON.stringify({ signature, manifest: JSON.parse(text).manifest as unknown }),
    '[]',
    'null',
    '1',
    '',
    '{}',
    '[['.repeat(5000),
  ];
  for (const one of texts)
    expectCaught(
      await verify(content.bytes, Buffer.from(one)),
      one.slice(0, 40),
      'receipt_malformed',
      'manifest_not_canonical',
    );
});
