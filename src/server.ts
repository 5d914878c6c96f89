import { join } from 'node:path';
import { accessRoutes } from './access/access.routes.ts';
import { registerAuditLogRoutes } from './access/audit/audit-log.routes.ts';
import { runCheckpoints } from './audit/checkpoints/run-checkpoints.ts';
import { apiKeyRoutes } from './access/api-keys/api-keys.routes.ts';
import { brandRoutes } from './access/brand/brand.routes.ts';
import { guardRoutes } from './access/authenticate.ts';
import { invitationRoutes } from './access/members/invitations.routes.ts';
import { memberRoutes } from './access/members/members.routes.ts';
import { deliveryRoutes } from './access/notify/deliveries.routes.ts';
import { mailRoutes } from './access/notify/mails.routes.ts';
import { noticeRoutes } from './access/notify/notices.routes.ts';
import { webhookRoutes } from './access/notify/webhooks.routes.ts';
import { IdentityProvider } from './access/oidc/identity-provider.ts';
import { OIDC_CALLBACK, type Oidc, registerOidcRoutes } from './access/oidc/oidc.routes.ts';
import { sessionLimits } from './access/sessions.ts';
import { createSignIn } from './access/sign-in/sign-in.ts';
import { registerSignInRoutes } from './access/sign-in/sign-in.routes.ts';
import { sweepSignIns } from './access/sign-in/sweep-sign-ins.ts';
import { settingsRoutes } from './access/workspaces/settings.routes.ts';
import type { Config } from './config.ts';
import { listMigrations } from './database/migrate.ts';
import { registerExportRoutes } from './exports/exports.routes.ts';
import { sweepInterrupted } from './exports/finish/sweep-interrupted.ts';
import { registerKeyRoutes } from './exports/keys.routes.ts';
import { expireExports } from './exports/keep/end-export.ts';
import { registerKeptExportRoutes } from './exports/kept-exports.routes.ts';
import { registerListedExportRoutes } from './exports/listed-exports.routes.ts';
import { sweepLinks } from './exports/links/export-links.ts';
import { registerExportLinkRoutes } from './exports/links/export-links.routes.ts';
import { registerOpenedLinkRoutes } from './exports/links/opened-links.routes.ts';
import { registerFieldSetRoutes } from './exports/field-sets/field-sets.routes.ts';
import { registerOrderRoutes } from './exports/order/orders.routes.ts';
import { registerScheduleRoutes } from './exports/schedules/schedules.routes.ts';
import { registerOrderOptionsRoutes } from './exports/order/order-options.routes.ts';
import { registerPreviewRoutes } from './exports/preview/preview.routes.ts';
import { registerExportEventRoutes } from './exports/progress/export-events.routes.ts';
import { registerExportSummaryRoutes } from './exports/progress/export-summary.routes.ts';
import { registerLastExportRoutes } from './exports/progress/last-exports.routes.ts';
import { buildApp } from './http/app.ts';
import { sweepKeys } from './http/idempotency/idempotency-keys.ts';
import type { App } from './http/route-config.ts';
import { type RunningServer, startServer } from './http/start-server.ts';
import { sweepOutbox } from './notify/outbox/sweep-outbox.ts';
import { startOutbox } from './notify/start-outbox.ts';
import { resolveHost } from './notify/webhooks/check-target.ts';
import { registerFileRoutes } from './records/files.routes.ts';
import { registerIngestRoutes } from './records/ingest.routes.ts';
import { registerFilterValueRoutes } from './records/lists/filter-values.routes.ts';
import { registerListRoutes } from './records/lists/lists.routes.ts';
import { registerSavedViewRoutes } from './records/saved-views/saved-views.routes.ts';
import { sweepImports } from './records/uploads/end-import.ts';
import { registerImportRoutes } from './records/uploads/uploads.routes.ts';
import { sweepPending } from './records/pending/sweep-pending.ts';
import { JobEvents } from './jobs/job-events.ts';
import { findFolder, type Installation } from './installation.ts';
import { startWorker } from './worker.ts';
import { PACKAGE_ROOT, readVersion } from './version.ts';

const SWEEP_EVERY_MS = 60_000;

/** Where uploaded files lie until they are imported. */
const uploadsOf = ({ homeDir }: Config) => join(homeDir, 'uploads');

