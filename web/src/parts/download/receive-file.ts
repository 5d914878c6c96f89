import { readRefusal } from '../../api/problem.ts';
import { languageHeader } from '../../texts/chosen-language.ts';

/** Larger files are not collected here: they are written where the viewer says, as they come. */
const MOST_COLLECTED_BYTES = 64 * 1024 * 1024;
/** Long enough for any browser to have taken the bytes over. */
const KEPT_FOR_MS = 60_000;

/** The part of a file picker's handle that is needed here. */
interface Place {
  createWritable(): Promise<FileSystemWritableFileStream>;
}

declare global {
  interface Window {
    /** Not in every browser, and only where the connection is secure. */
    showSaveFilePicker?: (options: { suggestedName: string }) => Promise<Place>;
  }
}

/** The transfer ended before the file did. What had arrived is thrown away. */
export class BrokenTransferError extends Error {
  override readonly name = 'BrokenTransferError';
  /** The export whose file it was; null: of something else. */
  readonly exportId: string | null;

  constructor(exportId: string | null, cause: unknown) {
    super('the transfer broke off', { cause });
    this.exportId = exportId;
  }
}

/** The chosen place took no more. */
export class NotSavedError extends Error {
  override readonly name = 'NotSavedError';
}

/** What became of a download: a whole file, or the browser has taken over. */
export type Received = { name: string; bytes: number } | 'handed over';

export interface Receiving {
  signal: AbortSignal;
  /** @param total null: nobody knows before the end */
  onProgress: (name: string, bytes: number, total: number | null) => void;
  /** Asks where a large file goes; only called where the browser can ask. */
  choosePlace: (pick: () => Promise<Place>) => Promise<Place>;
}

/**
 * Fetches a file and saves it when all of it is there: small ones like any download, large ones as they come, into a
 * file that the viewer names, which stays as it was until the end. A browser that cannot do that gets the address.
 * @throws RefusedError, BrokenTransferError, NotSavedError, or as `signal` says
 */
export async function receiveFile(href: string, receiving: Receiving): Promise<Received> {
  const { signal, onProgress, choosePlace } = receiving;
  const reply = await fetch(href, { signal, headers: languageHeader() });
  if (!reply.ok || reply.body === null) throw await readRefusal(reply);
  const name = fileNameOf(reply.headers.get('content-disposition')) ?? 'download';
  const length = reply.headers.get('content-length');
  const total = length === null ? null : Number(length);
  const reader = reply.body.getReader();
  const collected: BlobPart[] = [];
  let file: FileSystemWritableFileStream | undefined;
  let bytes = 0;
  onProgress(name, 0, total);
  try {
    for (;;) {
      if (file === undefined && Math.max(bytes, total ?? 0) > MOST_COLLECTED_BYTES) {
        const pick = window.showSaveFilePicker?.bind(window);
        if (pick === undefined) return handOver(href);
        file = await (await choosePlace(() => pick({ suggestedName: name }))).createWritable();
        for (const part of collected.splice(0)) await write(file, part);
      }
      const chunk = await read(reader, reply, signal);
      if (chunk === undefined) break;
      bytes += chunk.byteLength;
      if (file === undefined) collected.push(chunk);
      else await write(file, chunk);
      onProgress(name, bytes, total);
    }
    // Only now does the file get its contents.
    if (file === undefined) save(new Blob(collected), name);
    else await end(file);
    return { name, bytes };
  } catch (error) {
    await file?.abort().catch(() => {});
    throw error;
  } finally {
    void reader.cancel().catch(() => {});
  }
}

async function read(
  reader: ReadableStreamDefaultReader<Uint8Array<ArrayBuffer>>,
  { headers }: Response,
  signal: AbortSignal,
): Promise<Uint8Array<ArrayBuffer> | undefined> {
  try {
    const { value } = await reader.read();
    return value;
  } catch (error) {
    signal.throwIfAborted();
    throw new BrokenTransferError(headers.get('convey-export-id'), error);
  }
}

async function write(file: FileSystemWritableFileStream, part: BlobPart): Promise<void> {
  try {
    await file.write(part);
  } catch (error) {
    throw new NotSavedError('no more room', { cause: error });
  }
}

async function end(file: FileSystemWritableFileStream): Promise<void> {
  try {
    await file.close();
  } catch (error) {
    throw new NotSavedError('not closed', { cause: error });
  }
}

function save(blob: Blob, name: string): void {
  const href = URL.createObjectURL(blob);
  follow(href, name);
  setTimeout(() => URL.revokeObjectURL(href), KEPT_FOR_MS);
}

/** The browser fetches by itself: its own list of downloads tells how that goes. */
function handOver(href: string): Received {
  follow(href, '');
  return 'handed over';
}

function follow(href: string, name: string): void {
  const link = document.createElement('a');
  link.href = href;
  link.download = name;
  link.click();
}

/** The name in `Content-Disposition`, in its exact form where there is one. */
function fileNameOf(header: string | null): string | undefined {
  const [, exact] = /filename\*=UTF-8''([^;]+)/i.exec(header ?? '') ?? [];
  if (exact !== undefined) return decodeURIComponent(exact);
  return /filename="([^"]+)"/i.exec(header ?? '')?.[1];
}
