import { createHash, generateKeyPairSync, randomBytes, sign } from 'node:crypto';
import { crc32 as nodeCrc32, constants, deflateRawSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { publicKeyOf } from '../../../../src/packages/signatures.ts';
import { BrowserBuffer } from './bytes.ts';
import { checkSignature } from './check-signature.ts';
import { crc32 } from './crc-32.ts';
import { InflateError } from './huffman.ts';
import { Inflate } from './inflate.ts';
import { open, readdir, setFiles, stat } from './node-fs-promises.ts';
import { createPublicKey } from './node-crypto.ts';
import { Sha256 } from './sha-256.ts';

// What stands for Node in the browser says what Node says.

const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');
const nodeHash = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

/** The same numbers in every run. */
function* numbers(seed: number): Generator<number, never> {
  for (let state = seed; ; ) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    yield state;
  }
}

describe('SHA-256', () => {
  test('of every length around the blocks', () => {
    for (let length = 0; length <= 300; length++) {
      const bytes = randomBytes(length);
      expect(hex(new Sha256().update(bytes).digest()), String(length)).toBe(nodeHash(bytes));
    }
  });

  test('in pieces, and continued in two ways', () => {
    const bytes = randomBytes(100_000);
    const random = numbers(1);
    const hash = new Sha256();
    for (let at = 0; at < bytes.length; ) {
      const length = random.next().value % 200;
      hash.update(bytes.subarray(at, at + length));
      at += length;
    }
    const copy = hash.copy().update(Buffer.from('more'));
    expect(hex(hash.digest())).toBe(nodeHash(bytes));
    expect(hex(copy.digest())).toBe(nodeHash(Buffer.concat([bytes, Buffer.from('more')])));
  });

  test('of more than 2³² bits', () => {
    const block = Buffer.alloc(1 << 20, 7);
    const hash = new Sha256();
    const node = createHash('sha256');
    for (let i = 0; i < 520; i++) {
      hash.update(block);
      node.update(block);
    }
    expect(hex(hash.digest())).toBe(node.digest('hex'));
  });
});

test('CRC-32, continued', () => {
  const bytes = randomBytes(10_000);
  expect(crc32(bytes.subarray(5000), crc32(bytes.subarray(0, 5000)))).toBe(nodeCrc32(bytes));
});

describe('inflate', () => {
  const texts = {
    nothing: Buffer.alloc(0),
    short: Buffer.from('abc'),
    repeated: Buffer.alloc(300_000, 'abcabcabd'),
    zeros: Buffer.alloc(1_000_000),
    random: randomBytes(200_000),
    words: Buffer.from(Array.from({ length: 30_000 }, (_none, n) => `word ${(n * 7919) % 1013} `).join('')),
  };
  const ways = {
    usual: {},
    best: { level: 9 },
    fast: { level: 1 },
    stored: { level: 0 },
    fixed: { strategy: constants.Z_FIXED },
    huffman: { strategy: constants.Z_HUFFMAN_ONLY },
  };
  for (const [name, text] of Object.entries(texts)) {
    for (const [way, options] of Object.entries(ways)) {
      test(`${name}, ${way}, in pieces, with what follows left alone`, () => {
        const packed = deflateRawSync(text, options);
        const behind = Buffer.from('what follows');
        const all = Buffer.concat([packed, behind]);
        const random = numbers(text.length + 1);
        for (const most of [all.length, 1000, 3]) {
          if (most === 3 && all.length > 50_000) continue;
          const out: Buffer[] = [];
          const inflate = new Inflate((bytes) => out.push(Buffer.from(bytes)));
          let at = 0;
          while (!inflate.isDone && at < all.length)
            at += inflate.push(
              all.subarray(at, at + (most === all.length ? most : 1 + (random.next().value % most))),
            );
          expect(inflate.isDone).toBe(true);
          expect(at).toBe(packed.length);
          expect(Buffer.concat(out).equals(text)).toBe(true);
        }
      });
    }
  }

  test('what is damaged is an error or other bytes, never another kind of failure', () => {
    const packed = deflateRawSync(texts.words.subarray(0, 20_000));
    const random = numbers(5);
    for (let i = 0; i < 2000; i++) {
      const damaged = Buffer.from(packed);
      damaged[random.next().value % damaged.length]! ^= 1 << (random.next().value % 8);
      try {
        new Inflate(() => {}).push(damaged);
      } catch (error) {
        expect(error).toBeInstanceOf(InflateError);
      }
    }
  });
});

