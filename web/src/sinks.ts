import { Failure } from './failure.ts';
import type { FileType } from './export-kinds.ts';
import { formatBytes } from './format-amounts.ts';

/** Where a download goes. Nothing is a file that one could mistake for a whole one until `finish()` returns. */
export interface Sink {
  write(chunk: Uint8Array<ArrayBuffer>): Promise<void>;
  /** Makes the file. `serverName` is the name the server gave it. Returns the name it was saved under. */
  finish(serverName: string): Promise<string>;
  /** Throws away what has arrived. */
  discard(): Promise<void>;
}

interface SavePickerOptions {
  suggestedName: string;
  id: string;
  types: { description: string; accept: Record<string, string[]> }[];
}
type Picker = (
  options: SavePickerOptions,
) => Promise<FileSystemFileHandle & { remove?: () => Promise<void> }>;

const MEDIA_TYPES: Readonly<Record<FileType, string>> = {
  json: 'application/json',
  ndjson: 'application/x-ndjson',
  csv: 'text/csv',
  zip: 'application/zip',
};

/** Larger downloads than this are refused where they must be held in memory. */
export const MEMORY_LIMIT_BYTES = 1_000_000_000;

function findPicker(): Picker | undefined {
  return (globalThis as { showSaveFilePicker?: Picker }).showSaveFilePicker;
}

/** Whether this browser can write a download to disk while it arrives; only on https and on localhost. */
export function canStreamToDisk(): boolean {
  return findPicker() !== undefined;
}

/**
 * Opens a sink: a file that the person chooses, or the browser's memory. Call it from the click itself: the
 * browser asks for a file only then. Undefined when the person closed the question.
 */
export async function openSink(suggestedName: string, fileType: FileType): Promise<Sink | undefined> {
  const picker = findPicker();
  if (picker === undefined) return memorySink(fileType);
  const accept = { [MEDIA_TYPES[fileType]]: [`.${fileType}`] };
  const types = [{ description: fileType.toUpperCase(), accept }];
  try {
    const handle = await picker.call(globalThis, { suggestedName, id: 'convey', types });
    return await fileSink(handle);
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') return undefined;
    throw cannotWrite(error);
  }
}

/** The browser writes to a hidden file beside the chosen one and puts it in place when it is closed. */
async function fileSink(handle: Awaited<ReturnType<Picker>>): Promise<Sink> {
  const writable = await handle.createWritable();
  return {
    write: (chunk) => writable.write(chunk).catch((error: unknown) => Promise.reject(cannotWrite(error))),
    finish: async () => {
      await writable.close().catch((error: unknown) => Promise.reject(cannotWrite(error)));
      return handle.name;
    },
    discard: async () => {
      await writable.abort().catch(() => undefined); // a stream that failed is closed already
      await handle.remove?.(); // the empty file that choosing a name has made
    },
  };
}

function memorySink(fileType: FileType): Sink {
  const type = MEDIA_TYPES[fileType];
  let blobs: Blob[] = [];
  let loose: Uint8Array<ArrayBuffer>[] = [];
  let looseBytes = 0;
  let bytes = 0;
  return {
    write: async (chunk) => {
      bytes += chunk.length;
      if (bytes > MEMORY_LIMIT_BYTES) throw tooLarge();
      loose.push(chunk);
      looseBytes += chunk.length;
      if (looseBytes < 8_000_000) return;
      blobs.push(new Blob(loose)); // a browser may move a blob to disk, an array never
      loose = [];
      looseBytes = 0;
    },
    finish: async (serverName) => {
      const link = document.createElement('a');
      link.href = URL.createObjectURL(new Blob([...blobs, ...loose], { type }));
      link.download = serverName;
      link.click();
      setTimeout(() => URL.revokeObjectURL(link.href), 120_000); // the browser copies it in the background
      return serverName;
    },
    discard: async () => {
      blobs = [];
      loose = [];
    },
  };
}

function cannotWrite(cause: unknown): Failure {
  return new Failure(
    {
      code: 'web.cannot_write',
      title: 'The browser could not write the file.',
      detail: cause instanceof Error ? cause.message : String(cause),
    },
    { cause },
  );
}

function tooLarge(): Failure {
  return new Failure({
    code: 'web.too_large',
    title: `The file is larger than the ${formatBytes(MEMORY_LIMIT_BYTES)} that this browser can hold here.`,
    detail: 'Use the curl command, or Chrome or Edge over https, which write the file as it arrives.',
  });
}
