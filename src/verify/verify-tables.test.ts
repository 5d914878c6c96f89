import { crc32, deflateRawSync } from 'node:zlib';
import { beforeAll, describe, expect, test } from 'vitest';
import { createChatFormat } from '../formats/chat-jsonl.ts';
import { memorySink, renderFile, seededRandom } from '../formats/rows.fixture.ts';
import { SECTIONS, SHEETS } from '../formats/xlsx/xlsx.fixture.ts';
import { createXlsxFormat } from '../formats/xlsx/xlsx.ts';
import { createZipWriter } from '../formats/zip.ts';
import {
  type Content,
  filesOf,
  inFolder,
  manifestOf,
  newKey,
  writeFiles,
} from '../packages/package.fixture.ts';
import type { PartLayout } from '../packages/manifest.ts';
import { createRecordCounter } from './count-records.ts';
import { expectCaught } from './mutants.fixture.ts';
import { MalformedError } from './scan-json.ts';
import { ZipScanner } from './scan-zip.ts';
import { verifyPackage } from './verify-package.ts';

// Workbooks and training lines that state one thing and hold another: signed all the same, and caught by counting.

const XLSX: PartLayout = { format: 'xlsx', sheets: { contacts: 'contacts', messages: 'messages' } };
const CHAT: PartLayout = {
  format: 'chat-jsonl',
  lines: { dataset: 'conversations', lists: { messages: 'messages' } },
};
const counts = {
  contacts: SECTIONS[0]!.records.length,
  messages: SECTIONS[1]!.records.reduce((sum, { lists }) => sum + (lists?.[0]?.length ?? 0), 0),
};
const key = newKey();

/** Verifies a package of this one part, properly signed. */
async function verify(name: string, bytes: Buffer, layout: PartLayout, stated: Record<string, number>) {
  const content: Content = { name, bytes, layout, counts: stated };
  const manifest = { ...manifestOf(key, 'convey.package.v1', [content]), files: [] };
  return await inFolder(async (folder) =>
    verifyPackage(await writeFiles(folder, filesOf(manifest, key, [bytes])), {
      keys: [manifest.signer.fingerprint],
    }),
  );
}

async function countIn(bytes: Buffer, layout: PartLayout, pieces: number): Promise<Record<string, number>> {
  const counter = createRecordCounter(layout, {})!;
  for (let at = 0; at < bytes.length; at += pieces)
    await counter.push(Buffer.from(bytes.subarray(at, at + pieces)));
  return Object.fromEntries(counter.end());
}

type Entries = Map<string, string>;

/** The entries of one of our workbooks, unpacked by the verifier's own reader. */
async function entriesOf(bytes: Buffer): Promise<Entries> {
  const entries: Entries = new Map();
  const parts: Buffer[] = [];
  let name = '';
  const scanner = new ZipScanner({
    open: (opened) => void (name = opened),
    data: (piece) => void parts.push(Buffer.from(piece)),
    close: () => void entries.set(name, Buffer.concat(parts.splice(0)).toString()),
  });
  await scanner.push(bytes);
  scanner.end();
  return entries;
}

/** The workbook again, with its entries changed, packed as ours are. */
async function repacked(change: (entries: Entries) => void): Promise<Buffer> {
  const entries = await entriesOf(good);
  change(entries);
  const sink = memorySink();
  const zip = createZipWriter(sink, { mtime: new Date(0) });
  for (const [name, text] of entries) {
    const entry = await zip.entry(name);
    await entry.write(Buffer.from(text));
    await entry.close();
  }
  await zip.close();
  return sink.bytes();
}

const SHEET1 = 'xl/worksheets/sheet1.xml';
const SHEET2 = 'xl/worksheets/sheet2.xml';
const edit = (name: string, from: string | RegExp, to: string) => (entries: Entries) => {
  const text = entries.get(name)!;
  const edited = text.replace(from, to);
  if (edited === text) throw new Error(`${name} has no ${from}`);
  entries.set(name, edited);
};

let good: Buffer;
let split: Buffer;
beforeAll(async () => {
  good = await renderFile((out) => createXlsxFormat(out, { sheets: SHEETS }), SECTIONS);
  split = await renderFile((out) => createXlsxFormat(out, { sheets: SHEETS, mostSheetRows: 3 }), SECTIONS);
});

