import { constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';

const BLOCK_BYTES = 1 << 20;

/**
 * Opens a regular file to be read. A symbolic link is refused, and so is anything that is no file; a pipe does not
 * make us wait. Undefined for those.
 */
export async function openRegularFile(path: string, isLinkAllowed = false): Promise<FileHandle | undefined> {
  // Windows knows neither flag.
  const flags =
    constants.O_RDONLY | (constants.O_NONBLOCK ?? 0) | (isLinkAllowed ? 0 : (constants.O_NOFOLLOW ?? 0));
  const handle = await open(path, flags).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ELOOP' || error.code === 'ENXIO') return undefined;
    throw error;
  });
  if (handle === undefined || (await handle.stat()).isFile()) return handle;
  await handle.close();
  return undefined;
}

/** Reads a file from its start, block by block. A block is valid only until the next one is asked for. */
export async function* readBlocks(handle: FileHandle): AsyncGenerator<Buffer> {
  const { size } = await handle.stat();
  const buffer = Buffer.allocUnsafe(Math.min(BLOCK_BYTES, size + 1));
  for (let position = 0; ; ) {
    const { bytesRead } = await handle.read(buffer, 0, buffer.length, position);
    if (bytesRead === 0) return;
    position += bytesRead;
    yield buffer.subarray(0, bytesRead);
  }
}

/** `length` bytes from `position` on; fewer where the file ends. */
export async function readAt(handle: FileHandle, position: number, length: number): Promise<Buffer> {
  const buffer = Buffer.alloc(length);
  let done = 0;
  while (done < length) {
    const { bytesRead } = await handle.read(buffer, done, length - done, position + done);
    if (bytesRead === 0) break;
    done += bytesRead;
  }
  return buffer.subarray(0, done);
}
