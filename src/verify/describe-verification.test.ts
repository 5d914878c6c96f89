import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Manifest } from '../packages/manifest.ts';
import {
  type Content,
  contents,
  inFolder,
  manifestOf,
  newKey,
  payloadOf,
  zipOf,
} from '../packages/package.fixture.ts';
import { sealReceipt } from '../packages/seal-manifest.ts';
import { describeVerification } from './describe-verification.ts';
import { type Verification, verifyFile, verifyPackage } from './verify-package.ts';

const key = newKey();
const good = manifestOf(key);
const options = { keys: [good.signer.fingerprint] };

/** What is said of a package with this manifest. */
const saidOf = (
  change: Partial<Manifest>,
  parts: readonly Content[] = contents,
): Promise<{ text: string; result: Verification }> =>
  inFolder(async (folder) => {
    const path = join(folder, 'p.zip');
    await writeFile(
      path,
      zipOf({ ...manifestOf(key, 'convey.package.v1', parts), ...change }, key, payloadOf(parts)),
    );
    const result = await verifyPackage(path, options);
    expect(result.problems).toEqual([]);
    return { result, text: describeVerification(result).join('\n') };
  });
const exportOf = (kind: string, format = 'ndjson', more: object = {}) => ({
  export: { ...good.export, kind, format, ...more },
});

test('a whole workspace is everything of it; a filter, an audience, CSV or no notes are said and never “everything”', async () => {
  expect((await saidOf({})).text).toMatch(/^complete: everything of acme\n/);
  const cases: [Partial<Manifest>, string][] = [
    [exportOf('conversations'), 'all conversations of acme'],
    [
      { ...exportOf('conversations'), filter: { status: ['resolved'] } },
      'conversations of acme where status is resolved',
    ],
    [
      {
        ...exportOf('conversations'),
        filter: { tag: ['vip', 'eu'], channel: ['email', 'chat'], since: '2026-01-01' },
      },
      'conversations of acme where channel is email or chat and it began at or after 2026-01-01 and tag is vip and eu',
    ],
    [
      { ...exportOf('conversation'), filter: { ids: ['cnv_1'] } },
      'one conversation of acme where id is cnv_1',
    ],
    [
      { ...exportOf('contact'), filter: { contact_id: 'ctc_1' } },
      'one person of acme where contact is ctc_1',
    ],
    [
      { audience: { internal: true, audiences: ['b2b'] } },
      'the workspace in part of acme, only of audience b2b',
    ],
    [{ audience: { internal: true, audiences: [] } }, 'the workspace in part of acme, of no audience'],
    [
      { audience: { internal: false, audiences: null } },
      'the workspace in part of acme, without internal notes and events',
    ],
    [exportOf('workspace', 'csv'), 'contacts and conversations as tables of acme'],
    [exportOf('workspace', 'xlsx'), 'contacts, conversations and messages as tables of acme'],
    [
      exportOf('conversations', 'xlsx', { mode: 'conversations' }),
      'all conversations of acme, one row per conversation',
    ],
    [exportOf('conversations', 'chat-jsonl'), 'all conversations of acme, roles and texts alone'],
    [
      exportOf('conversations', 'csv', { mode: 'messages' }),
      'all conversations of acme, one row per message',
    ],
    [
      { ...exportOf('constructor'), filter: { __proto__: null, toString: [1] } as never },
      'constructor of acme where toString is 1',
    ],
  ];
  for (const [change, said] of cases) {
    const { text } = await saidOf(change);
    expect(text.split('\n')[0]).toBe(`complete: ${said}`);
    expect(text).not.toMatch(/everything/i);
  }
});

test('the times, the name and the filter are in the result for programs', async () => {
  const filter = { status: ['resolved'] };
  const { result, text } = await saidOf({ ...exportOf('conversations'), filter });
  expect(result).toMatchObject({
    name: good.name,
    filter,
    workspace: good.workspace,
    audience: { internal: true },
    export: { kind: 'conversations', requested_at: good.export.requested_at },
    snapshot_at: good.snapshot_at,
    is_counted: true,
  });
  expect(text).toContain(good.name);
  expect(text).toContain(`requested ${good.export.requested_at}; snapshot ${good.snapshot_at}`);
});

test('a filter too long for a sentence is cut, with the signer still told', async () => {
  const ids = Array.from({ length: 3000 }, (_, index) => `cnv_${index}`);
  const { text } = await saidOf({
    ...exportOf('conversations'),
    filter: { ids, email: 'x'.repeat(5000), tag: ['y'.repeat(5000), 'z'.repeat(500)] },
  });
  expect(text).toContain('the contact’s email is xxx');
  expect(text).toContain('its manifest has it whole');
  expect(text).toContain('which you trust (--key)');
});

test('one record is one record, and the contents of files are told apart from files', async () => {
  const csv = contents[4]!;
  const one = {
    ...csv,
    bytes: Buffer.from('"id"\r\n"1"\r\n'),
    counts: { citations: 1 },
    layout: { format: 'csv' as const, dataset: 'citations' },
  };
  const { text } = await saidOf({}, [one]);
  expect(text).toContain('\n  1 citation; in 1 part with the contents of 2 files\n');
});

test('of a zip in which nothing is counted it says that it is intact, never complete', () =>
  inFolder(async (folder) => {
    const content: Content = {
      name: 'all.zip',
      bytes: Buffer.from('PK any'),
      layout: { format: 'zip' },
      counts: {},
    };
    const [path, receipt] = [join(folder, 'all.zip'), join(folder, 'r.json')];
    await writeFile(path, content.bytes);
    await writeFile(receipt, sealReceipt(manifestOf(key, 'convey.receipt.v1', [content]), key));
    const result = await verifyFile(path, receipt, options);
    expect(result).toMatchObject({ ok: true, is_counted: false });
    const text = describeVerification(result).join('\n');
    expect(text).toMatch(/^intact: nothing in it is counted; everything of acme\n/);
    expect(text).not.toContain('complete');
  }));

test('of an anonymised export it says what was replaced how often, and what that cannot promise; of another, nothing', async () => {
  const { text } = await saidOf({
    anonymized: 'Names are replaced. That none is left is not promised.',
    redactions: [{ path: 'messages.body', reason: 'name', count: 1200 }],
  });
  expect(text).toContain('\nanonymized: Names are replaced. That none is left is not promised.\n');
  expect(text).toContain('\nreplaced:\n  messages.body: name, 1,200 times');
  expect((await saidOf({})).text).not.toMatch(/anonymized|replaced/);
});
