import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { parse } from 'csv-parse/sync';
import { describe, expect, test } from 'vitest';
import { type ByteSink, ByteWriter } from '../byte-writer.ts';
import type { RecordFormat } from '../record-format.ts';
import { memorySink, renderFile, viewRow } from '../rows.fixture.ts';
import { CUT_MARK, LONGEST_CELL } from './fit-cell.ts';
import { CELL_TEXTS, readWorkbook, SECTIONS, SHEETS, withFile } from './xlsx.fixture.ts';
import { createXlsxFormat } from './xlsx.ts';

const run = promisify(execFile);
const TEXT = 49;
const make = (mostSheetRows?: number) => (out: ByteWriter) =>
  createXlsxFormat(out, { sheets: SHEETS, ...(mostSheetRows === undefined ? {} : { mostSheetRows }) });

const hasOffice = await run('soffice', ['--version']).then(
  () => true,
  () => false,
);
if (!hasOffice)
  process.stderr.write('\n*** SKIPPED: XLSX opened by LibreOffice. It needs soffice (libreoffice-calc).\n\n');

/** A sheet of messages with these rows. */
const messages = (rows: readonly (readonly [string, string | null])[]) => [
  { ...SECTIONS[1]!, records: [{ values: [], lists: [rows] }] },
];
const MESSAGES = { sheets: [SHEETS[1]] };

