import { randomBytes } from 'node:crypto';
import { access, stat, statfs } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { type Config, readConfig } from '../config.ts';
import { checkRuntimeRole } from '../database/check-runtime-role.ts';
import { Database } from '../database/connect.ts';
import { ensureMigrated } from '../database/migrate.ts';
import { findRunning } from '../database/running-database.ts';
import { ConveyError } from '../errors.ts';
import { findStoreAddress, openInstallation } from '../installation.ts';
import { keyFileOf, readKeyFile } from '../keys/key-file.ts';
import { ensureMasterKeysFit } from '../keys/check-master-keys.ts';
import { masterKeyId, MasterKeys } from '../keys/master-keys.ts';
import type { Log } from '../log.ts';
import { findMissingObjects } from '../storage/find-missing-objects.ts';
import { openEncryptedStore } from '../storage/open-encrypted-store.ts';

/** What one check found. A warning is for people to judge; only `failed` makes the doctor fail. */
export interface Finding {
  check: string;
  state: 'ok' | 'warning' | 'failed';
  message: string;
}

type Answer = Omit<Finding, 'check'>;

const GIB = 1024 ** 3;
const TIGHT_BYTES = 2 * GIB;
const FULL_BYTES = GIB / 8;
const PROBE_BYTES = 200_000;
const LISTED_OBJECTS = 10;

const ok = (message: string): Answer => ({ state: 'ok', message });
const warning = (message: string): Answer => ({ state: 'warning', message });
const failed = (message: string): Answer => ({ state: 'failed', message });

/**
 * Every check in order; one that fails does not keep the others from running.
 * @param isDeep reads every stored object
 */
export async function* examine(config: Config, log: Log, isDeep = false): AsyncGenerator<Finding> {
  const checks: [check: string, run: () => Promise<Answer>][] = [
    ['settings', async () => checkSettings()],
    ['home folder', () => checkHome(config)],
    ['master key', () => checkMasterKey(config)],
    ['storage', () => checkStorage(config)],
    ['disk space', () => checkSpace(config)],
    ['database', () => checkDatabase(config, log)],
    ['stored objects', () => checkObjects(config, log, isDeep)],
  ];
  for (const [check, run] of checks) yield { check, ...(await run().catch(describeFailure)) };
}

function describeFailure(error: unknown): Answer {
  if (error instanceof ConveyError) return failed(`${error.message} (${error.code})`);
  return failed(error instanceof Error ? error.message : String(error));
}

function checkSettings(): Answer {
  const { warnings } = readConfig(process.env); // a bad value has ended the command before
  return warnings.length === 0
    ? ok('every value is one that its setting takes')
    : warning(warnings.join(' '));
}

const octal = (mode: number) => (mode & 0o777).toString(8).padStart(4, '0');

async function checkHome({ homeDir }: Config): Promise<Answer> {
  const found = await stat(homeDir).catch(() => undefined);
  if (found === undefined) return warning(`${homeDir} is not there yet; the first start makes it`);
  const mode = octal(found.mode);
  if ((found.mode & 0o022) !== 0) {
    return failed(
      `${homeDir} has mode ${mode}: others may replace what is in it. Run: chmod go-w ${homeDir}`,
    );
  }
  return ok(`${homeDir} (mode ${mode})`);
}

async function checkMasterKey(config: Config): Promise<Answer> {
  const { masterKeys, homeDir } = config;
  const path = keyFileOf(homeDir);
  const hasFile = await access(path).then(
    () => true,
    () => false,
  );
  if (masterKeys !== undefined) {
    const ids = masterKeys.map(masterKeyId).join(', ');
    return hasFile
      ? warning(`from CONVEY_MASTER_KEY (${ids}); the file ${path} is there, too, and is not used`)
      : ok(`from CONVEY_MASTER_KEY (${ids})`);
  }
  if (!hasFile) {
    await findStoreAddress(config); // makes it, or says that it was lost
    return ok(`made: ${path} (mode 0600). Back it up, apart from the storage`);
  }
  const ids = (await readKeyFile(path)).map(masterKeyId);
  return ids.length > 1
    ? warning(`${path} holds ${ids.join(', ')}: a rotation was broken off. Run: convey key rotate`)
    : ok(`${path} (mode 0600, ${ids[0]}). Back it up, apart from the storage`);
}

