import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../../test/support/test-database.ts';
import { csvLines } from '../../formats/csv-line.ts';
import { BOM } from '../../formats/csv.ts';
import { type ChainFixture, createChain, EVENTS } from '../chain-fixture.ts';
import { recordEvent } from '../record-event.ts';
import type { EventFilter } from '../read/read-events.ts';
import { csvColumns } from './csv-columns.ts';
import { type AuditFormat, fileFormat } from './file-formats.ts';
import { openEventStream } from './stream-events.ts';
import { verifyFile, type VerifyFileOptions } from './verify-file.ts';

let db: TestDatabase;
let chain: ChainFixture;
let folder: string;
beforeAll(async () => {
  db = await createTestDatabase();
  chain = await createChain(db);
  folder = await mkdtemp(join(tmpdir(), 'convey-audit-'));
});
afterAll(async () => {
  await rm(folder, { recursive: true });
  await db.drop();
});

type Profile = 'machine' | 'spreadsheet';

async function exportFile(
  format: AuditFormat,
  profile: Profile = 'machine',
  filter: EventFilter = {},
  of = chain,
) {
  const file = fileFormat(format, profile, { filter: { ...filter }, kind: 'audit_log' });
  const source = { database: db.database, workspaceId: of.workspaceId, filter };
  const { bytes } = await openEventStream(source, file);
  const chunks: Buffer[] = [];
  for await (const chunk of bytes) chunks.push(chunk);
  return Buffer.concat(chunks).toString('utf8');
}

async function check(text: string, options: VerifyFileOptions = {}) {
  const path = join(folder, 'log');
  await writeFile(path, text);
  return verifyFile(path, options);
}

const headsOf = () => chain.heads;
const rowsOf = (text: string) => parse(text, { bom: true, record_delimiter: '\r\n' }) as string[][];
/** As a CSV writer would write the rows: guards are in the cells already. */
const toCsv = (rows: string[][], isSpreadsheet = false) =>
  (isSpreadsheet ? BOM : '') + csvLines(rows, false).toString('utf8');

describe('an exported log', () => {
  test.each<[AuditFormat, Profile]>([
    ['csv', 'machine'],
    ['csv', 'spreadsheet'],
    ['ndjson', 'machine'],
  ])('as %s (%s) verifies from the file alone, and up to its newest event', async (format, profile) => {
    expect(await check(await exportFile(format, profile), { headsOf })).toEqual({
      valid: true,
      workspaceId: chain.workspaceId,
      events: EVENTS,
      erasedBodies: 0,
      firstSeq: 1,
      lastSeq: EVENTS,
      lastHash: chain.heads.at(-1)!.hash,
      notedThrough: undefined,
      matchedHeads: EVENTS,
      isComplete: true,
    });
  });

  test('with texts that need quotes, guards, line breaks and separators of other scripts verifies', async () => {
    const of = await createChain(db);
    await db.database.inScope({ workspaceId: of.workspaceId }, async (transaction) => {
      for (const name of ['=1+1', `'=1`, '+49 1', 'a "b", c\r\nd', '\u2028😀\ufeff', ' x ', "'", ''])
        await recordEvent(transaction, of.workspaceId, {
          action: 'member.changed',
          actor: { type: 'user', ref: '@ref', name },
          target: { type: 'user', ref: '-ref' },
          outcome: 'success',
          interface: 'web',
          details: { '\u2028': 1e21, tiny: 5e-324 },
          personal: { changes: { name: { before: name, after: `\n${name}` } } },
        });
    });
    for (const [format, profile] of [
      ['csv', 'machine'],
      ['csv', 'spreadsheet'],
      ['ndjson', 'machine'],
    ] as const)
      expect(await check(await exportFile(format, profile, {}, of))).toMatchObject({
        valid: true,
        events: EVENTS + 8,
      });
  });

  test('with erased personal parts verifies: they are counted, not alarming (wall 8)', async () => {
    const of = await createChain(db);
    await db.asSuperuser(`delete from audit_bodies where workspace_id = $1 and seq < 6`, [of.workspaceId]);
    for (const format of ['csv', 'ndjson'] as const)
      expect(await check(await exportFile(format, 'machine', {}, of))).toMatchObject({
        valid: true,
        erasedBodies: 3,
        isComplete: true,
      });
  });

  test('of a filter shows its events to be genuine, but never to be all', async () => {
    const text = await exportFile('csv', 'machine', { actions: ['access.denied'] });
    expect(await check(text)).toMatchObject({ valid: false });
    expect(await check(text, { isFiltered: true })).toMatchObject({
      valid: true,
      events: 3,
      isComplete: false,
    });
    const edited = rowsOf(text);
    edited[2]![1] = 'somebody else';
    expect(await check(toCsv(edited), { isFiltered: true })).toMatchObject({
      valid: false,
      problem: { row: 3 },
    });
    const moved = rowsOf(text);
    [moved[1], moved[2]] = [moved[2]!, moved[1]!];
    expect(await check(toCsv(moved), { isFiltered: true })).toMatchObject({
      valid: false,
      problem: { row: 3 },
    });
  });

  test('that is empty or has only a header is told apart', async () => {
    expect(await check('')).toMatchObject({ valid: false });
    const header = toCsv([csvColumns.map(({ name }) => name)]);
    expect(await check(header)).toMatchObject({ valid: true, events: 0 });
    expect(await check(header, { headsOf })).toMatchObject({ valid: false, problem: { seq: 1 } });
  });
});