describe('an XLSX', () => {
  test('is what another program reads: a sheet per section, typed cells, the header in view', async () => {
    const { sheets, files, dates } = await readWorkbook(await renderFile(make(), SECTIONS));
    expect(files).toEqual([
      '_rels/.rels',
      'xl/styles.xml',
      'xl/worksheets/sheet1.xml',
      'xl/worksheets/sheet2.xml',
      'xl/workbook.xml',
      'xl/_rels/workbook.xml.rels',
      '[Content_Types].xml',
    ]);
    expect(dates).toEqual([[1980, 1, 1, 0, 0, 0]]);
    expect(sheets.map(({ name, frozen, widths, rows }) => [name, frozen, widths, rows.length])).toEqual([
      ['contacts', 'A2', 8, 4],
      ['messages', 'A2', 2, CELL_TEXTS.length + 2],
    ]);
    const text = (v: string) => ({ t: 'text', v, s: TEXT });
    const [header, ...rows] = sheets[0]!.rows;
    expect(header!.map((cell) => cell!.v)).toEqual(
      'id phone tags metadata created_at seq is_vip changed'.split(' '),
    );
    expect(rows).toEqual([
      [
        text('0012'),
        text('+491701234567'),
        text('vip; a;b'),
        text('{"a":[1,"=1"]}'),
        text('2026-05-01T08:00:00.123Z'),
        { t: 'number', v: 42, s: 1 },
        { t: 'boolean', v: true, s: 0 },
        text('7'),
      ],
      [
        text('12345678901234567'), // an id is never a number (pain 16)
        null,
        text(''),
        null,
        null,
        text('9007199254740993'), // nor what a spreadsheet would round
        { t: 'boolean', v: false, s: 0 },
      ],
      [text(''), text(''), null, text('[]'), text('2026-05-01T08:00:00.124Z'), text('-999999999999999')],
    ]);
  });

  test('holds every text as it was, formulas, escapes and control characters among them', async () => {
    const { sheets } = await readWorkbook(await renderFile(make(), SECTIONS));
    const bodies = sheets[1]!.rows.slice(1).map(([, body]) => body?.v ?? null);
    expect(bodies).toEqual([...CELL_TEXTS, null]);
    expect(
      sheets[1]!.rows.slice(1).every((row) => row.every((cell) => cell === null || cell.t === 'text')),
    ).toBe(true);
  });

  test('goes on in further sheets at the limit of rows, each with the header', async () => {
    const rows = Array.from({ length: 25 }, (_, index) => [`m${index}`, `text ${index}`] as const);
    for (const [most, expected] of [
      [11, ['messages', 'messages 2', 'messages 3']],
      [26, ['messages']],
      [25, ['messages', 'messages 2']],
      [2, Array.from({ length: 25 }, (_, index) => (index === 0 ? 'messages' : `messages ${index + 1}`))],
    ] as const) {
      const bytes = await renderFile(
        (out) => createXlsxFormat(out, { ...MESSAGES, mostSheetRows: most }),
        messages(rows),
      );
      const { sheets } = await readWorkbook(bytes);
      expect(sheets.map(({ name }) => name)).toEqual(expected);
      expect(
        sheets.every(({ rows: [header], frozen }) => header![0]!.v === 'message_id' && frozen === 'A2'),
      ).toBe(true);
      expect(sheets.every(({ rows: { length } }) => length <= most)).toBe(true);
      expect(sheets.flatMap((sheet) => sheet.rows.slice(1).map(([id]) => id!.v))).toEqual(
        rows.map(([id]) => id),
      );
    }
  });

  test('cuts a text that no cell holds, says so in the cell and counts it', async () => {
    let format: RecordFormat | undefined;
    const bytes = await renderFile(
      (out) => (format = createXlsxFormat(out, MESSAGES)),
      messages([
        ['fits', 'é'.repeat(LONGEST_CELL)],
        ['long', 'é'.repeat(LONGEST_CELL + 1)],
        ['huge', `${'😀\b'.repeat(500_000)}end`],
      ]),
    );
    const { sheets } = await readWorkbook(bytes);
    const [fits, long, huge] = sheets[0]!.rows.slice(1).map(([, body]) => body!.v as string);
    expect(fits).toBe('é'.repeat(LONGEST_CELL));
    expect(long).toBe('é'.repeat(LONGEST_CELL - CUT_MARK.length) + CUT_MARK);
    expect(huge!.endsWith(CUT_MARK)).toBe(true);
    expect(huge!.length).toBeLessThanOrEqual(LONGEST_CELL);
    expect(huge).not.toContain('end');
    expect(format!.warnings).toEqual([
      { code: 'formats.cell_cut', count: 2, detail: expect.stringContaining('32,767') },
    ]);
  });

  test('has no warnings where nothing was cut', async () => {
    let format: RecordFormat | undefined;
    await renderFile((out) => (format = make()(out)), SECTIONS);
    expect(format!.warnings).toEqual([]);
  });

  test('has exactly this sheet', async () => {
    const bytes = await renderFile(
      (out) => createXlsxFormat(out, MESSAGES),
      messages([
        ['=1', 'a & b <i>\r\n_x0041_'],
        ['2', null],
      ]),
    );
    const script =
      'import sys, zipfile; sys.stdout.write(zipfile.ZipFile(sys.argv[1]).read(sys.argv[2]).decode())';
    const entry = (name: string) =>
      withFile(
        'golden.xlsx',
        bytes,
        async (path) => (await run('python3', ['-c', script, path, name])).stdout,
      );
    const text = (place: string, style: number, what: string) =>
      `<c r="${place}" s="${style}" t="inlineStr"><is>${what}</is></c>`;
    const kept = (what: string) => `<t xml:space="preserve">${what}</t>`;
    expect(await entry('xl/worksheets/sheet1.xml')).toBe(
      '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n' +
        '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">' +
        '<sheetViews><sheetView tabSelected="1" workbookViewId="0">' +
        '<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews>' +
        '<cols><col min="1" max="1" width="24" customWidth="1"/><col min="2" max="2" width="60" customWidth="1"/></cols>' +
        `<sheetData><row r="1">${text('A1', 3, '<t>message_id</t>')}${text('B1', 3, '<t>body</t>')}</row>` +
        `<row r="2">${text('A2', 1, kept('=1'))}${text('B2', 1, kept('a &amp; b &lt;i&gt;_x000D_\n_x005F_x0041_'))}</row>` +
        `<row r="3">${text('A3', 1, kept('2'))}</row></sheetData></worksheet>`,
    );
    expect(await entry('xl/workbook.xml')).toContain(
      '<sheets><sheet name="messages" sheetId="1" r:id="rId1"/></sheets>',
    );
  });

  test('has equal bytes for equal rows', async () => {
    const once = await renderFile(make(), SECTIONS, { head: { snapshot_at: '2026-01-01T00:00:00.000Z' } });
    const again = await renderFile(make(), SECTIONS, {
      head: { snapshot_at: '2026-02-02T00:00:00.000Z' },
      chunkBytes: 999,
    });
    expect(again.equals(once)).toBe(true);
  });

  test('holds back its rows while the compressor is behind', async () => {
    const sink = memorySink();
    const out = new ByteWriter(sink);
    const format = createXlsxFormat(out, MESSAGES);
    format.beginDocument({});
    format.beginSection(messages([])[0]!.shape);
    const row = viewRow(
      ['text', 'text'],
      ['m', 'some text that is long enough to fill a chunk '.repeat(100)],
    );
    let waits = 0;
    for (let index = 0; index < 2_000; index++) {
      format.item(0, row);
      if (!format.pace!.mustWait) continue;
      waits++;
      await format.pace!.ready();
    }
    await format.endSection();
    await format.endDocument({});
    await out.end();
    expect(waits).toBeGreaterThan(2);
    expect((await readWorkbook(sink.bytes())).sheets[0]!.rows).toHaveLength(2_001);
  });

  test('fails where its bytes cannot be kept, and gives up without a word when it is closed early', async () => {
    const broken: ByteSink = {
      write: async () => {
        throw new Error('no room');
      },
    };
    const write = async (format: RecordFormat, out: ByteWriter) => {
      format.beginDocument({});
      format.beginSection(messages([])[0]!.shape);
      const body = Array.from({ length: 60_000 }, (_, index) =>
        String.fromCodePoint(0x4e00 + ((index * index * 7) % 20_000)),
      ).join('');
      const row = viewRow(['text', 'text'], ['m', body]);
      for (let index = 0; index < 200; index++) {
        format.item(0, row);
        if (format.pace!.mustWait) await format.pace!.ready();
        if (out.mustWait) await out.ready();
      }
      await format.endSection();
      await format.endDocument({});
      await out.end();
    };
    const out = new ByteWriter(broken, { chunkBytes: 1 << 12 });
    const format = createXlsxFormat(out, MESSAGES);
    await expect(write(format, out)).rejects.toThrow('no room');
    format.close();

    const never = new ByteWriter(memorySink());
    const given = createXlsxFormat(never, MESSAGES);
    given.beginSection(messages([])[0]!.shape);
    given.item(0, viewRow(['text', 'text'], ['m', 'x']));
    given.close();
    await expect(given.endSection()).rejects.toThrow('abort');
  });

  test.skipIf(!hasOffice)(
    'opens in LibreOffice, whose CSV of each sheet has the texts as they were, but for the kind of line end',
    async () => {
      const bytes = await renderFile(make(), SECTIONS);
      await withFile('book.xlsx', bytes, async (path, folder) => {
        // Comma, quotes, UTF-8, every text quoted, cells as they are stored, no formulas, every sheet (-1).
        const filter = 'csv:Text - txt - csv (StarCalc):44,34,76,1,,0,true,false,false,false,false,-1';
        const profile = `-env:UserInstallation=file://${folder}/profile`;
        await run('soffice', [profile, '--headless', '--convert-to', filter, '--outdir', folder, path], {
          timeout: 100_000,
        });
        const read = async (sheet: string) =>
          parse(await readFile(join(folder, `book-${sheet}.csv`)), {
            bom: true,
            relax_column_count: true,
          }) as string[][];
        const contacts = await read('contacts');
        expect(contacts.map(([id]) => id)).toEqual(['id', '0012', '12345678901234567', '']);
        expect(contacts[1]).toEqual([
          '0012',
          '+491701234567',
          'vip; a;b',
          '{"a":[1,"=1"]}',
          '2026-05-01T08:00:00.123Z',
          '42',
          'TRUE',
          '7',
        ]);
        const bodies = (await read('messages')).slice(1).map(([, body]) => body);
        // A cell of several lines ends each in LF, however it came; everything else is as it was.
        const lines = (text: string) => text.replace(/\r\n?/g, '\n');
        expect(bodies.map((body) => lines(body!))).toEqual([...CELL_TEXTS, ''].map(lines));
      });
    },
    120_000,
  );
});
