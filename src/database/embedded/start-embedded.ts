import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ConveyError } from '../../errors.ts';
import { type Log, silentLog } from '../../log.ts';
import { acquireLock } from './cluster-lock.ts';
import { loadPasswords } from './cluster-passwords.ts';
import { ACCESS_FILE, settingsFile } from './cluster-settings.ts';
import { writeDurably } from './host/durable-file.ts';
import { startFailed } from './embedded.errors.ts';
import { endOrphans, findLeftover, hasSettings } from './find-leftover.ts';
import { findFreePort } from './host/free-port.ts';
import { type Cluster, ensureCluster, resetPasswords, SUPERUSER } from './init-cluster.ts';
import { prepareBinaries } from './native-binaries.ts';
import { placeCluster, type StateFolders } from './place-cluster.ts';
import {
  isPortTaken,
  launchPostgres,
  type PostgresProcess,
  stopPostgres,
  waitUntilReady,
} from './postgres-process.ts';
import {
  APP_ROLE,
  clusterUrl,
  connectSuperuser,
  DATABASE,
  OWNER_ROLE,
  prepareRoles,
} from './prepare-roles.ts';
import { findProgram } from './host/process-identity.ts';
import { boundLog, supervisePostgres } from './supervise-postgres.ts';

export interface EmbeddedDatabase {
  /** postgres:// URL of the migrating role `convey_owner` on database `convey`. */
  adminUrl: string;
  /** postgres:// URL of the runtime role `convey_app` on database `convey`. */
  runtimeUrl: string;
  /** postgres:// URL of the cluster's superuser on database `postgres`, for tests that make databases. */
  superuserUrl: string;
  /** Stops PostgreSQL cleanly, waits for its end and frees the home folder. Further calls wait for the first. */
  stop(): Promise<void>;
}

export interface EmbeddedOptions {
  /** The home folder; everything lies in `<homeDir>/postgres`, or is pointed at from there. */
  homeDir: string;
  log?: Log;
  /** Ends a start that is under way; a database that has started is ended by `stop()` alone. */
  signal?: AbortSignal;
  /** Settings of PostgreSQL over the defaults, for example `{ shared_buffers: '1GB' }`. */
  settings?: Record<string, string>;
}

/** Places outside of the home, used by root alone. */
export interface SystemFolders extends StateFolders {
  /** Take a copy of the programs when the service user cannot read the package. May be emptied at any time. */
  cacheFolders: string[];
}

/** /var/cache before the temporary folder: what cleans that one up would take a running server's libraries. */
const SYSTEM_FOLDERS: SystemFolders = {
  stateRoot: '/var/lib/convey',
  temporaryFolder: tmpdir(),
  cacheFolders: ['/var/cache/convey', tmpdir()],
};

const PORT_TRIES = 5;

/** Takes over a server that outlived its Convey, if it is just what we would start; else stops it. */
async function adopt(
  cluster: Cluster,
  settings: string,
  signal?: AbortSignal,
): Promise<PostgresProcess | undefined> {
  const leftover = await findLeftover(cluster);
  if (leftover === undefined) {
    await endOrphans(cluster);
    return undefined;
  }
  const { log, binaries } = cluster;
  const isAsOurs = findProgram(leftover.pid) === binaries.postgres && (await hasSettings(cluster, settings));
  if (isAsOurs && (await waitUntilReady(cluster, leftover, { signal }))) {
    try {
      const client = await connectSuperuser(cluster, leftover.port);
      // Sessions of the process that died may hold locks and run on for long; each has ten seconds to be gone.
      await client.query(
        `select pg_terminate_backend(pid, 10000) from pg_stat_activity
         where backend_type = 'client backend' and pid <> pg_backend_pid()`,
      );
      await client.end();
      log.info('Took over the PostgreSQL that an earlier Convey left running.', { pid: leftover.pid });
      return leftover;
    } catch (error) {
      log.warn('The PostgreSQL that an earlier Convey left running does not answer us.', { error });
    }
  }
  log.info('Stopping the PostgreSQL that an earlier Convey left running.', { pid: leftover.pid });
  await stopPostgres(cluster, leftover);
  await endOrphans(cluster);
  return undefined;
}

