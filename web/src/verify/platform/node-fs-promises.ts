// Stands for `node:fs/promises` in a browser: its files are those that somebody dropped.

const files = new Map<string, Blob>();

/** Puts the files that can be read; earlier ones are gone. */
export function setFiles(entries: Iterable<readonly [path: string, content: Blob]>): void {
  files.clear();
  for (const [path, content] of entries) files.set(path, content);
}

interface Stats {
  size: number;
  isFile: () => boolean;
  isDirectory: () => boolean;
}

const fileStats = ({ size }: Blob): Stats => ({ size, isFile: () => true, isDirectory: () => false });

function missing(path: string): Error {
  return Object.assign(new Error(`${path} is not there`), { code: 'ENOENT', path });
}

export async function stat(path: string): Promise<Stats> {
  const file = files.get(path);
  if (file !== undefined) return fileStats(file);
  if (![...files.keys()].some((name) => name.startsWith(`${path}/`))) throw missing(path);
  return { size: 0, isFile: () => false, isDirectory: () => true };
}

/** There are no links here. */
export async function lstat(path: string): Promise<Stats> {
  return stat(path);
}

export async function readdir(path: string): Promise<(Stats & { name: string })[]> {
  const root = `${path}/`;
  const names = [...files.keys()]
    .filter((name) => name.startsWith(root))
    .map((name) => name.slice(root.length));
  const entries = new Set(names.map((name) => name.split('/', 1)[0]!));
  return Promise.all([...entries].map(async (name) => ({ name, ...(await stat(root + name)) })));
}

/** Opens a dropped file; of it only what is asked for is read. */
export async function open(path: string): Promise<{
  stat: () => Promise<Stats>;
  read: (
    into: Uint8Array,
    offset: number,
    length: number,
    position: number,
  ) => Promise<{ bytesRead: number }>;
  close: () => Promise<void>;
}> {
  const file = files.get(path);
  if (file === undefined) throw missing(path);
  return {
    stat: async () => fileStats(file),
    read: async (into, offset, length, position) => {
      const bytes = new Uint8Array(await file.slice(position, position + length).arrayBuffer());
      into.set(bytes, offset);
      return { bytesRead: bytes.length };
    },
    close: async () => {},
  };
}
