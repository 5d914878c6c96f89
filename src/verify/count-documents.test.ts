import { createHash } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { createZipWriter } from '../formats/zip.ts';
import { memorySink } from '../formats/rows.fixture.ts';
import {
  type Content,
  filesOf,
  inFolder,
  manifestOf,
  newKey,
  payloadOf,
  writeFiles,
  zipOf,
} from '../packages/package.fixture.ts';
import type { PartLayout } from '../packages/manifest.ts';
import { sealReceipt } from '../packages/seal-manifest.ts';
import { describeVerification } from './describe-verification.ts';
import { expectCaught } from './mutants.fixture.ts';
import { type Verification, verifyFile, verifyPackage } from './verify-package.ts';

// The manifest of each mutant is signed over the mutant: what is wrong shows itself inside the part alone.

const key = newKey();
const options = { keys: [manifestOf(key).signer.fingerprint] };
const sha256 = (bytes: Uint8Array | string) => createHash('sha256').update(bytes).digest('hex');
const html = (...messages: string[]) =>
  Buffer.from(
    `<!doctype html>\n<html>${messages.map((text) => `<li><article data-message="1">${text}</article>`).join('')}</html>\n`,
  );

type Entries = [name: string, bytes: Buffer][];
type Line = Record<string, unknown>;

const documents: Entries = [
  ['conversations/000001.html', html('a', 'b', '&lt;article ')],
  ['conversations/000002.html', html('c')],
  ['conversations/000003.pdf', Buffer.from('%PDF-1.7\nx\n%%EOF\n')],
  ['index.html', html()],
  ['contact.json', Buffer.from('{}')],
];
const COUNTS = [
  { conversations: 1, messages: 2, replies: 1 },
  { conversations: 1, messages: 1 },
  { conversations: 1, messages: 7 },
  {},
  {},
];
const TYPES = ['document', 'document', 'document', 'page', 'data'];
const DATASETS = ['conversations', 'messages', 'replies'];
const TOTALS = { conversations: 3, messages: 10, replies: 1 };

const linesOf = (entries: Entries): Line[] =>
  entries.map(([name, bytes], index) => ({
    type: TYPES[index],
    name,
    bytes: bytes.length,
    sha256: sha256(bytes),
    counts: COUNTS[index],
  }));

function listOf(lines: readonly Line[]): Buffer {
  const body = lines.map((line) => `${JSON.stringify(line)}\n`).join('');
  return Buffer.from(`${body}{"_end":true,"records":${lines.length},"sha256":"${sha256(body)}"}\n`);
}

async function archiveOf(entries: Entries, list: Buffer | undefined): Promise<Buffer> {
  const sink = memorySink();
  const zip = createZipWriter(sink, { mtime: new Date(0) });
  for (const [name, bytes] of [
    ...entries,
    ...(list === undefined ? [] : [['documents.ndjson', list] as const]),
  ]) {
    const entry = await zip.entry(name);
    await entry.write(bytes);
    await entry.close();
  }
  await zip.close();
  return sink.bytes();
}

const partOf = (bytes: Buffer, layout: PartLayout, counts: Record<string, number>): Content => ({
  name: 'convey-conversations-acme.zip',
  bytes,
  layout,
  counts,
});

async function verifyBoth(content: Content): Promise<Verification[]> {
  const manifest = manifestOf(key, 'convey.package.v1', [content]);
  return inFolder(async (folder) => {
    const zip = join(folder, 'p.zip');
    await writeFile(zip, zipOf(manifest, key, payloadOf([content])));
    const bag = await writeFiles(join(folder, 'bag'), filesOf(manifest, key, payloadOf([content])));
    return [await verifyPackage(zip, options), await verifyPackage(bag, options)];
  });
}

const archivePart = async (
  entries: Entries,
  list: Buffer | undefined,
  counts: Record<string, number> = TOTALS,
) => partOf(await archiveOf(entries, list), { format: 'documents', archive: DATASETS }, counts);

async function expectMutant(why: string, content: Content, ...codes: string[]): Promise<void> {
  for (const result of await verifyBoth(content)) expectCaught(result, why, ...codes);
}

test('an archive of documents verifies as zip and folder, and says what is not counted', async () => {
  for (const result of await verifyBoth(await archivePart(documents, listOf(linesOf(documents))))) {
    expect(result.problems).toEqual([]);
    expect(result).toMatchObject({ ok: true, is_counted: true, counts: TOTALS });
  }
  const [result] = await verifyBoth(await archivePart(documents, listOf(linesOf(documents))));
  const asPdf = { ...result!, export: { ...result!.export!, kind: 'conversations', format: 'pdf' } };
  expect(describeVerification(asPdf).join('\n')).toContain('stated by their list, not counted');
});

test('a file that could not be put in is told by the list and misses nowhere', async () => {
  const lines = [...linesOf(documents), { type: 'missing_file', file_id: 'f1', reason: 'gone' }];
  for (const result of await verifyBoth(await archivePart(documents, listOf(lines))))
    expect(result.ok).toBe(true);
});

