import { readFile } from 'node:fs/promises';
import { accessRoutes } from './access/access.routes.ts';
import { guardRoutes } from './access/authenticate.ts';
import { listMigrations } from './database/migrate.ts';
import { registerExportRoutes } from './exports/exports.routes.ts';
import { sweepInterrupted } from './exports/finish-export.ts';
import { buildApp } from './http/app.ts';
import type { App } from './http/route-config.ts';
import { type RunningServer, startServer } from './http/start-server.ts';
import { registerFileRoutes } from './records/files.routes.ts';
import { registerIngestRoutes } from './records/ingest.routes.ts';
import { sweepPending } from './records/pending/sweep-pending.ts';
import { findFolder, type Installation } from './installation.ts';

/** From `src/` and from `dist/src/` alike, the package's root is found by its package.json. */
const ROOT = new URL(import.meta.url.includes('/dist/src/') ? '../../' : '../', import.meta.url);
const SWEEP_EVERY_MS = 60_000;

/** The web application over an installation, wired by hand: every capability's routes in one place. */
export async function createApp(installation: Installation): Promise<App> {
  const { config, database, log, exports, store, feedEpoch } = installation;
  const ingestDependencies = {
    database,
    store,
    feedEpoch,
    log,
    bodyBytes: config.ingestBodyBytes,
    messageBodyBytes: config.messageBodyBytes,
  };
  const webDir = await findFolder(new URL('web/dist/', ROOT));
  const docsDir = await findFolder(new URL('docs/', ROOT));
  return buildApp({
    config,
    database,
    log,
    version: await readVersion(),
    migrations: await listMigrations(),
    guard: guardRoutes({ database, log }),
    routes: [
      accessRoutes({ database }),
      (app) => registerIngestRoutes(app, ingestDependencies),
      (app) => registerFileRoutes(app, ingestDependencies),
      (app) => registerExportRoutes(app, exports),
    ],
    ...(webDir === undefined ? {} : { webDir }),
    ...(docsDir === undefined ? {} : { docsDir }),
  });
}

/** Serves an installation until `stop()`. The installation stays open: close it afterwards. */
export async function serve(installation: Installation): Promise<RunningServer> {
  const { config, database, feedEpoch, log, store } = installation;
  const running = await startServer(await createApp(installation), config);
  const sweep = async () => {
    try {
      const exports = await sweepInterrupted(database);
      const files = await store.sweepTemporary();
      await sweepPending({ database, feedEpoch, pendingMs: config.pendingMs });
      if (exports + files > 0) log.warn('swept what a server that is gone left behind', { exports, files });
    } catch (error) {
      log.error('a sweep failed', { error });
    }
  };
  let sweeping = sweep();
  const timer = setInterval(() => {
    sweeping = sweeping.then(sweep);
  }, SWEEP_EVERY_MS);
  return {
    ...running,
    stop: async (graceMs) => {
      clearInterval(timer);
      await running.stop(graceMs);
      await sweeping; // it still uses the database
    },
  };
}

/** The version in package.json. */
export async function readVersion(): Promise<string> {
  const text = await readFile(new URL('package.json', ROOT), 'utf8');
  return (JSON.parse(text) as { version: string }).version;
}
