import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { vi } from 'vitest';
import type { Role } from '../../../src/access/permissions.ts';
import { generateSample } from '../../../samples/generate-sample.ts';
import { type Person, plantMember } from '../../support/people.ts';
import { createTestDatabase, type TestDatabase } from '../../support/test-database.ts';
import { startTestServer, type TestServer } from '../../support/test-server.ts';
import { openBrowser, type OpenPage, type Viewer } from './chromium.ts';

// A browser on a machine at work takes its time; what never comes fails by the page's own time limit.
vi.setConfig({ testTimeout: 240_000, hookTimeout: 240_000 });

/** Built by `npm run build --workspace web`; elsewhere when `CONVEY_TEST_WEB` names a folder. */
const WEB_DIR = process.env['CONVEY_TEST_WEB'] ?? 'web/dist';

/** A server with the web app, a workspace with the sample's conversations, and a browser. */
export interface Site {
  db: TestDatabase;
  server: TestServer;
  workspaceId: string;
  /** Makes a member and opens a page as them; close the whole site, not each page. */
  openAs(role: Role, viewer?: Viewer): Promise<OpenPage & { person: Person }>;
  /** Opens a page as nobody. */
  open(viewer?: Viewer): Promise<OpenPage>;
  /** Takes the server away; what it gives brings it back, at the same address and over the same data. */
  takeAway(): Promise<() => Promise<void>>;
  close(): Promise<void>;
}

/**
 * @param options.conversations of the sample; 0 for an empty workspace
 * @param options.settings as environment variables
 */
export async function openSite({
  conversations = 60,
  settings = {},
}: {
  conversations?: number;
  settings?: Record<string, string>;
} = {}): Promise<Site> {
  if (!existsSync(`${WEB_DIR}/index.html`))
    throw new Error('the web app is not built: run `npm run build --workspace web` first');
  const db = await createTestDatabase();
  // Of the site, so that a server that comes back finds its keys and files.
  const home = await mkdtemp(join(tmpdir(), 'convey-site-'));
  const start = (port: string) =>
    startTestServer(
      db.database,
      { CONVEY_HOME: home, CONVEY_PORT: port, ...settings },
      { webDir: pathToFileURL(`${WEB_DIR}/`) },
    );
  const server = await start('0');
  const browser = await openBrowser(server.url);
  const workspaceId = await db.createWorkspace('acme');
  await db.asSuperuser(`update workspaces set name = 'Acme Support' where id = $1`, [workspaceId]);
  if (conversations > 0) await loadSample(server, workspaceId, conversations);
  const site: Site = {
    db,
    server,
    workspaceId,
    takeAway: async () => {
      await site.server.stop();
      return async () => {
        site.server = await start(new URL(server.url).port);
      };
    },
    open: (viewer) => browser.open(viewer),
    openAs: async (role, viewer) => {
      const person = await plantMember(db, workspaceId, role);
      const page = await browser.open(viewer, person.token);
      return { ...page, person };
    },
    close: async () => {
      await browser.close();
      await site.server.stop();
      await db.drop();
      await rm(home, { recursive: true, force: true });
    },
  };
  return site;
}

async function loadSample(server: TestServer, workspaceId: string, conversations: number): Promise<void> {
  const headers = await server.authorize(workspaceId, ['ingest']);
  const lines = [...generateSample({ conversations })].map((record) => JSON.stringify(record));
  const reply = await fetch(`${server.url}/v1/ingest`, {
    method: 'POST',
    headers: { ...headers, 'content-type': 'application/x-ndjson' },
    body: `${lines.join('\n')}\n`,
  });
  if (!reply.ok) throw new Error(`the sample was not taken: ${await reply.text()}`);
}