describe('caught, though the part’s own digest and the signature hold', () => {
  const lines = linesOf(documents);
  const changeLine = (index: number, change: Line) =>
    listOf(lines.map((line, at) => (at === index ? { ...line, ...change } : line)));

  test.each(documents.map(([name], index) => [name, index] as const))('%s dropped', async (_, index) => {
    await expectMutant(
      'dropped',
      await archivePart(documents.toSpliced(index, 1), listOf(lines)),
      'records_malformed',
    );
    const unlisted = await archivePart(documents, listOf(lines.toSpliced(index, 1)));
    await expectMutant('not listed', unlisted, 'records_malformed');
  });

  test.each(documents.map(([name], index) => [name, index] as const))('%s changed', async (name, index) => {
    const bytes = Buffer.from(documents[index]![1]);
    bytes[bytes.length >> 1]! ^= 1;
    const entries = documents.toSpliced(index, 1, [name, bytes]);
    await expectMutant('changed', await archivePart(entries, listOf(lines)), 'records_malformed');
  });

  test('one added, twice, behind the list, or under a name that leads elsewhere', async () => {
    const added: Entries = [...documents, ['conversations/000004.html', html('d')]];
    await expectMutant('added', await archivePart(added, listOf(lines)), 'records_malformed');
    const twice: Entries = [...documents, documents[0]!];
    await expectMutant('twice', await archivePart(twice, listOf(lines)), 'records_malformed');
    const behind: Entries = [...documents, ['documents.ndjson', listOf(lines)], ['x.html', html()]];
    await expectMutant('behind', await archivePart(behind, undefined), 'records_malformed');
    const hidden: Entries = [['.hidden', html()], ...documents];
    await expectMutant('name', await archivePart(hidden, listOf(lines)), 'records_malformed');
  });

  test('documents.ndjson edited, cut, extended or not there', async () => {
    const list = listOf(lines);
    for (const edited of [
      list.subarray(0, -1),
      list.subarray(0, list.lastIndexOf('\n', -2) + 1),
      Buffer.concat([list, Buffer.from('{}\n')]),
      Buffer.from(list.toString().replace('000001', '000009')),
      Buffer.from(list.toString().replace('"messages":7', '"messages":8')),
      Buffer.from('[]\n'),
      Buffer.alloc(0),
    ])
      await expectMutant('edited', await archivePart(documents, edited), 'records_malformed');
    await expectMutant('missing', await archivePart(documents, undefined), 'records_malformed');
  });

  test('counts that do not add up to the part’s, are no numbers, or are of other datasets', async () => {
    const list = listOf(lines);
    const wrong = await archivePart(documents, list, { ...TOTALS, messages: 11 });
    await expectMutant('sum', wrong, 'records_miscounted');
    // A PDF’s messages cannot be counted anew, but their sum is the manifest’s.
    const pdf = await archivePart(documents, changeLine(2, { counts: { conversations: 1, messages: 6 } }));
    await expectMutant('pdf', pdf, 'records_miscounted');
    for (const counts of [{ conversations: -1 }, { conversations: 1.5 }, { secrets: 1 }, null, 'x'])
      await expectMutant(
        'counts',
        await archivePart(documents, changeLine(2, { counts })),
        'records_malformed',
      );
  });

  test('a page that holds another number of messages than its line says, though the sum is right', async () => {
    const moved = listOf(
      lines.map((line, index) =>
        index === 0
          ? { ...line, counts: { conversations: 1, messages: 1, replies: 1 } }
          : index === 1
            ? { ...line, counts: { conversations: 1, messages: 2 } }
            : line,
      ),
    );
    await expectMutant('moved', await archivePart(documents, moved), 'records_malformed');
  });

  test('a document that was cut before it was listed', async () => {
    const entries = documents.toSpliced(0, 1, [documents[0]![0], documents[0]![1].subarray(0, -9)]);
    await expectMutant('cut', await archivePart(entries, listOf(linesOf(entries))), 'records_malformed');
  });

  test('an archive that is none', async () => {
    for (const bytes of [Buffer.from('PK\x03\x04'), Buffer.alloc(0), html('a')])
      await expectMutant(
        'none',
        partOf(bytes, { format: 'documents', archive: DATASETS }, TOTALS),
        'records_malformed',
      );
  });
});

test('a single document is one record, if it is whole', async () => {
  const verify = (bytes: Buffer, as: 'html' | 'pdf', count = 1) => {
    const layout = { format: 'documents', document: 'conversations', as } as const;
    const content = partOf(bytes, layout, { conversations: count });
    return inFolder(async (folder) => {
      const [file, receipt] = [join(folder, content.name), join(folder, 'r.json')];
      await writeFile(file, bytes);
      await writeFile(receipt, sealReceipt(manifestOf(key, 'convey.receipt.v1', [content]), key));
      return verifyFile(file, receipt, options);
    });
  };
  const pdf = Buffer.from('%PDF-1.7\nx\n%%EOF');
  expect((await verify(html('a'), 'html')).problems).toEqual([]);
  expect((await verify(pdf, 'pdf')).ok).toBe(true);
  expectCaught(await verify(html('a').subarray(0, -3), 'html'), 'cut', 'records_malformed');
  expectCaught(await verify(pdf, 'html'), 'another kind', 'records_malformed');
  expectCaught(await verify(html('a'), 'pdf'), 'another kind', 'records_malformed');
  expectCaught(await verify(html('a'), 'html', 2), 'count', 'records_miscounted');
});

test('a layout that is none of those two is refused', async () => {
  for (const layout of [
    { format: 'documents' },
    { format: 'documents', archive: 'messages' },
    { format: 'documents', document: 'conversations', as: 'doc' },
    { format: 'csv', archive: ['messages'] },
  ])
    await expectMutant('layout', partOf(html(), layout as unknown as PartLayout, {}), 'manifest_malformed');
});
