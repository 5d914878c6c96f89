import { createWriteStream } from 'node:fs';
import { mkdir, readdir, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { Readable } from 'node:stream';
import { ConveyError } from '../../errors.ts';
import { badFileName, tooManyFiles, unknownFile } from './uploads.errors.ts';

/** Of one import: the file itself and the side files that its map joins. */
const MOST_FILES = 10;
const NAME = /^(?!\.)[^/\\\p{Cc}\p{Cs}]+$/u;
const MOST_NAME_BYTES = 200;
/** Ends the name of a file that is still arriving; none of ours begins with a dot. */
const ARRIVING = '.arriving-';
/** One that has not grown for so long does not arrive any more: whoever took it in is gone. */
const QUIET_MS = 60_000;

/** The files of an import that nobody starts are kept so long. */
export const KEPT_HOURS = 6;

/** What has come of an upload so far. */
export interface Upload {
  files: string[];
  /** A file is on its way at this moment. */
  isArriving: boolean;
}

/** The uploaded files of one import, in a folder of the server's home that nobody else reads. */
export class UploadFolder {
  readonly path: string;

  constructor(uploads: string, importId: string) {
    this.path = join(uploads, importId);
  }

  /**
   * Keeps a file as it arrives; one of the same name is replaced once the new one is whole.
   * @throws imports.bad_file_name, imports.too_many_files
   */
  async put(name: string, content: Readable, signal: AbortSignal): Promise<{ bytes: number }> {
    if (!NAME.test(name) || Buffer.byteLength(name) > MOST_NAME_BYTES) throw new ConveyError(badFileName);
    await mkdir(this.path, { recursive: true, mode: 0o700 });
    const names = await this.list();
    if (!names.includes(name) && names.length >= MOST_FILES) throw new ConveyError(tooManyFiles);
    const arriving = join(this.path, `${ARRIVING}${process.hrtime.bigint()}`);
    try {
      await pipeline(content, createWriteStream(arriving, { mode: 0o600 }), { signal });
      const { size } = await stat(arriving);
      await rename(arriving, join(this.path, name));
      return { bytes: size };
    } catch (error) {
      await rm(arriving, { force: true });
      throw error;
    }
  }

  /** Names of the files that have arrived. */
  async list(): Promise<string[]> {
    const names = await readdir(this.path).catch((): string[] => []);
    return names.filter((name) => !name.startsWith('.')).sort();
  }

  /** What has arrived, and whether more is on its way. */
  async look(): Promise<Upload> {
    const names = await readdir(this.path).catch((): string[] => []);
    const grown = await Promise.all(
      names
        .filter((name) => name.startsWith(ARRIVING))
        .map((name) =>
          stat(join(this.path, name)).then(
            ({ mtimeMs }) => mtimeMs,
            () => 0,
          ),
        ),
    );
    return { files: await this.list(), isArriving: grown.some((at) => at > Date.now() - QUIET_MS) };
  }

  /** Where a file lies. @throws imports.no_such_file */
  async find(name: string): Promise<string> {
    if (!(await this.list()).includes(name)) throw new ConveyError(unknownFile);
    return join(this.path, name);
  }

  /** Deletes all of them. */
  async remove(): Promise<void> {
    await rm(this.path, { recursive: true, force: true });
  }
}

/** Ids of the imports that have a folder. */
export async function listUploadFolders(uploads: string): Promise<string[]> {
  const names = await readdir(uploads).catch((): string[] => []);
  return names.filter((name) => /^imp_\w+$/.test(name));
}