describe('a spreadsheet’s guards', () => {
  /** A log whose second and third newest events have actors that need a guard. */
  async function exportGuarded(profile: Profile): Promise<string> {
    const of = await createChain(db);
    await db.database.inScope({ workspaceId: of.workspaceId }, async (transaction) => {
      for (const name of ['=1+1', '@sum', 'Ann'])
        await recordEvent(transaction, of.workspaceId, {
          action: 'member.changed',
          actor: { type: 'user', ref: 'usr_1', name },
          target: { type: 'user', ref: 'usr_2' },
          outcome: 'success',
          interface: 'web',
        });
    });
    return exportFile('csv', profile, {}, of);
  }

  test('are known without the BOM, and their absence with one: editors take it away and add it', async () => {
    const spreadsheet = await exportGuarded('spreadsheet');
    expect(spreadsheet).toContain(`"'=1+1"`);
    expect(await check(spreadsheet.slice(BOM.length))).toMatchObject({ valid: true, isComplete: true });
    expect(await check(BOM + (await exportGuarded('machine')))).toMatchObject({ valid: true });
  });

  test('let no changed cell pass: added, taken away, doubled, or put before what needs none', async () => {
    for (const profile of ['spreadsheet', 'machine'] as const) {
      for (const isSpreadsheet of [true, false]) {
        const rows = rowsOf(await exportGuarded(profile));
        expect(await check(toCsv(rows, isSpreadsheet))).toMatchObject({ valid: true });
        const [plain, first, second] = [1, 2, 3].map((row) => rows[row]![1]!);
        const other = (cell: string) => (cell.startsWith("'") ? cell.slice(1) : `'${cell}`);
        for (const [row, edit] of [
          [2, other(first!)],
          [3, other(second!)],
          [2, `''${first}`],
          [1, `'${plain}`],
        ] as const) {
          const mutant = rows.map((cells) => [...cells]);
          mutant[row]![1] = edit;
          expect(await check(toCsv(mutant, isSpreadsheet)), edit).toMatchObject({ valid: false });
        }
      }
    }
  });
});

test.each<AuditFormat>(['json', 'ecs', 'ocsf'])(
  'an export as %s cannot be verified alone, which is said instead of calling it tampered with',
  async (format) => {
    const text = await exportFile(format);
    const refusal = {
      code: 'audit.unverifiable_format',
      message: expect.stringMatching(/CSV or NDJSON.* This one is (JSON|ECS|OCSF)/),
    };
    await expect(check(text)).rejects.toMatchObject(refusal);
    await expect(
      check(await exportFile(format, 'machine', { actions: ['access.denied'] })),
    ).rejects.toMatchObject(refusal);
  },
);