describe('bytes', () => {
  const bytes = Buffer.from('PK\u0003\u0004 Grüße 漢字 \ufeff end, <article <article end', 'utf8');
  const ours = BrowserBuffer.from(bytes);
  test('texts', () => {
    for (const encoding of ['utf8', 'latin1', 'hex', 'base64'] as const)
      for (const [start, end] of [
        [0, bytes.length],
        [3, 20],
        [7, 8],
      ] as const)
        expect(ours.toString(encoding, start, end)).toBe(bytes.toString(encoding, start, end));
    expect(BrowserBuffer.from([0xff, 0xfe, 0x41]).toString()).toBe(
      Buffer.from([0xff, 0xfe, 0x41]).toString(),
    );
    for (const text of ['aGVsbG8=', 'aGVsbG8', 'a GVs\nbG8=', 'a-_/', '=x', 'x'])
      expect(hex(BrowserBuffer.from(text, 'base64')), text).toBe(Buffer.from(text, 'base64').toString('hex'));
  });
  test('search, numbers, comparison', () => {
    for (const what of ['<article ', 'nothing', 0x20, Buffer.from('end')])
      for (const from of [0, 10, 40]) expect(ours.indexOf(what, from)).toBe(bytes.indexOf(what, from));
    const lines = 'a\nb\nc\n';
    expect(BrowserBuffer.from(lines).lastIndexOf('\n', -2)).toBe(Buffer.from(lines).lastIndexOf('\n', -2));
    expect(ours.subarray(2, 9).readUInt32LE(1)).toBe(bytes.subarray(2, 9).readUInt32LE(1));
    expect(ours.readBigUInt64LE(3)).toBe(bytes.readBigUInt64LE(3));
    expect(ours.equals(bytes)).toBe(true);
    expect(ours.subarray(1).equals(bytes)).toBe(false);
    const made = BrowserBuffer.alloc(14);
    const wanted = Buffer.alloc(14);
    for (const one of [made, wanted]) {
      one.writeUInt16LE(0xfedc, 0);
      one.writeUInt32LE(0xfedcba98, 2);
      one.writeBigUInt64LE(0xfedcba9876543210n, 6);
    }
    expect(hex(made)).toBe(wanted.toString('hex'));
    expect(() => made.readUInt32LE(12)).toThrow(RangeError);
  });
});

test('signatures', async () => {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  const text = Buffer.from('signed');
  const signature = sign(null, text, privateKey);
  const key = publicKeyOf(publicKey);
  expect(await checkSignature(text, signature, key)).toBe(true);
  expect(await checkSignature(Buffer.from('other'), signature, key)).toBe(false);
  expect(await checkSignature(text, signature.subarray(1), key)).toBe(false);
  expect(await checkSignature(text, signature, key.subarray(1))).toBe(false);
  const pem = publicKey.export({ type: 'spki', format: 'pem' }) as string;
  expect(hex(createPublicKey(pem).export())).toBe(key.toString('hex'));
});

test('files that were dropped', async () => {
  setFiles([
    ['bag/manifest.json', new Blob(['{}'])],
    ['bag/data/a.ndjson', new Blob(['0123456789'])],
  ]);
  expect((await stat('bag')).isDirectory()).toBe(true);
  expect((await readdir('bag')).map(({ name, isFile }) => [name, isFile()])).toEqual([
    ['manifest.json', true],
    ['data', false],
  ]);
  const file = await open('bag/data/a.ndjson');
  const into = new Uint8Array(4);
  expect(await file.read(into, 0, 4, 8)).toEqual({ bytesRead: 2 });
  expect(hex(into)).toBe(Buffer.from('89\0\0').toString('hex'));
  await expect(open('bag/none')).rejects.toMatchObject({ code: 'ENOENT' });
});
