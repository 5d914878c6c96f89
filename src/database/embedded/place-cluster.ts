import { createHash, randomBytes } from 'node:crypto';
import { existsSync, realpathSync, statSync } from 'node:fs';
import { chmod, link, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ConveyError } from '../../errors.ts';
import type { Log } from '../../log.ts';
import { syncFolder, writeDurably } from './host/durable-file.ts';
import { dataMissing, homeCopied, homeUnreachable } from './embedded.errors.ts';
import { listServersOf } from './host/process-identity.ts';
import { canEnter, getNobody, isRoot, isSafe, type ServiceUser } from './host/service-user.ts';

/** Where a home's cluster lives, and as whom it runs. */
export interface ClusterPlace {
  /** `<home>/postgres`: passwords, and the pointer to `stateDir` when that is elsewhere. */
  homeFolder: string;
  /** Lock, configuration, server log and `data`; usually the same as `homeFolder`. */
  stateDir: string;
  dataDir: string;
  /** The user to run PostgreSQL as; undefined: as ourselves. */
  user: ServiceUser | undefined;
}

/** Where root keeps clusters whose home the service user cannot enter. */
export interface StateFolders {
  /** Durable. */
  stateRoot: string;
  /** Homes below it are temporary, and so are their clusters, which are kept in it too. */
  temporaryFolder: string;
}

const POINTER = 'location.json';
/** Names, inside a state folder outside of any home, the home it belongs to. */
const HOME_NAME = 'home';

async function findPointer(homeFolder: string): Promise<string | undefined> {
  try {
    const text = await readFile(join(homeFolder, POINTER), 'utf8');
    return (JSON.parse(text) as { stateDir: string }).stateDir;
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    if (code === 'ENOENT') return undefined;
    if (code === 'EACCES') throw cause;
    throw new ConveyError(dataMissing, 'Its postgres/location.json cannot be read.', { cause });
  }
}

/** A home that was moved takes its database along; a home that was copied must not share it. */
async function claimPointed(homeFolder: string, stateDir: string): Promise<void> {
  const homeName = join(stateDir, HOME_NAME);
  let owner: string;
  try {
    owner = await readFile(homeName, 'utf8');
  } catch (cause) {
    throw new ConveyError(dataMissing, 'postgres/location.json says where they were.', { cause });
  }
  if (owner === homeFolder) return;
  const isOwnerThere = (await findPointer(owner).catch(() => undefined)) === stateDir;
  if (isOwnerThere) throw new ConveyError(homeCopied);
  await writeDurably(homeName, homeFolder, 0o644);
}

/** The folder for state folders outside of homes: a temporary home gets a temporary one. */
function findRoot(homeFolder: string, folders: StateFolders): { root: string; isTemporary: boolean } {
  const temporary = existsSync(folders.temporaryFolder) ? realpathSync(folders.temporaryFolder) : '/dev/null';
  const isTemporary = homeFolder.startsWith(`${temporary}/`);
  return { root: isTemporary ? join(temporary, 'convey-postgres-state') : folders.stateRoot, isTemporary };
}

/**
 * Looks for state folders whose home was deleted, or was given another database. Temporary ones go with
 * their home. Others are named: starting a home with old data would surprise, and deleting data that
 * somebody may have forgotten to mount the home of is not ours to decide, but it must not lie there unknown.
 */
async function sweepLeftOvers(root: string, isTemporary: boolean, log: Log): Promise<void> {
  for (const name of await readdir(root)) {
    const stateDir = join(root, name);
    const home = await readFile(join(stateDir, HOME_NAME), 'utf8').catch(() => undefined);
    if (home === undefined || (await findPointer(home).catch(() => stateDir)) === stateDir) continue;
    if (isTemporary) {
      // While the home is there, somebody may be about to point it here.
      const isUsed = existsSync(home) || listServersOf(join(stateDir, 'data')).length > 0;
      if (!isUsed) await rm(stateDir, { recursive: true, force: true });
    } else if (existsSync(join(stateDir, 'data'))) {
      log.warn(
        'A database is left over from a home folder that is gone or has another now; delete it if not needed.',
        { stateDir, home },
      );
    }
  }
}