/** Starts the server on a free port; on another one when somebody takes that first. */
async function launch(cluster: Cluster, settings: string, signal?: AbortSignal): Promise<PostgresProcess> {
  await boundLog(cluster);
  // These lie in our own folder, not among the data: as root we must not write where another user can plant links.
  await writeDurably(join(cluster.stateDir, 'postgresql.conf'), settings, 0o644);
  await writeDurably(join(cluster.stateDir, 'pg_hba.conf'), ACCESS_FILE, 0o644);
  for (let tries = 1; ; tries++) {
    try {
      return await launchPostgres(cluster, await findFreePort(), signal);
    } catch (error) {
      if (tries === PORT_TRIES || !isPortTaken(error)) throw error;
    }
  }
}

async function startCluster(
  cluster: Cluster,
  settings: string,
  signal?: AbortSignal,
): Promise<PostgresProcess> {
  await ensureCluster(cluster, signal);
  let server = (await adopt(cluster, settings, signal)) ?? (await launch(cluster, settings, signal));
  try {
    let client = await connectSuperuser(cluster, server.port).catch((error: { code?: string }) => {
      if (error.code !== '28P01') throw error;
      return undefined;
    });
    if (client === undefined) {
      cluster.log.warn('The database has other passwords than the home folder; setting these.');
      await stopPostgres(cluster, server);
      const { owner, app, superuser } = cluster.passwords;
      await resetPasswords(cluster, { [OWNER_ROLE]: owner, [APP_ROLE]: app, [SUPERUSER]: superuser });
      server = await launch(cluster, settings, signal);
      client = await connectSuperuser(cluster, server.port);
    }
    await prepareRoles(client, cluster).finally(() => client.end());
    signal?.throwIfAborted();
    return server;
  } catch (error) {
    await stopPostgres(cluster, server);
    if (error instanceof ConveyError || signal?.aborted) throw error;
    throw new ConveyError(startFailed, undefined, { cause: error });
  }
}

/**
 * Starts the PostgreSQL that comes with Convey on the data of a home folder (made at the first start), or
 * takes over the one that a killed Convey left running. Listens on 127.0.0.1 alone, on a port of its own
 * choosing that stays the same until `stop()`, also when PostgreSQL is killed and comes back.
 *
 * Throws `database.home_in_use` when another live process has the home; the others of `embedded.errors.ts`.
 */
export async function startEmbedded(
  { homeDir, log = silentLog, signal, settings = {} }: EmbeddedOptions,
  folders: SystemFolders = SYSTEM_FOLDERS,
): Promise<EmbeddedDatabase> {
  signal?.throwIfAborted();
  const wanted = settingsFile(settings);
  const place = await placeCluster(homeDir, folders, log);
  const lock = await acquireLock(place.stateDir, { log, signal });
  try {
    const passwords = await loadPasswords(place.homeFolder);
    const binaries = await prepareBinaries({ ...place, cacheFolders: folders.cacheFolders });
    const cluster: Cluster = { ...place, binaries, passwords, log };
    const server = await startCluster(cluster, wanted, signal);
    const supervisor = supervisePostgres(cluster, server);
    let stopped: Promise<void> | undefined;
    return {
      adminUrl: clusterUrl(server.port, OWNER_ROLE, passwords.owner, DATABASE),
      runtimeUrl: clusterUrl(server.port, APP_ROLE, passwords.app, DATABASE),
      superuserUrl: clusterUrl(server.port, SUPERUSER, passwords.superuser, 'postgres'),
      stop() {
        stopped ??= supervisor.stop().finally(() => lock.release());
        return stopped;
      },
    };
  } catch (error) {
    await lock.release();
    throw signal?.aborted ? signal.reason : error;
  }
}
