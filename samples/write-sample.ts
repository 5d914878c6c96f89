import { createWriteStream } from 'node:fs';
import { mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { ConveyError } from '../src/errors.ts';
import { countSample, generateSample } from './generate-sample.ts';
import { sampleFileContent } from './sample-files.ts';
import type { SampleRecord } from './sample-record.ts';
import type { SampleOptions } from './sample-size.ts';
import { folderNotEmpty } from './samples.errors.ts';

const RECORDS = 'records.ndjson';
const UNFINISHED = `${RECORDS}.part`;
/** Exactly the names that a sample gives its files: nothing else is ever removed. */
const OWN_FILE = /^\d{4}\.(png|pdf|wav)$/;
const CHUNK_CHARACTERS = 1 << 16;

export interface SampleProgress {
  records: number;
  plannedRecords: number;
  bytes: number;
}

export interface WriteSampleOptions extends SampleOptions {
  signal?: AbortSignal;
  /** Replace an earlier sample in the folder. Other files in it stay. */
  force?: boolean;
  /** Told after every chunk (some 64 kB) and at the end. */
  onProgress?: (progress: SampleProgress) => void;
}

/**
 * Writes a sample as a package folder that `convey import` takes: `records.ndjson`, one record a line, and
 * the bytes of its files under `files/`, named by the `content_path` of their lines. `records.ndjson` has its
 * name only once it is whole. Returns how many records of each type there are.
 * @throws `samples.folder_not_empty` unless `force`; the signal's reason when it is aborted
 */
export async function writeSample(
  dir: string,
  options: WriteSampleOptions = {},
): Promise<Record<string, number>> {
  const { signal, onProgress } = options;
  signal?.throwIfAborted();
  const counts: Record<string, number> = countSample(options);
  const plannedRecords = Object.values(counts).reduce((sum, count) => sum + count, 0);
  await makeRoom(dir, options.force ?? false);

  let records = 0;
  let bytes = 0;
  async function* chunks(): AsyncGenerator<Buffer> {
    let text = '';
    let files = 0;
    for (const record of generateSample(options)) {
      const line = record.type === 'file' ? await writeContent(dir, record, ++files) : record;
      text += `${JSON.stringify(line)}\n`;
      records++;
      if (text.length < CHUNK_CHARACTERS) continue;
      yield take();
    }
    yield take();

    function take(): Buffer {
      const chunk = Buffer.from(text);
      text = '';
      bytes += chunk.length;
      onProgress?.({ records, plannedRecords, bytes });
      return chunk;
    }
  }

  const unfinished = join(dir, UNFINISHED);
  const sink = createWriteStream(unfinished);
  try {
    await pipeline(
      Readable.from(chunks(), { objectMode: true, highWaterMark: 1 }),
      sink,
      signal ? { signal } : {},
    );
    signal?.throwIfAborted();
    await rename(unfinished, join(dir, RECORDS));
  } catch (error) {
    await rm(unfinished, { force: true });
    await removeOwnFiles(dir);
    throw signal?.aborted ? signal.reason : error;
  }
  return counts;
}

/** Writes the bytes of a file beside the records and says in its line where. */
async function writeContent(dir: string, record: SampleRecord, number: number): Promise<SampleRecord> {
  const ending = String(record.media_type).replace(/^.*\//, '');
  const path = `files/${String(number).padStart(4, '0')}.${ending}`;
  await writeFile(join(dir, path), sampleFileContent(record));
  return { ...record, content_path: path };
}

async function makeRoom(dir: string, isForced: boolean): Promise<void> {
  await mkdir(dir, { recursive: true });
  if (!isForced && (await readdir(dir)).length > 0) throw new ConveyError(folderNotEmpty);
  await rm(join(dir, RECORDS), { force: true });
  await rm(join(dir, UNFINISHED), { force: true });
  await mkdir(join(dir, 'files'), { recursive: true });
  await removeOwnFiles(dir);
}

async function removeOwnFiles(dir: string): Promise<void> {
  for (const name of await readdir(join(dir, 'files'))) {
    if (OWN_FILE.test(name)) await rm(join(dir, 'files', name), { force: true });
  }
}
