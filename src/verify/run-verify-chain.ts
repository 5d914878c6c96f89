import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { describeChain } from './describe-chain.ts';
import { readShared, type SharedArguments } from './run-verify.ts';
import { BadPinError } from './trust.ts';
import { verifyChain } from './verify-chain.ts';

/** What `convey verify --chain` is given. */
export interface ChainArguments extends SharedArguments {
  /** Packages in their order, or one folder that holds them. */
  paths: readonly string[];
  /** SHA-256 of the newest manifest.json, as 64 hexadecimal digits. */
  head?: string | undefined;
}

/**
 * Verifies a chain of packages and says on standard output what it found (nothing if `quiet`).
 * @returns the exit code: 0 verified, 1 not
 * @throws BadPinError for keys or a head that cannot be used
 */
export async function runVerifyChain(
  { paths, head, ...shared }: ChainArguments,
  signal?: AbortSignal,
): Promise<number> {
  if (head !== undefined && !/^(sha256:)?[0-9a-f]{64}$/i.test(head))
    throw new BadPinError('--head takes the SHA-256 of a manifest.json: 64 hexadecimal digits.');
  if (paths.length === 0) throw new BadPinError('--chain takes packages, or a folder of them.');
  const { options, done } = await readShared(shared, signal);
  const found = await findPackages(paths);
  const result = await verifyChain(found ?? paths, {
    ...options,
    isUnordered: found !== undefined,
    ...(head === undefined ? {} : { head: head.slice(-64).toLowerCase() }),
  });
  done(result, describeChain(result));
  return result.ok ? 0 : 1;
}

/** The packages in a folder that is none itself; undefined for anything else. */
async function findPackages([folder, ...more]: readonly string[]): Promise<string[] | undefined> {
  if (folder === undefined || more.length > 0 || !(await isFolder(folder)) || (await isPackage(folder)))
    return undefined;
  const found: string[] = [];
  for (const name of (await readdir(folder)).sort()) {
    const path = join(folder, name);
    if (/\.zip$/i.test(name) || (await isPackage(path))) found.push(path);
  }
  return found;
}

async function isFolder(path: string): Promise<boolean> {
  const found = await stat(path).catch(() => undefined);
  return found?.isDirectory() === true;
}

async function isPackage(path: string): Promise<boolean> {
  const found = await stat(join(path, 'manifest.json')).catch(() => undefined);
  return found?.isFile() === true;
}
