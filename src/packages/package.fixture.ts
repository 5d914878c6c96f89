import { createHash, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { crc32 } from 'node:zlib';
import { layOutPackage } from './lay-out-package.ts';
import { sliceLayout } from './lay-out-zip.ts';
import type { Counts, Manifest, PackagedFile, Part, PartLayout } from './manifest.ts';
import { sealManifest } from './seal-manifest.ts';
import { type Endorsement, fingerprintOf, publicKeyOf } from './signatures.ts';
import { tagFilesOf } from './tag-files.ts';

/** Small packages for tests, made by the functions the server uses. */

export const newKey = (): KeyObject => generateKeyPairSync('ed25519').privateKey;

export type Files = Map<string, Buffer>;

const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

const digests = (bytes: Buffer) => ({
  bytes: bytes.length,
  sha256: sha256(bytes),
  crc32: crc32(bytes).toString(16).padStart(8, '0'),
});

export function ndjson(lines: readonly object[]): Buffer {
  const body = lines.map((line) => `${JSON.stringify(line)}\n`).join('');
  return Buffer.from(
    `${body}{"_end":true,"records":${lines.length},"sha256":"${sha256(Buffer.from(body))}"}\n`,
  );
}

export interface Content {
  name: string;
  bytes: Buffer;
  layout: PartLayout;
  counts: Counts;
  media_type?: string;
}

const conversation = (n: number, messages: number) => ({
  type: 'conversation',
  id: `c${n}`,
  labels: ['a', 'b'],
  'tricky"}],\\': '}]"\\"[{',
  metadata: { messages: [1, 2, 3], type: 'message', deep: [[[{ messages: [] }]]] },
  messages: Array.from({ length: messages }, (_, i) => ({
    id: `m${n}-${i}`,
    text: 'zeilen\n"…"] 日本語',
    messages: [1],
  })),
});

const lists = { messages: 'messages' };

/** A part of every layout, with texts that mislead whoever counts carelessly. */
export const contents: readonly Content[] = [
  {
    name: 'conversations.part001.ndjson',
    bytes: ndjson([
      { type: 'head', product: 'x' },
      conversation(1, 3),
      conversation(2, 0),
      conversation(3, 2),
    ]),
    layout: { format: 'ndjson', types: { conversation: { dataset: 'conversations', lists } } },
    counts: { conversations: 3, messages: 5 },
  },
  {
    name: 'flat.part002.ndjson',
    bytes: ndjson([
      { type: 'conversation', id: 'c4', messages_of: [1] },
      { type: 'message', id: 'm1', text: '"type":"conversation"' },
      { type: 'message', id: 'm2', metadata: { type: 'conversation' } },
    ]),
    layout: {
      format: 'ndjson',
      types: {
        conversation: { dataset: 'conversations', lists: {} },
        message: { dataset: 'messages', lists: {} },
      },
    },
    counts: { conversations: 1, messages: 2 },
  },
  {
    name: 'array.json',
    bytes: Buffer.from(
      `[\n${[conversation(5, 1), { ...conversation(6, 0), messages: null }].map((c) => JSON.stringify(c)).join(',\n')}\n]\n`,
    ),
    layout: { format: 'json', array: { dataset: 'conversations', lists } },
    counts: { conversations: 2, messages: 1 },
  },
  {
    name: 'document.json',
    bytes: Buffer.from(
      `{"product":{"counts":{},"complete":false},\n"workspace":${JSON.stringify({ name: 'x', labels: [1, 2] })},\n"nobody":null,\n` +
        `"conversations":[\n${JSON.stringify(conversation(7, 2))}\n],\n"tickets":[],\n` +
        `"counts":{"conversations":1,"messages":2,"tickets":0,"workspaces":1},"complete":true}\n`,
    ),
    layout: {
      format: 'json',
      sections: {
        workspace: { dataset: 'workspaces', lists: {} },
        nobody: { dataset: 'workspaces', lists: {} },
        conversations: { dataset: 'conversations', lists },
        tickets: { dataset: 'tickets', lists: {} },
      },
    },
    counts: { conversations: 1, messages: 2, tickets: 0, workspaces: 1 },
  },
  {
    name: 'contacts.csv',
    bytes: Buffer.from('\uFEFF"id","name"\r\n"1","line\r\nbreak, ""quoted""\r\n"\r\n"2",""\r\n,\r\n'),
    layout: { format: 'csv', dataset: 'contacts' },
    counts: { contacts: 3 },
  },
];

export const attachments: readonly { name: string; bytes: Buffer }[] = [
  { name: 'fil_1.png', bytes: Buffer.from(Array.from({ length: 3000 }, (_, i) => (i * i) % 251)) },
  { name: 'fil_2', bytes: Buffer.alloc(0) },
];

export function signerOf(key: KeyObject, endorsements: Endorsement[] = []): Manifest['signer'] {
  const publicKey = publicKeyOf(key);
  return {
    algorithm: 'Ed25519',
    fingerprint: fingerprintOf(publicKey),
    public_key: publicKey.toString('base64'),
    endorsements,
  };
}

export function sumOf(parts: readonly { counts: Counts }[]): Counts {
  const sums: Counts = {};
  for (const { counts } of parts)
    for (const [name, count] of Object.entries(counts)) sums[name] = (sums[name] ?? 0) + count;
  return sums;
}

/** The manifest of a package (or, with one content and no files, of a receipt). */
export function manifestOf(
  key: KeyObject,
  type: Manifest['type'] = 'convey.package.v1',
  parts: readonly Content[] = contents,
  endorsements: Endorsement[] = [],
): Manifest {
  const isPackage = type === 'convey.package.v1';
  const stated = parts.map(
    ({ name, bytes, layout, counts, media_type }, index): Part => ({
      name: isPackage ? `data/${name}` : name,
      part: index + 1,
      media_type: media_type ?? 'application/octet-stream',
      ...digests(bytes),
      layout,
      counts,
    }),
  );
  const files = attachments.map(
    ({ name, bytes }): PackagedFile => ({
      name: `data/files/${name}`,
      ref: name.slice(0, 5),
      ...digests(bytes),
    }),
  );
  return {
    type,
    name: 'convey-workspace-acme-2026-11-21',
    export: { id: 'exp_1', kind: 'workspace', format: 'ndjson', requested_at: '2026-11-21T09:59:00.000Z' },
    product: 'convey',
    workspace: { id: 'wsp_1', slug: 'acme', name: 'Acme “日本”' },
    snapshot_at: '2026-11-21T10:00:01.234Z',
    created_at: '2026-11-21T10:05:00.000Z',
    filter: {},
    fields: null,
    audience: { internal: true },
    counts: sumOf(stated),
    parts: stated,
    files: isPackage ? files : [],
    missing_files: isPackage ? [{ ref: 'fil_9', reason: 'was never stored' }] : [],
    left_out: isPackage ? [{ what: 'API keys', why: 'they are secrets' }] : [],
    redactions: [],
    signer: signerOf(key, endorsements),
    software: { name: 'convey', version: '0.1.0' },
  };
}

export function payloadOf(parts: readonly Content[] = contents): Buffer[] {
  return [...parts, ...attachments].map(({ bytes }) => bytes);
}

/** Every file of the package in the zip's order, by its name in the folder. */
export function filesOf(manifest: Manifest, key: KeyObject, payload: readonly Buffer[] = payloadOf()): Files {
  const { manifestBytes, signature } = sealManifest(manifest, key);
  const files: Files = new Map(
    tagFilesOf(manifest, manifestBytes, signature).map(({ name, bytes }) => [name, bytes]),
  );
  for (const [index, { name }] of [...manifest.parts, ...manifest.files].entries())
    files.set(name, payload[index] as Buffer);
  return files;
}

/** The bytes of the zip, put together as the server does. */
export function zipOf(manifest: Manifest, key: KeyObject, payload: readonly Buffer[] = payloadOf()): Buffer {
  const { manifestBytes, signature } = sealManifest(manifest, key);
  const tagFiles = tagFilesOf(manifest, manifestBytes, signature);
  const layout = layOutPackage(manifest, tagFiles);
  const entries = [...tagFiles.map(({ bytes }) => bytes), ...payload];
  const pieces = [...sliceLayout(layout, 0, layout.totalBytes)].map((piece) =>
    'bytes' in piece ? piece.bytes : (entries[piece.entry] as Buffer).subarray(piece.from, piece.to),
  );
  return Buffer.concat(pieces);
}

/** Runs `work` with a folder that is gone afterwards. */
export async function inFolder<T>(work: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'convey-package-'));
  try {
    return await work(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

export async function writeFiles(folder: string, files: Files): Promise<string> {
  for (const [name, bytes] of files) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), bytes);
  }
  return folder;
}
