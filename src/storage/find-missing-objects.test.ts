import { readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../test/support/test-database.ts';
import { startTestServer, type TestServer } from '../../test/support/test-server.ts';
import { findMissingObjects, type MissingObject } from './find-missing-objects.ts';

let db: TestDatabase;
let server: TestServer;
beforeAll(async () => {
  db = await createTestDatabase();
  server = await startTestServer(db.database);
});
afterAll(async () => {
  await server.stop();
  await db.drop();
});

test('a stored part that is gone or cut short is named; whole ones, and expired exports, are not', async () => {
  const { store, config } = server.installation;
  const workspaceId = await db.createWorkspace();
  const headers = { ...(await server.authorize(workspaceId)), 'content-type': 'application/json' };
  const order = async () => {
    const reply = await fetch(`${server.url}/v1/exports`, {
      method: 'POST',
      headers: { ...headers, prefer: 'wait=30' },
      body: JSON.stringify({ kind: 'contacts', format: 'csv' }),
    });
    return ((await reply.json()) as { job_id: string }).job_id;
  };
  const find = async (isDeep = false) => {
    const found: MissingObject[] = [];
    for await (const one of findMissingObjects(db.database, store, isDeep)) found.push(one);
    return found;
  };
  const pathOf = async (id: string) => {
    const root = join(config.storage.slice('file:'.length), 'exports', workspaceId, id);
    const entries = await readdir(root, { recursive: true, withFileTypes: true });
    const file = entries.find((entry) => entry.isFile())!;
    return join(file.parentPath, file.name);
  };
  const [gone, short, whole] = [await order(), await order(), await order()];
  expect(await find()).toEqual([]);
  await rm(await pathOf(gone));
  await truncate(await pathOf(short), 60);
  const found = await find();
  expect(found).toHaveLength(2);
  expect(found.find(({ what }) => what.includes(gone))?.problem).toBe('is gone');
  expect(found.find(({ what }) => what.includes(short))?.problem).toMatch(/^has \d+ bytes instead of \d+$/);
  expect(found.some(({ what }) => what.includes(whole))).toBe(false);
  const path = await pathOf(whole);
  const bytes = await readFile(path);
  bytes[50]! ^= 1;
  await writeFile(path, bytes);
  expect(await find()).toHaveLength(2);
  expect((await find(true)).find(({ what }) => what.includes(whole))?.problem).toContain('cannot be read');
  await db.asSuperuser(`update exports set status = 'expired' where id = $1`, [gone]);
  expect(await find()).toHaveLength(1);
});