/** A round trip through the encryption, and whether what was stored before opens with today's keys. */
async function checkStorage(config: Config): Promise<Answer> {
  const store = await openEncryptedStore(await findStoreAddress(config));
  for await (const { key } of store.list('')) {
    (await store.open(key)).destroy();
    break;
  }
  const key = `doctor/${randomBytes(8).toString('hex')}`;
  const content = randomBytes(PROBE_BYTES);
  try {
    await store.put(key, Readable.from([content]));
    const chunks: Buffer[] = [];
    for await (const chunk of await store.open(key)) chunks.push(chunk as Buffer);
    if (!Buffer.concat(chunks).equals(content)) return failed('what was written came back changed');
  } finally {
    await store.delete(key);
  }
  return ok('writes, encrypts, reads back and deletes');
}

async function checkSpace({ homeDir, storage }: Config): Promise<Answer> {
  const folders = [homeDir, ...(storage.startsWith('file:') ? [storage.slice('file:'.length)] : [])];
  const answers: Answer[] = [];
  for (const folder of folders) {
    const { bavail, bsize } = await statfs(folder);
    const free = bavail * bsize;
    const text = `${(free / GIB).toFixed(1)} GiB free at ${folder}`;
    answers.push(free < FULL_BYTES ? failed(text) : free < TIGHT_BYTES ? warning(text) : ok(text));
  }
  const worst = (['failed', 'warning', 'ok'] as const).find((state) =>
    answers.some((answer) => answer.state === state),
  );
  return { state: worst ?? 'ok', message: answers.map(({ message }) => message).join('; ') };
}

/** A database of one's own is only looked at; the embedded one is started, if it does not run, and so migrated. */
async function checkDatabase(config: Config, log: Log): Promise<Answer> {
  const { databaseUrl, homeDir } = config;
  const url = databaseUrl ?? (await findRunning(homeDir))?.runtimeUrl;
  if (url === undefined) {
    const installation = await openInstallation(config, log, { mayJoin: true });
    await installation.close();
    return ok(
      'the embedded database starts, its role is a plain one, migrations are current, the master key opens what is stored',
    );
  }
  const database = new Database(url, { maxConnections: 1, applicationName: 'convey doctor' });
  try {
    await checkRuntimeRole(database);
    await ensureMigrated(database);
    const address = await findStoreAddress(config);
    const masterKeys = new MasterKeys(address.masterKeys);
    await ensureMasterKeysFit(database, masterKeys, await openEncryptedStore(address));
  } finally {
    await database.close();
  }
  const which = databaseUrl === undefined ? 'the embedded database of the running server' : 'DATABASE_URL';
  return ok(
    `${which} answers, its role is a plain one, migrations are current, the master key opens what is stored`,
  );
}

/** Whether the store holds what published exports and files name. */
async function checkObjects(config: Config, log: Log, isDeep: boolean): Promise<Answer> {
  const url = config.databaseUrl ?? (await findRunning(config.homeDir))?.runtimeUrl;
  if (url === undefined) {
    const installation = await openInstallation(config, log, { mayJoin: true });
    try {
      return await compareObjects(installation.database, config, isDeep);
    } finally {
      await installation.close();
    }
  }
  const database = new Database(url, { maxConnections: 1, applicationName: 'convey doctor' });
  try {
    return await compareObjects(database, config, isDeep);
  } finally {
    await database.close();
  }
}

async function compareObjects(database: Database, config: Config, isDeep: boolean): Promise<Answer> {
  const store = await openEncryptedStore(await findStoreAddress(config));
  const told: string[] = [];
  let missing = 0;
  for await (const { what, problem } of findMissingObjects(database, store, isDeep))
    if (missing++ < LISTED_OBJECTS) told.push(`${what} ${problem}`);
  if (missing > LISTED_OBJECTS) told.push(`and ${missing - LISTED_OBJECTS} more`);
  if (missing > 0) return failed(`${told.join('; ')}. Put them back from a backup`);
  const how = isDeep ? 'read whole' : 'in its size; --deep reads them';
  return ok(`all that published exports and files name is there, ${how}`);
}
