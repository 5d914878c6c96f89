import { readdir } from 'node:fs/promises';
import { readConfig } from '../config.ts';
import { type AppDeps, buildApp } from '../http/app.ts';
import { hashCountedWith } from '../database/hash-counted.ts';
import type { App } from '../http/route-config.ts';
import type { Database } from '../database/connect.ts';
import { createLog } from '../log.ts';
import { createKey } from './access.commands.ts';
import { accessRoutes } from './access.routes.ts';
import { guardRoutes } from './authenticate.ts';
import type { ApiKeyScope } from './permissions.ts';

/** For tests: the whole application over a test database, and a way to get keys for it. */
export interface AppForTests {
  app: App;
  /** Lines logged so far. */
  log: Record<string, unknown>[];
  /** Makes a workspace with one key and gives the headers that present it. */
  newKey(scopes?: ApiKeyScope[]): Promise<{
    authorization: string;
    workspaceId: string;
    id: string;
  }>;
  close(): Promise<void>;
}

/** Builds the application with the routes of `access` and those of the test. */
export async function buildAppForTests(
  test: { database: Database; createWorkspace(): Promise<string> },
  deps: Partial<AppDeps> = {},
  env: Record<string, string> = {},
): Promise<AppForTests> {
  const log: Record<string, unknown>[] = [];
  const writer = createLog((line) => log.push(JSON.parse(line)));
  const migrations = await readdir(new URL('../../migrations/', import.meta.url));
  const app = await buildApp({
    config: readConfig({ CONVEY_URL: 'https://convey.example', ...env }).config,
    database: test.database,
    log: writer,
    hashCounted: hashCountedWith(Buffer.from('of the tests')),
    version: '1.2.3',
    migrations,
    guard: guardRoutes({
      database: test.database,
      log: writer,
      sessions: { idleMs: 3_600_000, maxMs: 86_400_000 },
    }),
    ...deps,
    routes: [accessRoutes({ database: test.database }), ...(deps.routes ?? [])],
  });
  return {
    app,
    log,
    newKey: async (scopes = ['admin']) => {
      const workspace = await test.createWorkspace();
      const { key, text } = await createKey(test.database, { workspace, name: 'Test key', scopes });
      return { authorization: `Bearer ${text}`, workspaceId: workspace, id: key.id };
    },
    close: async () => {
      await app.close();
    },
  };
}