describe('a workbook', () => {
  test('is counted by its sheets, those that go on in further ones together, however its bytes come', async () => {
    for (const bytes of [good, split])
      for (const pieces of [1, 7, 64, 1000, bytes.length])
        expect(await countIn(bytes, XLSX, pieces)).toEqual(counts);
    expect(await verify('b.xlsx', good, XLSX, counts)).toMatchObject({ ok: true, counts });
    expect(await verify('b.xlsx', split, XLSX, counts)).toMatchObject({ ok: true, counts });
  });

  test.each([
    ['a row less', edit(SHEET2, /<row r="4">.*?<\/row>/s, '')],
    ['a row more', edit(SHEET1, '</sheetData>', '<row r="5"></row></sheetData>')],
    [
      'sheets swapped',
      (entries: Entries) => {
        const one = entries.get(SHEET1)!;
        entries.set(SHEET1, entries.get(SHEET2)!).set(SHEET2, one);
      },
    ],
    [
      'names swapped',
      edit('xl/workbook.xml', /name="contacts"(.*)name="messages"/, 'name="messages"$1name="contacts"'),
    ],
  ])('with %s is caught: it is miscounted', async (_what, change) => {
    expectCaught(await verify('b.xlsx', await repacked(change), XLSX, counts), _what, 'records_miscounted');
  });

  test.each([
    ['a sheet that the layout does not name', edit('xl/workbook.xml', 'name="messages"', 'name="other"')],
    ['a sheet fewer in its list', edit('xl/workbook.xml', /<sheet name="messages"[^>]*>/, '')],
    ['a sheet listed twice', edit('xl/workbook.xml', /<sheet name="messages"[^>]*>/, '$&$&')],
    [
      'a list in another order',
      edit('xl/_rels/workbook.xml.rels', /Id="rId1"(.*)Id="rId2"/, 'Id="rId2"$1Id="rId1"'),
    ],
    ['a sheet that is not whole', edit(SHEET1, '</sheetData></worksheet>', '</sheetData>')],
    ['no list of sheets', (entries: Entries) => void entries.delete('xl/workbook.xml')],
    ['a sheet without a type', edit('[Content_Types].xml', '/xl/worksheets/sheet2.xml', '/xl/x.xml')],
    ['macros', (entries: Entries) => void entries.set('xl/vbaProject.bin', 'x')],
    ['a sheet that goes on out of order', edit('xl/workbook.xml', 'name="messages"', 'name="messages 2"')],
  ])('with %s is caught: it is malformed', async (_what, change) => {
    expectCaught(await verify('b.xlsx', await repacked(change), XLSX, counts), _what, 'records_malformed');
  });

  test('that is cut short, or has anything behind its end or between its entries, is malformed', async () => {
    const malformed = (bytes: Buffer, why: string) =>
      expect(countIn(bytes, XLSX, 4096), why).rejects.toBeInstanceOf(MalformedError);
    const random = seededRandom(5);
    for (let i = 0; i < 60; i++) await malformed(good.subarray(0, Math.floor(random() * good.length)), 'cut');
    await malformed(Buffer.concat([good, Buffer.from('x')]), 'more');
    await malformed(Buffer.concat([Buffer.from('x'), good]), 'before');
    const at = good.indexOf('PK\x01\x02', 0, 'latin1');
    await malformed(
      Buffer.concat([good.subarray(0, at), storedEntry('xl/extra.xml'), good.subarray(at)]),
      'between',
    );
    await malformed(Buffer.from('not a zip at all, and long enough for a header'), 'no zip');
  });

  test('with any byte changed is malformed or counts the same: never a crash, never another count', async () => {
    const random = seededRandom(6);
    for (let i = 0; i < 300; i++) {
      const bytes = Buffer.from(good);
      const at = Math.floor(random() * bytes.length);
      bytes[at] = bytes[at]! ^ (1 << Math.floor(random() * 8));
      const found = await countIn(bytes, XLSX, 1000).catch((error: unknown) => error);
      if (!(found instanceof MalformedError)) expect(found, `byte ${at}`).toEqual(counts);
    }
  });
});

/** An entry that no directory lists. */
function storedEntry(name: string): Buffer {
  const data = deflateRawSync(Buffer.from('<x/>'));
  const header = Buffer.alloc(30);
  header.writeUInt32LE(0x04034b50, 0);
  header.writeUInt16LE(0x0808, 6);
  header.writeUInt16LE(8, 8);
  header.writeUInt16LE(name.length, 26);
  const descriptor = Buffer.alloc(16);
  descriptor.writeUInt32LE(0x08074b50, 0);
  descriptor.writeUInt32LE(crc32('<x/>'), 4);
  descriptor.writeUInt32LE(data.length, 8);
  descriptor.writeUInt32LE(4, 12);
  return Buffer.concat([header, Buffer.from(name), data, descriptor]);
}

describe('lines for training', () => {
  const shape = {
    type: 'conversation',
    section: 'conversations',
    columns: [],
    lists: [
      {
        name: 'messages',
        type: 'message',
        columns: [
          { name: 'role', type: 'text', field: 0 },
          { name: 'content', type: 'text', field: 1 },
        ],
      },
    ],
  } as const;
  const stated = { conversations: 3, messages: 6 };
  let lines: string;
  beforeAll(async () => {
    const message = (index: number) => ['user', `{"messages":[${index},"\n"]}`] as const;
    const records = [1, 2, 3].map((n) => ({
      values: [],
      lists: [Array.from({ length: n }, (_, i) => message(i))],
    }));
    lines = (await renderFile(createChatFormat, [{ shape, records }])).toString();
  });

  test('are counted, and the messages in each, however their bytes come', async () => {
    for (const pieces of [1, 5, 1000])
      expect(await countIn(Buffer.from(lines), CHAT, pieces)).toEqual(stated);
    expect(await verify('c.jsonl', Buffer.from(lines), CHAT, stated)).toMatchObject({
      ok: true,
      counts: stated,
    });
    expect(await verify('c.jsonl', Buffer.alloc(0), CHAT, { conversations: 0, messages: 0 })).toMatchObject({
      ok: true,
    });
  });

  test.each([
    ['a line less', (text: string) => text.slice(text.indexOf('\n') + 1), 'records_miscounted'],
    ['a line more', (text: string) => `${text}{"messages":[]}\n`, 'records_miscounted'],
    ['a message less', (text: string) => text.replace(/,\{"role".*?\}(?=\])/, ''), 'records_miscounted'],
    ['a last line that is cut', (text: string) => text.slice(0, -1), 'records_malformed'],
    ['a line that is no object', (text: string) => `${text}[]\n`, 'records_malformed'],
    ['messages that are no array', (text: string) => `${text}{"messages":{}}\n`, 'records_malformed'],
    ['a blank line', (text: string) => `${text}\n`, 'records_malformed'],
  ])('with %s are caught', async (what, change, code) => {
    const changed = change(lines);
    expect(changed).not.toBe(lines);
    expectCaught(await verify('c.jsonl', Buffer.from(changed), CHAT, stated), what, code);
  });
});
