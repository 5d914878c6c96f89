import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  type Verification,
  verifyFile,
  verifyPackage,
  type VerifyOptions,
} from '../../src/verify/verify-package.ts';
import { plantRecords } from '../support/plant-records.ts';
import { createTestDatabase, type TestDatabase } from '../support/test-database.ts';
import { startTestServer, type TestServer } from '../support/test-server.ts';

// What a real server hands out, checked by the verifier that whoever receives it has.

const run = promisify(execFile);
const single = fileURLToPath(new URL('../../verifier/convey-verify.mjs', import.meta.url));

let db: TestDatabase;
let server: TestServer;
let folder: string;
let acme: Record<string, string>;
let nasty: Record<string, string>;
let saved = 0;

beforeAll(async () => {
  db = await createTestDatabase();
  server = await startTestServer(db.database, { CONVEY_PART_CONVERSATIONS: '7' });
  folder = await mkdtemp(join(tmpdir(), 'convey-verify-'));
  const acmeId = await db.createWorkspace('acme');
  await plantRecords(db, acmeId, { conversations: 30, messagesEach: 20 });
  acme = await server.authorize(acmeId, ['ingest', 'export:create']);
  await ingest(acme, [
    { type: 'file', id: 'f3', kind: 'attachment', name: 'a.txt', conversation_id: 'v3', contact_id: 'c3' },
    { type: 'file', id: 'f4', kind: 'attachment', name: 'b.txt', conversation_id: 'v4' },
    { type: 'file', id: 'f5', kind: 'attachment', name: 'never sent', conversation_id: 'v3' },
  ]);
  await upload(acme, 'f3', Buffer.alloc(300_000, 'abc\r\n"'));
  await upload(acme, 'f4', Buffer.alloc(0));
  nasty = await server.authorize(await db.createWorkspace('nasty'), ['ingest', 'export:create']);
  await ingestNasty();
});
afterAll(async () => {
  await server.stop();
  await db.drop();
  await rm(folder, { recursive: true });
});

async function ingest(headers: Record<string, string>, records: object[]): Promise<void> {
  const reply = await fetch(`${server.url}/v1/ingest`, {
    method: 'POST',
    headers: { ...headers, 'content-type': 'application/x-ndjson' },
    body: records.map((record) => `${JSON.stringify(record)}\n`).join(''),
  });
  expect(await reply.json()).toMatchObject({ accepted: { inserted: records.length }, rejected_count: 0 });
}

async function upload(headers: Record<string, string>, id: string, body: Buffer): Promise<void> {
  const { status } = await fetch(`${server.url}/v1/files/${id}/content`, { method: 'PUT', headers, body });
  expect(status).toBeLessThan(300);
}

const TEXTS = [
  'quotes "a" \'b\' ""c"" ""',
  'one\r\ntwo\nthree\rfour\u2028five\u2029six\r\n',
  String.raw`\u0000 \n \\ \" \. \N \x41 \ `,
  '{"id":"x","messages":[{"id":1}],"complete":true}],"counts":{}}',
  '{"_end":true,"records":1,"sha256":"0"}\n{"type":"message"}',
  '\ufeffa mark, \u202e right to left, 👩‍👩‍👧 and \u{10ffff}',
  '\u0001\u0008\u001f\u007f,;\t=1+1',
  '',
  'ä"\n\\,'.repeat(500_000), // 3 MB
];
const METADATA = {
  'back\\slash': 1,
  'quote"': { '\\"': ['\\', '"', '\n'] },
  'line\nbreak': null,
  messages: [1, 2, 3],
  '': '',
  __proto__x: {},
  type: 'head',
  'escape \\u0000': '\\u0000',
};

async function ingestNasty(): Promise<void> {
  const at = (index: number) => new Date(Date.UTC(2026, 0, 1, 0, 0, index)).toISOString();
  await ingest(
    nasty,
    TEXTS.flatMap((body, index) => {
      const id = `v ${index}/"\\'{}`;
      const short = body.slice(0, 200);
      const contact = { type: 'contact', id: `c${index}`, kind: 'customer', name: short, notes: short };
      return [
        { ...contact, metadata: METADATA, email: `u${index}@example.com`, [`unknown "${index}\\`]: short },
        {
          type: 'conversation',
          id,
          contact_id: `c${index}`,
          channel: 'chat',
          subject: short,
          created_at: at(index),
        },
        { type: 'message', id: `m${index}`, conversation_id: id, role: 'user', body, created_at: at(index) },
      ];
    }),
  );
}

