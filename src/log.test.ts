import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../test/support/test-database.ts';
import { createLog } from './log.ts';

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase();
});
afterAll(() => db.drop());

async function logged(sql: string, values: unknown[] = []): Promise<string> {
  const lines: string[] = [];
  const error = await db.database.querySystem(sql, values).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(Error);
  createLog((line) => lines.push(line)).error('a request failed', { error });
  return lines.join('');
}

test.each([
  ['a time', 'select $1::timestamptz'],
  ['a number', 'select $1::bigint'],
  ['JSON', 'select $1::jsonb'],
  ['an array', 'select $1::text[]'],
])(
  'a value that the database does not take as %s is not in the log; code and place are',
  async (_what, sql) => {
    const line = await logged(sql, ['maria@example.com\n    at (nowhere) {']);
    expect(line).not.toContain('maria');
    expect(JSON.parse(line)).toMatchObject({
      level: 'error',
      error: { code: expect.stringMatching(/^22/), stack: expect.stringContaining('connect.ts') },
    });
  },
);

test('what else the database says is in the log', async () => {
  expect(await logged('select * from nowhere')).toContain('relation \\"nowhere\\" does not exist');
});
