import { readFile } from 'node:fs/promises';

/** From `src/` and from `dist/src/` alike, the package's root is found by its package.json. */
export const PACKAGE_ROOT = new URL(
  import.meta.url.includes('/dist/src/') ? '../../' : '../',
  import.meta.url,
);

/** The version in package.json. */
export async function readVersion(): Promise<string> {
  const text = await readFile(new URL('package.json', PACKAGE_ROOT), 'utf8');
  return (JSON.parse(text) as { version: string }).version;
}