const get = (headers: Record<string, string>, path: string) => fetch(server.url + path, { headers });
const textOf = async (path: string) => (await get({}, path)).text();
const trustFile = () => textOf('/.well-known/convey-keys.json');
const currentKey = async () => (await server.installation.signingKeys.current()).fingerprint;
const codesOf = ({ problems }: Verification) => [...new Set(problems.map(({ code }) => code))];

async function save(name: string, content: Uint8Array | string): Promise<string> {
  const path = join(folder, `${++saved}-${name}`);
  await writeFile(path, content);
  return path;
}

/** A kept export as zip and as the folder that unzip makes of it. */
async function fetchPackage(headers: Record<string, string>, body: object) {
  const reply = await fetch(`${server.url}/v1/exports`, {
    method: 'POST',
    headers: { ...headers, 'content-type': 'application/json', prefer: 'wait=60' },
    body: JSON.stringify(body),
  });
  const told = (await reply.json()) as { status: string; counts: Record<string, number>; package: string };
  expect(told.status, JSON.stringify(told)).toBe('ready');
  const zip = await save(
    'package.zip',
    new Uint8Array(await (await get(headers, told.package)).arrayBuffer()),
  );
  const unpacked = zip.replace('.zip', '');
  await run('unzip', ['-q', zip, '-d', unpacked]);
  const [base] = await readdir(unpacked);
  return { zip, bag: join(unpacked, base!), counts: told.counts };
}

/** An export that is sent at once, and its receipt. */
async function fetchFile(headers: Record<string, string>, path: string) {
  const reply = await get(headers, path);
  expect(reply.status).toBe(200);
  const body = new Uint8Array(await reply.arrayBuffer());
  const [, link] = /^<(.+)>; rel="describedby"$/.exec(reply.headers.get('link')!)!;
  expect(link).toBe(`/v1/exports/${reply.headers.get('convey-export-id')}/receipt`);
  const receipt = await (await get(headers, link!)).text();
  return { body, file: await save('file', body), receipt: await save('receipt.json', receipt) };
}

/** Right with each kind of pin, and in everything but the key without one. */
async function expectVerified(
  verify: (options: VerifyOptions) => Promise<Verification>,
  counts?: Record<string, number>,
): Promise<Verification> {
  const fingerprint = await currentKey();
  const unpinned = await verify({});
  expect(unpinned).toMatchObject({ ok: false, signed_by: fingerprint, trusted: null });
  expect(codesOf(unpinned)).toEqual(['untrusted_key']);
  const trusting = await verify({ trust: await trustFile() });
  expect(trusting).toMatchObject({ ok: true, problems: [], trusted: { by: '--trust', fingerprint } });
  const pinned = await verify({ keys: [fingerprint] });
  expect(pinned).toMatchObject({ ok: true, problems: [], trusted: { by: '--key', fingerprint } });
  // Rows of messages: the API also tells how many conversations they are of; the package tells its rows alone.
  if (counts !== undefined) {
    const { conversations: _, ...others } = counts;
    expect(pinned.counts).toEqual(Object.keys(pinned.counts).join() === 'messages' ? others : counts);
  }
  return pinned;
}

