import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { filesOf, manifestOf, newKey, writeFiles, zipOf } from '../../src/packages/package.fixture.ts';
import { operator } from '../../src/cli/operator.ts';
import { exportToPackage } from '../../src/exports/keep/export-to-package.ts';
import type { ExportRequest } from '../../src/exports/plan-export.ts';
import { describeChain } from '../../src/verify/describe-chain.ts';
import { describeVerification } from '../../src/verify/describe-verification.ts';
import { seeded } from '../../src/verify/mutants.fixture.ts';
import { verifyChain } from '../../src/verify/verify-chain.ts';
import { verifyFile, verifyPackage } from '../../src/verify/verify-package.ts';
import type { OpenPage } from './support/chromium.ts';
import { openSite, type Site } from './support/site.ts';

// The verifier in the browser says what `convey verify` says, word for word, and asks nobody.

let site: Site;
let folder: string;
let count = 0;

beforeAll(async () => {
  site = await openSite({ conversations: 30 });
  folder = await mkdtemp(join(tmpdir(), 'convey-web-verify-'));
});
afterAll(async () => {
  await site?.close();
  await rm(folder, { recursive: true, force: true });
});

const key = newKey();
const manifest = manifestOf(key);
const fingerprint = manifest.signer.fingerprint;

async function save(name: string, bytes: string | Uint8Array): Promise<string> {
  const path = join(folder, `${++count}`);
  await writeFiles(path, new Map([[name, Buffer.from(bytes)]]));
  return join(path, name);
}

const input = ({ page }: OpenPage, isFolder = false) =>
  page.locator(`input[type=file]${isFolder ? '[webkitdirectory]' : ':not([webkitdirectory])'}`);
const report = ({ page }: OpenPage) => page.locator('pre[lang=en]');

/** Chooses files and gives the report. */
async function verifyIn(open: OpenPage, paths: string | string[], isFolder = false): Promise<string> {
  // So that the report of the one before is not taken for this one's.
  await report(open).evaluateAll((reports) => reports.forEach((one) => one.setAttribute('lang', 'x-before')));
  await input(open, isFolder).setInputFiles(paths);
  await report(open).waitFor();
  return (await report(open).textContent())!;
}

async function trustOnly({ page }: OpenPage, text: string): Promise<void> {
  await page.getByLabel('A key that I name').check();
  await page.getByLabel('Fingerprint or public key').fill(text);
}

test('what this server exported is verified with its own keys, in every format, offline as well', async () => {
  const open = await site.openAs('owner');
  const { page, visit, context } = open;
  const headers = open.person.headers;
  const get = async (path: string) => {
    const reply = await fetch(site.server.url + path, { headers });
    if (!reply.ok) throw new Error(await reply.text());
    return reply;
  };
  const { fingerprint: current } = await site.server.installation.signingKeys.current();
  const saved: string[][] = [];
  for (const [name, path] of [
    ['workspace.json', '/v1/workspace/export?format=json'],
    ['contacts.csv', '/v1/contacts/export?format=csv'],
    ['contacts.ndjson', '/v1/contacts/export?format=ndjson'],
  ] as const) {
    const reply = await get(path);
    const id = reply.headers.get('convey-export-id');
    const file = await save(name, new Uint8Array(await reply.arrayBuffer()));
    await writeFile(`${file}.receipt.json`, await (await get(`/v1/exports/${id}/receipt`)).text());
    saved.push([file, `${file}.receipt.json`]);
  }
  for (const format of ['ndjson', 'csv', 'xlsx', 'html', 'chat-jsonl'] as const) {
    const file = join(folder, `${format}.zip`);
    const keep = { files: format === 'ndjson', partConversations: 10 };
    const request: ExportRequest = { kind: 'conversations', format, keep };
    const scope = { workspaceId: site.workspaceId };
    const signal = AbortSignal.timeout(60_000);
    await exportToPackage(site.server.installation.exports, scope, operator, request, file, { signal });
    saved.push([file]);
  }
  await visit('/verify');
  await page.getByText(current).first().waitFor();
  await open.expectAccessible();
  await open.picture('verify');
  await context.setOffline(true);
  for (const [file = '', receipt] of saved) {
    const keys = { keys: [current] };
    const result =
      receipt === undefined ? await verifyPackage(file, keys) : await verifyFile(file, receipt, keys);
    expect(result).toMatchObject({ ok: true });
    const found = await verifyIn(open, receipt === undefined ? [file] : [file, receipt]);
    expect(found).toBe(describeVerification(result).join('\n').replace('(--key)', '(--trust)'));
    await page.getByText('Whole and unchanged, and signed by a key that you trust').waitFor();
  }
  await open.expectAccessible();
  await open.picture('verify-whole');
  await input(open).setInputFiles(saved[0]![0]!);
  await page.getByText(/workspace\.json is no package\. Add its receipt/).waitFor();
}, 180_000);

