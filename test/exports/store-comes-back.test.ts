import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { startProxy, type S3Proxy } from '../../src/storage/s3-proxy.fixture.ts';
import { freshLocation, hasServer, testEndpoint } from '../../src/storage/s3-store.fixture.ts';
import { plantRecords } from '../support/plant-records.ts';
import { createTestDatabase, type TestDatabase } from '../support/test-database.ts';
import { startTestServer, type TestServer } from '../support/test-server.ts';

let db: TestDatabase;
let server: TestServer;
let proxy: S3Proxy;

beforeAll(async () => {
  if (!hasServer) return;
  proxy = await startProxy(testEndpoint());
  db = await createTestDatabase();
  server = await startTestServer(db.database, {
    CONVEY_STORAGE: freshLocation({ endpoint: proxy.endpoint }),
    CONVEY_EXPORT_ATTEMPTS: '1',
  });
});
afterAll(async () => {
  if (!hasServer) return;
  await server.stop();
  await db.drop();
  await proxy.stop();
});

test.runIf(hasServer)(
  'a store that is away when a rendering thread first needs it costs that export; the next one is made',
  async () => {
    const workspaceId = await db.createWorkspace();
    await plantRecords(db, workspaceId, { conversations: 3, messagesEach: 2 });
    const headers = await server.authorize(workspaceId);
    const endOf = async (): Promise<{ status: string; error: { code: string } | null }> => {
      const ordered = await fetch(`${server.url}/v1/exports`, {
        method: 'POST',
        headers: { ...headers, 'content-type': 'application/json' },
        body: JSON.stringify({ kind: 'conversations', format: 'ndjson' }),
      });
      const { job_id: id } = (await ordered.json()) as { job_id: string };
      return vi.waitFor(
        async () => {
          const reply = await fetch(`${server.url}/v1/exports/${id}`, { headers });
          const told = (await reply.json()) as { status: string; error: { code: string } | null };
          expect(['ready', 'failed']).toContain(told.status);
          return told;
        },
        { timeout: 50_000, interval: 50 },
      );
    };
    Object.assign(proxy.faults, { lostReplyTo: /^PUT .*probe/, staysLost: true });
    expect(await endOf()).toMatchObject({ status: 'failed', error: { code: 'storage.unavailable' } });
    Object.assign(proxy.faults, { lostReplyTo: undefined, staysLost: false });
    expect(await endOf()).toMatchObject({ status: 'ready', error: null });
  },
);