const ORDERS = [
  { kind: 'workspace', format: 'ndjson' },
  { kind: 'workspace', format: 'json' },
  { kind: 'workspace', format: 'csv' },
  { kind: 'contacts', format: 'ndjson' },
  { kind: 'contacts', format: 'json' },
  { kind: 'contacts', format: 'csv' },
  { kind: 'contacts', format: 'csv', profile: 'spreadsheet' },
  { kind: 'conversations', format: 'ndjson' },
  { kind: 'conversations', format: 'json' },
  { kind: 'conversations', format: 'csv' },
  { kind: 'conversations', format: 'csv', mode: 'messages', profile: 'spreadsheet' },
];
const ROUTES = [
  ...['json', 'ndjson', 'csv', 'csv&profile=spreadsheet'].flatMap((format) => [
    `/v1/workspace/export?format=${format}`,
    `/v1/contacts/export?format=${format}`,
    `/v1/conversations/export?format=${format}`,
  ]),
  '/v1/conversations/export?format=csv&mode=messages',
  '/v1/conversations/export?format=csv&mode=messages&profile=spreadsheet',
];
const ONES = (conversation: string, contact: string) => ({
  orders: ['json', 'csv'].flatMap((format) => [
    { kind: 'conversation', format, id: conversation },
    { kind: 'contact', format, id: contact },
    { kind: 'contact', format, id: contact, for: 'subject' },
  ]),
  routes: ['json', 'csv'].flatMap((format) => [
    `/v1/conversations/${encodeURIComponent(conversation)}/export?format=${format}`,
    `/v1/contacts/${encodeURIComponent(contact)}/export?format=${format}`,
    `/v1/contacts/${encodeURIComponent(contact)}/export?format=${format}&profile=subject`,
  ]),
});
/** Contacts hold no files: an order for their contents is refused. */
const withFiles = <Order extends { kind: string }>(order: Order): Order & { files?: true } =>
  order.kind === 'contacts' ? order : { ...order, files: true };
const ofAcme = ONES('v3', 'c3');
const ofNasty = ONES(`v 8/"\\'{}`, 'c4');

describe('a kept export verifies, as zip and as folder', () => {
  test.each([...ORDERS, ...ofAcme.orders].flatMap((order) => [order, withFiles(order)]))(
    '%j',
    async (order) => {
      const { zip, bag, counts } = await fetchPackage(acme, order);
      const asZip = await expectVerified((options) => verifyPackage(zip, options), counts);
      const asFolder = await expectVerified((options) => verifyPackage(bag, options), counts);
      expect(asFolder).toEqual({ ...asZip, kind: 'folder' });
      const hasFiles = 'files' in order;
      // The subject’s own file and the workspace’s two; the one that was never sent is told.
      const expected = !hasFiles ? 0 : order.kind === 'workspace' || order.kind === 'conversations' ? 2 : 1;
      expect(asZip.files).toBe(expected);
      expect(asZip.missing_files.length > 0).toBe(hasFiles);
    },
  );

  test.each([...ORDERS, ...ofNasty.orders])('of nasty texts: %j', async (order) => {
    const { zip, bag, counts } = await fetchPackage(nasty, withFiles(order));
    await expectVerified((options) => verifyPackage(zip, options), counts);
    await expectVerified((options) => verifyPackage(bag, options), counts);
  });

  test('and one changed byte of a part, in either, does not', async () => {
    const { zip, bag } = await fetchPackage(acme, { kind: 'conversations', format: 'ndjson' });
    const options = { keys: [await currentKey()] };
    const [part] = await readdir(join(bag, 'data'));
    for (const path of [zip, join(bag, 'data', part!)]) {
      const content = await readFile(path);
      const at = content.indexOf('Message 7 of') + 'Message '.length;
      content.write('8', at);
      await writeFile(path, content);
    }
    expect(codesOf(await verifyPackage(zip, options))).toContain('file_changed');
    // The last line of NDJSON does not agree any more, either.
    expect(codesOf(await verifyPackage(bag, options))).toEqual(['file_changed', 'records_malformed']);
  });
});