describe('packages', () => {
  let open: OpenPage;
  const asked: string[] = [];

  test('a viewer may verify, too', async () => {
    open = await site.openAs('viewer');
    await open.visit('/verify');
    await trustOnly(open, fingerprint);
    await open.page.waitForLoadState('networkidle');
    open.page.on('request', (request) => asked.push(`${request.method()} ${request.url()}`));
  });

  const expectSame = async (path: string, isFolder = false) => {
    const expected = await verifyPackage(path, { keys: [fingerprint] });
    const found = await verifyIn(open, path, isFolder);
    const name = path.split('/').at(-1)!;
    expect(found.replaceAll(name, path), path).toBe(
      describeVerification(expected).join('\n').replaceAll(name, path),
    );
    return expected;
  };

  test('a zip, and the folder it unpacks to', async () => {
    expect(await expectSame(await save('good.zip', zipOf(manifest, key)))).toMatchObject({ ok: true });
    const unpacked = await writeFiles(join(folder, 'unpacked'), filesOf(manifest, key));
    expect(await expectSame(unpacked, true)).toMatchObject({ ok: true, kind: 'folder' });
  });

  test('one bit anywhere, bytes too few or too many: the same words as on the command line', async () => {
    const zip = zipOf(manifest, key);
    const random = seeded(7);
    for (let i = 0; i < 60; i++) {
      const flipped = Buffer.from(zip);
      flipped[random(zip.length)]! ^= 1 << random(8);
      expect((await expectSame(await save('flipped.zip', flipped))).ok).toBe(false);
    }
    for (const length of [0, 3, 40, 2000, zip.length - 1])
      expect((await expectSame(await save('cut.zip', zip.subarray(0, length)))).ok).toBe(false);
    expect((await expectSame(await save('more.zip', Buffer.concat([zip, Buffer.from('x')])))).ok).toBe(false);
    const files = filesOf(manifest, key);
    files.delete(manifest.parts[0]!.name);
    files.set('data/extra.txt', Buffer.from('extra'));
    expect((await expectSame(await writeFiles(join(folder, 'missing'), files), true)).ok).toBe(false);
    await open.page.getByText('Not verified').waitFor();
    await open.picture('verify-not');
  });

  test('several packages are looked at as a chain', async () => {
    const paths = [
      await save('monday.zip', zipOf(manifest, key)),
      await save('tuesday.zip', zipOf(manifest, key)),
    ];
    const expected = await verifyChain(paths, { keys: [fingerprint], isUnordered: true });
    expect(await verifyIn(open, paths)).toBe(describeChain(expected).join('\n'));
  });

  test('a key that is not the signer’s, and a text that is no key', async () => {
    const path = await save('good.zip', zipOf(manifest, key));
    const other = `sha256:${'0'.repeat(64)}`;
    await trustOnly(open, other);
    const expected = await verifyPackage(path, { keys: [other] });
    expect(await verifyIn(open, path)).toBe(describeVerification(expected).join('\n'));
    await trustOnly(open, 'nonsense');
    await input(open).setInputFiles(path);
    await open.page.getByText(/A key is neither “sha256:” with 64 hexadecimal digits nor/).waitFor();
    await open.expectAccessible();
  });

  test('nothing was asked of any server meanwhile', () => {
    expect(asked.filter((one) => !one.includes('/v1/notices'))).toEqual([]);
  });
});