/** The web application over an installation, wired by hand: every capability's routes in one place. */
export async function createApp(
  installation: Installation,
  events = new JobEvents(installation.database.url, installation.log),
  { webDir = new URL('web/dist/', PACKAGE_ROOT) }: { webDir?: URL } = {},
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
  const signIn = createSignIn({
    database,
    log,
    mailer: installation.mailer,
    hashCounted: installation.hashCounted,
    sealedTexts: installation.sealedTexts,
    sessions: sessionLimits(config),
    publicUrl: config.publicUrl,
    productName: config.productName,
    passwordCost: installation.passwordCost,
  });
  const builtWeb = await findFolder(webDir);
  const docsDir = await findFolder(new URL('docs/', PACKAGE_ROOT));
  return buildApp({
    config,
    database,
    log,
    hashCounted: installation.hashCounted,
    version: await readVersion(),
    migrations: await listMigrations(),
    guard: guardRoutes({ database, log, sessions: sessionLimits(config) }),
    routes: [
      accessRoutes({ database }),
      (app) => registerSignInRoutes(app, signIn),
      (app) => registerOidcRoutes(app, signIn, openOidc(config)),
      memberRoutes({ database }),
      invitationRoutes({ database, mailer: installation.mailer, publicUrl: config.publicUrl }),
      apiKeyRoutes({ database }),
      settingsRoutes({ database }),
      brandRoutes({ database, store, productName: config.productName }),
      webhookRoutes({
        database,
        sealedTexts: installation.sealedTexts,
        targets: { allow: config.webhookAllow, resolve: resolveHost },
      }),
      deliveryRoutes({ database }),
      mailRoutes({
        database,
        sealedTexts: installation.sealedTexts,
        mailer: installation.mailer,
        publicUrl: config.publicUrl,
      }),
      noticeRoutes({ database }),
      (app) => registerIngestRoutes(app, ingestDependencies),
      (app) => registerImportRoutes(app, { ...ingestDependencies, uploads: uploadsOf(config) }),
      (app) => registerFileRoutes(app, { ...ingestDependencies, idleClientMs: config.idleClientMs }),
      (app) => registerListRoutes(app, { database }),
      (app) => registerFilterValueRoutes(app, { database }),
      (app) => registerSavedViewRoutes(app, { database }),
      (app) =>
        registerAuditLogRoutes(app, {
          database,
          log,
          productName: config.productName,
          checkpointFolder: config.checkpointFolder,
        }),
      (app) => registerExportRoutes(app, exports),
      (app) => registerPreviewRoutes(app, { ...exports, partConversations: config.partConversations }),
      (app) =>
        registerOrderRoutes(app, {
          ...exports,
          events,
          partConversations: config.partConversations,
          keptPerWorkspace: config.keptExportsPerWorkspace,
        }),
      (app) => registerOrderOptionsRoutes(app, exports),
      (app) => registerFieldSetRoutes(app, { database }),
      (app) =>
        registerScheduleRoutes(app, {
          database,
          partConversations: config.partConversations,
          destinations: config.s3Destinations,
          now: () => new Date(),
        }),
      (app) => registerListedExportRoutes(app, { database }),
      (app) => registerKeptExportRoutes(app, { ...exports, events }),
      (app) => registerExportEventRoutes(app, { ...exports, events, sessions: sessionLimits(config) }),
      (app) => registerLastExportRoutes(app, { database }),
      (app) => registerExportSummaryRoutes(app, { database }),
      (app) =>
        registerExportLinkRoutes(app, {
          database,
          publicUrl: config.publicUrl,
          mostLinkMs: config.mostLinkMs,
        }),
      (app) => {
        const { hashCounted } = installation;
        const { linkDownloads } = config;
        registerOpenedLinkRoutes(app, { ...exports, hashCounted, linkDownloads });
      },
      (app) => registerKeyRoutes(app, installation.signingKeys),
    ],
    ...(builtWeb === undefined ? {} : { webDir: builtWeb }),
    ...(docsDir === undefined ? {} : { docsDir }),
  });
}

/** The provider that the settings name, if any. */
function openOidc(config: Config): Oidc | undefined {
  const { oidcIssuer: issuer, oidcClientId: clientId, oidcClientSecret: clientSecret } = config;
  if (issuer === undefined || clientId === undefined) return undefined;
  const redirectUri = config.publicUrl + OIDC_CALLBACK;
  return {
    provider: new IdentityProvider({ issuer, clientId, clientSecret, redirectUri }),
    name: config.oidcName,
    domains: config.oidcDomains,
    join: config.oidcJoin,
  };
}

/**
 * Serves an installation until `stop()`. The installation stays open: close it afterwards.
 * @param options.webDir the built web app; of this package unless given
 */
export async function serve(
  installation: Installation,
  options: { webDir?: URL } = {},
): Promise<RunningServer> {
  const { config, database, feedEpoch, log, store } = installation;
  const events = new JobEvents(database.url, log);
  const running = await startServer(await createApp(installation, events, options), config);
  if (
    config.publicUrl.startsWith('https:') &&
    config.tlsCertFile === undefined &&
    !config.trustedProxies.length
  )
    log.warn(
      'CONVEY_URL is https, but neither CONVEY_TLS_CERT nor CONVEY_TRUSTED_PROXIES is set: whoever ends HTTPS in front of this server is taken for the client',
    );
  const worker = config.role === 'all' ? startWorker(installation, events) : undefined;
  const sweep = async () => {
    try {
      const exports = await sweepInterrupted(database);
      const expired = await expireExports(installation.exports);
      const files = await store.sweepTemporary();
      if (expired > 0) log.info('files of exports were deleted: their time was over', { exports: expired });
      await sweepImports(database, uploadsOf(config));
      await sweepPending({ database, feedEpoch, pendingMs: config.pendingMs });
      await sweepOutbox(database);
      await sweepKeys(database);
      await sweepLinks(database);
      await sweepSignIns(database);
      if (exports + files > 0) log.warn('swept what a server that is gone left behind', { exports, files });
    } catch (error) {
      log.error('a sweep failed', { error });
    }
  };
  const outbox = startOutbox(installation);
  const stopCheckpoints = runCheckpoints({
    database,
    log,
    signingKeys: installation.signingKeys,
    mailer: installation.mailer,
    everyEvents: config.checkpointEvents,
    everyMs: config.checkpointEveryMs,
    folder: config.checkpointFolder,
    mailTo: config.checkpointMail,
  });
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
      await stopCheckpoints();
      await outbox.stop();
      await sweeping; // it still uses the database
    },
  };
}