describe('an export that was sent at once verifies by its receipt', () => {
  test.each([...ROUTES, ...ofAcme.routes])('%s', async (path) => {
    const { file, receipt } = await fetchFile(acme, path);
    const { counts } = await expectVerified((options) => verifyFile(file, receipt, options));
    const isZip = path.startsWith('/v1/workspace/export?format=csv'); // only digested
    expect(Object.keys(counts).length > 0).toBe(!isZip);
  });

  test.each([...ROUTES, ...ofNasty.routes])('of nasty texts: %s', async (path) => {
    const { file, receipt } = await fetchFile(nasty, path);
    await expectVerified((options) => verifyFile(file, receipt, options));
  });

  test('but not with one byte changed, added or cut off', async () => {
    const { body, receipt } = await fetchFile(acme, '/v1/conversations/export?format=csv&mode=messages');
    const options = { keys: [await currentKey()] };
    const changed = Uint8Array.from(body);
    changed[body.length >> 1]! ^= 1;
    for (const bytes of [changed, body.subarray(0, -1), Buffer.concat([body, Buffer.from('\n')])]) {
      const result = await verifyFile(await save('changed', bytes), receipt, options);
      expect(result.ok).toBe(false);
      expect(codesOf(result)).toContain('file_changed');
    }
  });

  test('but not by the receipt of an earlier one, once the data has changed', async () => {
    const path = '/v1/contacts/export?format=csv';
    const earlier = await fetchFile(acme, path);
    await ingest(acme, [{ type: 'contact', id: 'late', kind: 'customer', email: 'late@example.com' }]);
    const later = await fetchFile(acme, path);
    const options = { keys: [await currentKey()] };
    expect((await verifyFile(later.file, later.receipt, options)).ok).toBe(true);
    const stale = await verifyFile(later.file, earlier.receipt, options);
    expect(stale.ok).toBe(false);
    expect(codesOf(stale)).toEqual(expect.arrayContaining(['file_changed', 'records_miscounted']));
  });
});

test('the single file, in a process of its own, says the same', async () => {
  const { zip, bag } = await fetchPackage(acme, { kind: 'workspace', format: 'ndjson', files: true });
  const sent = await fetchFile(acme, '/v1/workspace/export?format=json');
  const trust = await save('convey-keys.json', await trustFile());
  const cases = [[zip], [bag], [sent.file, '--receipt', sent.receipt]];
  const pins = [
    ['--trust', trust],
    ['--key', await currentKey()],
    ['--key', join(bag, 'convey-key.pem')],
  ];
  for (const given of cases) {
    for (const pin of pins) {
      const { stdout } = await run(process.execPath, [single, ...given, ...pin]);
      expect(stdout).toMatch(/^complete: /);
      expect(stdout).toContain(`signed by ${await currentKey()}, which you trust`);
    }
    await expect(run(process.execPath, [single, ...given])).rejects.toMatchObject({
      code: 1,
      stdout: expect.stringContaining('Untrusted key'),
    });
  }
});

// Last: these change the server’s key.
describe('after a rotation of the signing key', () => {
  test('an old pin verifies what the new key signs, through the endorsement', async () => {
    const old = await currentKey();
    await server.installation.signingKeys.rotate({ isCompromised: false });
    const between = await currentKey();
    await server.installation.signingKeys.rotate({ isCompromised: false });
    expect(new Set([old, between, await currentKey()]).size).toBe(3);
    const { zip } = await fetchPackage(acme, { kind: 'contacts', format: 'csv' });
    const { file, receipt } = await fetchFile(acme, '/v1/contacts/export');
    for (const verify of [
      (options: VerifyOptions) => verifyPackage(zip, options),
      (options: VerifyOptions) => verifyFile(file, receipt, options),
    ]) {
      await expectVerified(verify);
      for (const fingerprint of [old, between]) {
        const result = await verify({ keys: [fingerprint] });
        expect(result).toMatchObject({ ok: true, trusted: { by: '--key', fingerprint } });
      }
    }
  });

  test('as compromised, the old pin verifies nothing new, and the new list trusts nothing old', async () => {
    const old = await currentKey();
    const before = await fetchPackage(acme, { kind: 'contacts', format: 'json' });
    const oldTrust = await trustFile();
    await server.installation.signingKeys.rotate({ isCompromised: true });
    const after = await fetchPackage(acme, { kind: 'contacts', format: 'json' });
    await expectVerified((options) => verifyPackage(after.zip, options));
    for (const pin of [{ keys: [old] }, { trust: oldTrust }]) {
      const result = await verifyPackage(after.zip, pin);
      expect(result.ok).toBe(false);
      expect(codesOf(result)).toEqual(['untrusted_key']);
    }
    const distrusted = await verifyPackage(before.zip, { trust: await trustFile() });
    expect(distrusted.ok).toBe(false);
    expect(codesOf(distrusted)).toEqual(['untrusted_key']);
  });
});
