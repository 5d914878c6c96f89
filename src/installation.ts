import { access, mkdir, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { tables } from './catalog/catalog.ts';
import { findCatalogProblems } from './catalog/check-catalog.ts';
import type { Config } from './config.ts';
import { checkRuntimeRole } from './database/check-runtime-role.ts';
import { Database } from './database/connect.ts';
import { startEmbedded } from './database/embedded/start-embedded.ts';
import { readFeedEpoch } from './database/feed-epoch.ts';
import { ensureMigrated, migrate } from './database/migrate.ts';
import { findRunning, forgetRunning, noteRunning } from './database/running-database.ts';
import { ConveyError, errorKind } from './errors.ts';
import { ConnectionBudget } from './exports/connection-budget.ts';
import type { DeliverDependencies } from './exports/direct/deliver-export.ts';
import { RenderThreads } from './exports/render/render-threads.ts';
import type { KeepDependencies } from './exports/keep/keep-export.ts';
import type { Log } from './log.ts';
import { ensureMasterKeysFit } from './keys/check-master-keys.ts';
import { type HashCounted, hashCountedWith } from './database/hash-counted.ts';
import { MasterKeys } from './keys/master-keys.ts';
import { Mailer } from './notify/mail/mailer.ts';
import { SealedTexts } from './keys/sealed-texts.ts';
import { SigningKeys } from './keys/signing-keys.ts';
import { readVersion } from './version.ts';
import { loadMasterKeys } from './keys/load-master-keys.ts';
import type { ObjectStore } from './storage/object-store.ts';
import { holdsKeys, openEncryptedStore, type StoreAddress } from './storage/open-encrypted-store.ts';

const badHome = errorKind(
  'config.bad_home',
  500,
  'The home folder cannot be made. Set CONVEY_HOME to a folder that may be written.',
);
const catalogBroken = errorKind(
  'catalog.broken',
  500,
  'The database and the catalogue do not agree, so that an export or an erasure could miss something.',
);

/** Everything that a server or a command works with, open and checked. */
export interface Installation {
  config: Config;
  log: Log;
  database: Database;
  store: ObjectStore;
  /** Epoch of the change feed, written into every row. */
  feedEpoch: number;
  exports: DeliverDependencies & KeepDependencies;
  signingKeys: SigningKeys;
  sealedTexts: SealedTexts;
  /** For the keys of counters: what is counted must not be told by a copy of the database. */
  hashCounted: HashCounted;
  /** The outbox: mails are queued in the caller's transaction. */
  mailer: Mailer;
  /** bcrypt's cost of users' passwords; undefined: the usual one. Tests take a cheap one. */
  passwordCost?: number;
  /** Migrations that ran when it was opened. */
  migrated: string[];
  close(): Promise<void>;
}

export interface OpenOptions {
  signal?: AbortSignal;
  /** Use the embedded database of a server that is running on the same home, instead of refusing. */
  mayJoin?: boolean;
}

interface DatabaseAddresses {
  runtimeUrl: string;
  adminUrl: string | undefined;
  stop(): Promise<void>;
}

/**
 * Opens the database (the embedded one, or the one that DATABASE_URL names), migrates it, refuses an unsafe
 * role or an incomplete catalogue, and opens the object store.
 */
export async function openInstallation(
  config: Config,
  log: Log,
  options: OpenOptions = {},
): Promise<Installation> {
  const addresses = await openAddresses(config, log, options);
  const database = new Database(addresses.runtimeUrl);
  try {
    const { runtimeUrl, adminUrl } = addresses;
    const grants = tables.map(({ name, writes }) => ({ table: name, writes }));
    const runtimeRole = decodeURIComponent(new URL(runtimeUrl).username);
    const migrated = adminUrl === undefined ? [] : await migrate(adminUrl, runtimeRole, grants);
    if (adminUrl === undefined) await ensureMigrated(database);
    await checkRuntimeRole(database);
    await checkCatalog(database);
    const installation = await assembleInstallation(config, log, database);
    return {
      ...installation,
      migrated,
      close: async () => {
        await installation.close();
        await database.close();
        await addresses.stop();
      },
    };
  } catch (error) {
    await database.close();
    await addresses.stop();
    throw error;
  }
}

/** Everything over a database that is open and checked; `close` ends what was started here, not the database. */
export async function assembleInstallation(
  config: Config,
  log: Log,
  database: Database,
): Promise<Installation> {
  const address = await findStoreAddress(config);
  const store = await openEncryptedStore(address);
  const masterKeys = new MasterKeys(address.masterKeys);
  await ensureMasterKeysFit(database, masterKeys, store);
  const threads = new RenderThreads(config.exportThreads, address);
  const signingKeys = new SigningKeys(database, masterKeys);
  const sealedTexts = new SealedTexts(masterKeys);
  const mailer = new Mailer(sealedTexts, config.smtpUrl !== undefined);
  return {
    config,
    log,
    database,
    store,
    signingKeys,
    sealedTexts,
    hashCounted: hashCountedWith(await masterKeys.derive('counters')),
    mailer,
    feedEpoch: await readFeedEpoch(database),
    exports: {
      database,
      store,
      threads,
      signingKeys,
      version: await readVersion(),
      tell: { mailer, publicUrl: config.publicUrl },
      parallelParts: config.parallelParts,
      linkMs: config.linkMs,
      mostLinkMs: config.mostLinkMs,
      exportAttempts: config.exportAttempts,
      leaseMs: config.leaseMs,
      budget: new ConnectionBudget(config.exportConnections),
      log,
      productName: config.productName,
      repliesPerWorkspace: config.directRepliesPerWorkspace,
      snapshotMaxAgeMs: config.snapshotMaxAgeMs,
      idleClientMs: config.idleClientMs,
      spoolFolder: join(config.homeDir, 'spool'),
    },
    migrated: [],
    close: () => threads.close(),
  };
}

/** Where files are stored and the keys for them; makes the home folder and the key file if need be. */
export async function findStoreAddress(config: Config): Promise<StoreAddress> {
  const { storage: location } = config;
  await makeFolder(config.homeDir);
  return { location, masterKeys: await loadMasterKeys(config, () => holdsKeys(location)) };
}

async function openAddresses(config: Config, log: Log, options: OpenOptions): Promise<DatabaseAddresses> {
  const { homeDir, databaseUrl, databaseAdminUrl } = config;
  if (databaseUrl !== undefined) {
    return { runtimeUrl: databaseUrl, adminUrl: databaseAdminUrl, stop: async () => {} };
  }
  const { signal, mayJoin = false } = options;
  await makeFolder(homeDir);
  try {
    const embedded = await startEmbedded({ homeDir, log, ...(signal === undefined ? {} : { signal }) });
    await noteRunning(homeDir, embedded);
    return {
      ...embedded,
      stop: async () => {
        await forgetRunning(homeDir);
        await embedded.stop();
      },
    };
  } catch (error) {
    const isTaken = error instanceof ConveyError && error.code === 'database.home_in_use';
    const running = isTaken && mayJoin ? await findRunning(homeDir) : undefined;
    if (running === undefined) throw error;
    return { ...running, stop: async () => {} };
  }
}

/**
 * Makes a folder and those above it, one by one: Node's own recursive way never ends where the system lets
 * nothing be made (/proc).
 */
async function makeFolder(path: string): Promise<void> {
  if (
    await stat(path).then(
      (found) => found.isDirectory(),
      () => false,
    )
  )
    return;
  const parent = dirname(path);
  if (parent !== path) await makeFolder(parent);
  await mkdir(path).catch((cause: NodeJS.ErrnoException) => {
    if (cause.code === 'EEXIST') return; // made meanwhile, or a file: then what follows says so
    throw new ConveyError(badHome, `${path}: ${cause.code}.`, { cause });
  });
}

async function checkCatalog(database: Database): Promise<void> {
  const problems = await database.inSystem((transaction) => findCatalogProblems(transaction));
  if (problems.length > 0) throw new ConveyError(catalogBroken, `${problems.join('; ')}.`);
}

/** A folder of the package that may not have been built (the web app). */
export async function findFolder(url: URL): Promise<string | undefined> {
  return access(url).then(
    () => url.pathname,
    () => undefined,
  );
}