/** Makes a state folder in a place that every system user can enter, and points the home at it. */
async function placeOutside(homeFolder: string, stateRoot: string): Promise<string> {
  await mkdir(stateRoot, { recursive: true, mode: 0o755 });
  const root = realpathSync(stateRoot);
  if (!isSafe(root))
    throw new ConveyError(homeUnreachable, 'Other users may write to the place for its files.');
  const hash = createHash('sha256').update(homeFolder).digest('hex').slice(0, 16);
  const stateDir = join(root, `${hash}-${randomBytes(4).toString('hex')}`);
  await mkdir(stateDir, { mode: 0o711 });
  await writeDurably(join(stateDir, HOME_NAME), homeFolder, 0o644);
  await syncFolder(root);
  const draft = join(homeFolder, `${POINTER}.${randomBytes(6).toString('hex')}`);
  await writeFile(draft, `${JSON.stringify({ stateDir }, null, 2)}\n`, {
    flag: 'wx',
    mode: 0o644,
    flush: true,
  });
  try {
    await link(draft, join(homeFolder, POINTER)); // of two starters at once, one makes the pointer
    await syncFolder(homeFolder);
    return stateDir;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    await rm(stateDir, { recursive: true, force: true });
    return (await findPointer(homeFolder)) ?? stateDir;
  } finally {
    await rm(draft, { force: true });
  }
}

/** As root, the cluster runs as whoever owns its files already, else as nobody. */
function chooseUser(dataDir: string): ServiceUser {
  const owner = statSync(dataDir, { throwIfNoEntry: false });
  return owner === undefined || owner.uid === 0 ? getNobody() : { uid: owner.uid, gid: owner.gid };
}

function unreachable(cause: unknown): unknown {
  const code = (cause as NodeJS.ErrnoException).code;
  return code === 'EACCES' || code === 'EPERM'
    ? new ConveyError(homeUnreachable, undefined, { cause })
    : cause;
}

async function place(homeDir: string, folders: StateFolders, log: Log): Promise<ClusterPlace> {
  await mkdir(join(homeDir, 'postgres'), { recursive: true });
  const homeFolder = realpathSync(join(homeDir, 'postgres'));
  // Whatever the umask: others may pass through to their own files when we are root, but see nothing here.
  if (statSync(homeFolder).uid === process.geteuid?.()) await chmod(homeFolder, isRoot() ? 0o711 : 0o700);
  const at = (stateDir: string, user: ServiceUser | undefined): ClusterPlace => {
    const dataDir = join(stateDir, 'data');
    // The real path, since that is where a server is seen to stand.
    return { homeFolder, stateDir, dataDir: existsSync(dataDir) ? realpathSync(dataDir) : dataDir, user };
  };
  const pointed = await findPointer(homeFolder);
  if (pointed !== undefined) await claimPointed(homeFolder, pointed);
  const stateDir = pointed ?? homeFolder;
  const dataDir = join(stateDir, 'data');
  if (!isRoot()) {
    const owner = statSync(dataDir, { throwIfNoEntry: false });
    if (owner !== undefined && owner.uid !== process.geteuid?.()) throw new ConveyError(homeUnreachable);
    return at(stateDir, undefined);
  }
  const user = chooseUser(dataDir);
  const { root, isTemporary } = findRoot(homeFolder, folders);
  if (pointed !== undefined && existsSync(root)) await sweepLeftOvers(root, isTemporary, log);
  if (canEnter(stateDir, user)) return at(stateDir, user);
  if (pointed !== undefined || existsSync(dataDir)) throw new ConveyError(homeUnreachable);
  const outside = await placeOutside(homeFolder, root);
  await sweepLeftOvers(root, isTemporary, log);
  if (!canEnter(outside, user)) throw new ConveyError(homeUnreachable);
  const tell = isTemporary ? log.info : log.warn;
  tell(
    'PostgreSQL runs as another system user, who cannot enter the home folder: its files are kept elsewhere. Back up both.',
    { dataDir: join(outside, 'data'), pointer: join(homeFolder, POINTER) },
  );
  return at(outside, user);
}

/**
 * Decides where the cluster of a home folder lives: in `<homeDir>/postgres`, or, when we are root and the
 * user that PostgreSQL runs as cannot enter that, in a folder of its own elsewhere that a pointer file in
 * the home names for ever.
 *
 * Throws `database.home_unreachable`, `database.home_copied`, `database.data_missing`.
 */
export async function placeCluster(homeDir: string, folders: StateFolders, log: Log): Promise<ClusterPlace> {
  try {
    return await place(homeDir, folders, log);
  } catch (error) {
    throw unreachable(error);
  }
}
