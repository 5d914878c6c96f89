import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { importFile } from '../../src/records/import-file.ts';
import { readImportMap } from '../../src/records/import/map/parse-map.ts';
import { openImportSource } from '../../src/records/import/open-source.ts';
import { createTestDatabase, type TestDatabase } from '../support/test-database.ts';
import { startTestServer, type TestServer } from '../support/test-server.ts';

// Real conversations that none of us wrote go in and come out in every format; another program reads them.

const DATA = process.env['CONVEY_REAL_DATA'];
if (DATA === undefined) {
  console.warn('CONVEY_REAL_DATA is not set: the tests on real conversations are SKIPPED.');
}

interface Set {
  name: string;
  files: string[];
  format: 'csv' | 'tsv' | 'json';
  map: string;
  expected: { conversations: number; messages: number; contacts: number };
}

const SETS: Set[] = [
  {
    name: 'MultiDoGO',
    files: ['airline', 'finance', 'software'].flatMap((domain) =>
      ['train', 'dev', 'test'].map((part) => `multidogo/${domain}/${part}.tsv.gz`),
    ),
    format: 'tsv',
    map: 'multidogo',
    expected: { conversations: 7172, messages: 59782, contacts: 0 },
  },
  {
    name: 'Taskmaster-4',
    files: Array.from({ length: 8 }, (_, index) => `taskmaster4/data_0${index}.json.gz`),
    format: 'json',
    map: 'taskmaster4',
    expected: { conversations: 3710, messages: 13915, contacts: 0 },
  },
  {
    name: 'EVI contacts',
    files: ['evi/records.en.csv.gz'],
    format: 'csv',
    map: 'evi-contacts',
    expected: { conversations: 0, messages: 0, contacts: 10000 },
  },
];

const never = new AbortController().signal;
const mapOf = (name: string) =>
  readImportMap(new URL(`../../samples/maps/${name}.json`, import.meta.url).pathname);

/** What the source holds, in the same form as `reread.py` prints it. */
async function digestSource({ files, format, map }: Set): Promise<string> {
  const messages: string[][] = [];
  const contacts: string[][] = [];
  for (const file of files) {
    const source = await openImportSource(join(DATA!, file), {
      format,
      map: await mapOf(map),
      signal: never,
    });
    for await (const item of source.records()) {
      if ('reject' in item) throw new Error(`${item.source}:${item.line} ${item.reject.code}`);
      const record = JSON.parse(item.bytes.toString()) as Record<string, string>;
      if (record['type'] === 'message') messages.push([record['id']!, record['body'] ?? '']);
      if (record['type'] === 'contact') contacts.push([record['id']!, record['name']!, record['email']!]);
    }
    await source.close();
  }
  const hash = createHash('sha256');
  const byCodePoints = (a: string[], b: string[]) => Buffer.compare(Buffer.from(a[0]!), Buffer.from(b[0]!));
  for (const item of [...messages.sort(byCodePoints), ...contacts.sort(byCodePoints)]) {
    for (const part of item) hash.update(`${part}\0`);
  }
  return hash.digest('hex');
}

describe.skipIf(DATA === undefined).each(SETS)('$name', (set) => {
  let db: TestDatabase;
  let server: TestServer;
  let workspaceId: string;
  let headers: { authorization: string };
  let folder: string;
  let truth: string;

  beforeAll(async () => {
    db = await createTestDatabase();
    server = await startTestServer(db.database);
    workspaceId = await db.createWorkspace('real');
    headers = await server.authorize(workspaceId);
    folder = await mkdtemp(join(tmpdir(), 'convey-real-'));
    truth = await digestSource(set);
  });
  afterAll(async () => {
    await server.stop();
    await db.drop();
    await rm(folder, { recursive: true, force: true });
  });

  test('goes in without a rejected row', async () => {
    for (const file of set.files) {
      const result = await importFile(server.installation, { workspaceId }, join(DATA!, file), {
        format: set.format,
        map: await mapOf(set.map),
        signal: never,
      });
      expect(result.rejected, file).toEqual([]);
      expect(result.pending, file).toBe(0);
    }
  });

  const ways =
    set.expected.contacts > 0
      ? ([
          ['json', '/v1/contacts/export?format=json'],
          ['ndjson', '/v1/contacts/export?format=ndjson'],
          ['csv', '/v1/contacts/export?format=csv'],
          ['csv', '/v1/contacts/export?format=csv&profile=spreadsheet'],
        ] as const)
      : ([
          ['json', '/v1/conversations/export?format=json'],
          ['ndjson', '/v1/conversations/export?format=ndjson'],
          ['csv', '/v1/conversations/export?format=csv&mode=messages'],
        ] as const);

  test.each<readonly [string, string]>(ways)(
    'comes out as %s (%s) with equal counts and texts, read by another program',
    async (format, path) => {
      const file = join(folder, `export.${format}`);
      const reply = await fetch(server.url + path, { headers });
      expect(reply.status).toBe(200);
      await pipeline(Readable.fromWeb(reply.body as never), createWriteStream(file));
      const script = new URL('../support/reread.py', import.meta.url).pathname;
      const { stdout } = await promisify(execFile)('python3', [script, format, file]);
      expect(JSON.parse(stdout)).toEqual({ ...set.expected, sha256: truth });
    },
  );

  test('comes out as spreadsheet CSV and as a table of conversations with the right number of rows', async () => {
    const { parse } = await import('csv-parse/sync');
    const table = await (
      await fetch(`${server.url}/v1/conversations/export?format=csv&profile=spreadsheet`, { headers })
    ).text();
    const rows = parse(table, { columns: true, bom: true }) as Record<string, string>[];
    expect(rows).toHaveLength(set.expected.conversations);
    expect(rows.reduce((sum, row) => sum + Number(row['message_count']), 0)).toBe(set.expected.messages);
  });
});
