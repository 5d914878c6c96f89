import { accessRoutes } from './access/access.routes.ts';
import { guardRoutes } from './access/authenticate.ts';
import { sessionLimits } from './access/sessions.ts';
import { listMigrations } from './database/migrate.ts';
import { registerExportRoutes } from './exports/exports.routes.ts';
import { sweepInterrupted } from './exports/finish-export.ts';
import { registerKeyRoutes } from './exports/keys.routes.ts';
import { expireExports } from './exports/keep/end-export.ts';
import { registerKeptExportRoutes } from './exports/kept-exports.routes.ts';
import { buildApp } from './http/app.ts';
import type { App } from './http/route-config.ts';
import { type RunningServer, startServer } from './http/start-server.ts';
import { registerFileRoutes } from './records/files.routes.ts';
import { registerIngestRoutes } from './records/ingest.routes.ts';
import { sweepPending } from './records/pending/sweep-pending.ts';
import { JobEvents } from './jobs/job-events.ts';
import { findFolder, type Installation } from './installation.ts';
import { startWorker } from './worker.ts';
import { PACKAGE_ROOT, readVersion } from './version.ts';

const SWEEP_EVERY_MS = 60_000;

/** The web application over an installation, wired by hand: every capability's routes in one place. */
export async function createApp(
  installation: Installation,
  events = new JobEvents(installation.database.url, installation.log),
): Promise<App> {
  const { config, database, log, exports, store, feedEpoch } = installation;
  const ingestDependencies = {
    database,
    store,
    feedEpoch,
    log,
    bodyBytes: config.ingestBodyBytes,
    messageBodyBytes: config.messageBodyBytes,
  };
  const webDir = await findFolder(new URL('web/dist/', PACKAGE_ROOT));
  const docsDir = await findFolder(new URL('docs/', PACKAGE_ROOT));
  return buildApp({
    config,
    database,
    log,
    version: await readVersion(),
    migrations: await listMigrations(),
    guard: guardRoutes({ database, log, sessions: sessionLimits(config) }),
    routes: [
      accessRoutes({ database }),
      (app) => registerIngestRoutes(app, ingestDependencies),
      (app) => registerFileRoutes(app, ingestDependencies),
      (app) => registerExportRoutes(app, exports),
      (app) =>
        registerKeptExportRoutes(app, {
          ...exports,
          events,
          partConversations: config.partConversations,
        }),
      (app) => registerKeyRoutes(app, installation.signingKeys),
    ],
    ...(webDir === undefined ? {} : { webDir }),
    ...(docsDir === undefined ? {} : { docsDir }),
  });
}

/** Serves an installation until `stop()`. The installation stays open: close it afterwards. */
export async function serve(installation: Installation): Promise<RunningServer> {
  const { config, database, feedEpoch, log, store } = installation;
  const events = new JobEvents(database.url, log);
  const running = await startServer(await createApp(installation, events), config);
  const worker = config.role === 'all' ? startWorker(installation, events) : undefined;
  const sweep = async () => {
    try {
      const exports = await sweepInterrupted(database);
      const expired = await expireExports(installation.exports);
      const files = await store.sweepTemporary();
      if (expired > 0) log.info('files of exports were deleted: their time was over', { exports: expired });
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
      await worker?.stop();
      await events.close();
      await sweeping; // it still uses the database
    },
  };
}