describe('every mutant of a CSV is caught (wall 8)', () => {
  test.each<Profile>(['machine', 'spreadsheet'])('an edit of any cell of any row, %s', async (profile) => {
    const isSpreadsheet = profile === 'spreadsheet';
    const rows = rowsOf(await exportFile('csv', profile));
    expect(await check(toCsv(rows, isSpreadsheet))).toMatchObject({ valid: true });
    let mutants = 0;
    for (const [row, cells] of rows.entries()) {
      for (const [column, cell] of cells.entries()) {
        const middle = cell.length >> 1;
        const flipped = `${cell.slice(0, middle)}${cell[middle] === '1' ? '2' : '1'}${cell.slice(middle + 1)}`;
        for (const edit of new Set(['', `${cell} `, ` ${cell}`, `'${cell}`, flipped, cell.toUpperCase()])) {
          if (edit === cell) continue;
          const mutant = rows.map((one) => [...one]);
          mutant[row]![column] = edit;
          const report = await check(toCsv(mutant, isSpreadsheet));
          expect(report, `row ${row + 1}, ${csvColumns[column]!.name}: ${edit}`).toMatchObject({
            valid: false,
            problem: { row: row + 1 },
          });
          mutants++;
        }
      }
    }
    expect(mutants).toBeGreaterThan(11 * 11 * 4);
  });

  test('every byte of every record, by itself', async () => {
    const rows = rowsOf(await exportFile('csv'));
    const record = rows[4]!.at(-1)!;
    for (let at = 0; at < record.length; at++) {
      const mutant = rows.map((one) => [...one]);
      mutant[4]![10] = `${record.slice(0, at)}${record[at] === '0' ? '1' : '0'}${record.slice(at + 1)}`;
      expect(await check(toCsv(mutant)), record.slice(0, at)).toMatchObject({ valid: false });
    }
  });

  const body = (rows: string[][]) => rows.slice(1);
  test.each<[string, (header: string[], events: string[][]) => string[][], Record<string, unknown>]>([
    ['deleted: the oldest', (h, e) => [h, ...e.slice(0, -1)], { reason: expect.stringContaining('missing') }],
    ['deleted: one in the middle', (h, e) => [h, ...e.toSpliced(4, 1)], { reason: 'Event 6 is missing.' }],
    ['deleted: several', (h, e) => [h, ...e.toSpliced(4, 3)], { reason: 'Events 4 to 6 are missing.' }],
    ['swapped: two rows', (h, e) => [h, ...e.toSpliced(4, 2, e[5]!, e[4]!)], { row: 6 }],
    [
      'turned round',
      (h, e) => [h, ...e.toReversed()],
      { reason: expect.stringContaining('newest is on top') },
    ],
    [
      'repeated: a row',
      (h, e) => [h, ...e.toSpliced(4, 0, e[4]!)],
      { reason: expect.stringContaining('repeated') },
    ],
    ['repeated: the header', (h, e) => [h, h, ...e], { row: 2 }],
    ['cut: the header', (_, e) => e, { row: 1 }],
    ['cut: the last cell of a row', (h, e) => [h, ...e.toSpliced(3, 1, e[3]!.slice(0, -1))], { row: 5 }],
    ['put in: a blank row', (h, e) => [h, ...e.toSpliced(3, 0, [''])], { row: 5 }],
    ['put in: a column', (h, e) => [[...h, 'More'], ...e.map((cells) => [...cells, ''])], { row: 1 }],
  ])('%s', async (_, mutate, problem) => {
    const rows = rowsOf(await exportFile('csv'));
    expect(await check(toCsv(mutate(rows[0]!, body(rows))))).toMatchObject({ valid: false, problem });
  });

  test('forked: a row of another history with the same number', async () => {
    const rows = rowsOf(await exportFile('csv'));
    const twin = await createChain(db);
    const other = rowsOf(await exportFile('csv', 'machine', {}, twin));
    const mixed = rows.with(5, other[5]!);
    expect(await check(toCsv(mixed))).toMatchObject({ valid: false, problem: { row: 6 } });
  });

  test('cut in the middle of a row, at every twentieth byte', async () => {
    const text = await exportFile('csv');
    const end = text.lastIndexOf('\r\n', text.length - 3);
    for (let at = 1; at < end; at += 20)
      expect(await check(text.slice(0, at)), String(at)).toMatchObject({ valid: false });
  });

  test('the newest rows cut off: only what was noted elsewhere shows it', async () => {
    const rows = rowsOf(await exportFile('csv'));
    const cut = toCsv([rows[0]!, ...body(rows).slice(2)]);
    expect(await check(cut)).toMatchObject({ valid: true, lastSeq: 8, notedThrough: undefined });
    // So does a file that was exported before: it is sound up to its end, and no more than that is said.
    expect(await check(cut, { headsOf })).toMatchObject({
      valid: true,
      lastSeq: 8,
      matchedHeads: 8,
      notedThrough: EVENTS,
    });
    expect(await check(cut, { headsOf, untilNewest: true })).toMatchObject({
      valid: false,
      problem: { seq: 9, reason: expect.stringContaining('cut off') },
    });
  });
});

test('every mutant of NDJSON is caught: a line changed, cut, moved, repeated, or put after the end', async () => {
  const lines = (await exportFile('ndjson')).trimEnd().split('\n');
  const bad = [
    lines.slice(0, -1),
    lines.slice(1),
    lines.toSpliced(3, 1),
    lines.toSpliced(3, 0, lines[3]!),
    lines.toSpliced(3, 2, lines[4]!, lines[3]!),
    [...lines, lines[0]!],
    lines.with(3, lines[3]!.replace('success', 'denied')),
    lines.with(3, ` ${lines[3]}`),
    [...lines.slice(0, -1), lines.at(-1)!.replace('10', '9')],
  ];
  for (const [index, mutant] of bad.entries())
    expect(await check(`${mutant.join('\n')}\n`), String(index)).toMatchObject({ valid: false });
});
