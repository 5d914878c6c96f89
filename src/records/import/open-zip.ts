import { isUtf8 } from 'node:buffer';
import { Readable } from 'node:stream';
import { crc32 } from 'node:zlib';
import yauzl from 'yauzl';
import { ConveyError } from '../../errors.ts';
import { type ConveyPackage, choosePartNames } from './convey-package.ts';
import { asDamaged, damagedFile, noRecords, tooLarge, unsafePath, unsupportedZip } from './import.errors.ts';
import type { ImportLimits } from './limits.ts';
import { ensureSafePath } from './safe-path.ts';

/**
 * Opens a zip in Convey's format. Its whole directory is checked before the first record is read, so a zip
 * with one bad entry brings in nothing. What the directory declares is held to while reading: size and
 * CRC-32 of every entry.
 * @throws `import.damaged_file`, `import.unsafe_path`, `import.unsupported_zip`, `import.too_large`,
 * `import.no_records`
 */
export async function openZip(
  path: string,
  name: string,
  limits: ImportLimits,
  signal: AbortSignal,
): Promise<ConveyPackage> {
  // Names are decoded here: yauzl would silently turn backslashes into slashes.
  const options = { autoClose: false, decodeStrings: false, validateEntrySizes: true };
  const zip = await yauzl.openPromise(path, options).catch((error: unknown) => {
    throw asDamaged(error, name, signal);
  });
  try {
    const entries = withoutTopFolder(await listEntries(zip, name, limits, signal));
    const names = choosePartNames(entries.keys());
    if (names.length === 0) throw new ConveyError(noRecords);
    return {
      parts: names.map((part) => ({ name: part, sizeBytes: entries.get(part)!.uncompressedSize })),
      readPart: (part) => readEntry(zip, entries.get(part)!, part, signal),
      openFile: async (file) => {
        ensureSafePath(file);
        const entry = entries.get(file);
        return entry && Readable.from(readEntry(zip, entry, file, signal), { objectMode: false });
      },
      close: async () => zip.close(),
    };
  } catch (error) {
    zip.close();
    throw error;
  }
}

async function listEntries(
  zip: yauzl.ZipFile,
  name: string,
  limits: ImportLimits,
  signal: AbortSignal,
): Promise<Map<string, yauzl.Entry>> {
  if (zip.entryCount > limits.zipEntries) {
    throw new ConveyError(
      tooLarge,
      `${name} has ${zip.entryCount} entries; the limit is ${limits.zipEntries}.`,
    );
  }
  const entries = new Map<string, yauzl.Entry>();
  const folded = new Set<string>();
  let packed = 0;
  let unpacked = 0;
  try {
    for await (const entry of zip.eachEntry()) {
      signal.throwIfAborted();
      const path = decodeName(entry);
      checkEntry(entry, path, folded, limits);
      packed += entry.compressedSize;
      unpacked += entry.uncompressedSize;
      if (!path.endsWith('/')) entries.set(path, entry);
    }
  } catch (error) {
    throw asDamaged(error, name, signal);
  }
  if (packed > zip.fileSize) throw new ConveyError(damagedFile, `${name}: its entries overlap.`);
  if (unpacked > limits.unpackedBytes) {
    throw new ConveyError(
      tooLarge,
      `${name} would unpack to ${unpacked} bytes; the limit is ${limits.unpackedBytes}.`,
    );
  }
  checkRatio(zip.fileSize, unpacked, name, limits);
  return entries;
}

function decodeName(entry: yauzl.Entry): string {
  const isMarkedUtf8 = (entry.generalPurposeBitFlag & 0x800) !== 0;
  const raw = entry.fileNameRaw;
  if (isUtf8(raw)) return raw.toString('utf8'); // many tools write UTF-8 without saying so
  if (isMarkedUtf8) throw new ConveyError(unsafePath, 'A name is marked as UTF-8 and is not.');
  return yauzl.getFileNameLowLevel(entry.generalPurposeBitFlag, raw, entry.extraFields, true);
}

function checkEntry(entry: yauzl.Entry, path: string, folded: Set<string>, limits: ImportLimits): void {
  ensureSafePath(path.replace(/\/$/, ''));
  const shown = JSON.stringify(path.slice(0, 120));
  // The same file on systems that fold case or compose accents: which one is meant would depend on the reader.
  const key = path.replace(/\/$/, '').normalize('NFC').toLowerCase();
  if (folded.has(key)) throw new ConveyError(unsafePath, `${shown} is there twice, or differs only by case.`);
  folded.add(key);
  const kind = (entry.externalFileAttributes >>> 16) & 0o170000;
  if (kind === 0o120000) throw new ConveyError(unsafePath, `${shown} is a symbolic link.`);
  if (kind !== 0 && kind !== 0o100000 && kind !== 0o040000) {
    throw new ConveyError(unsafePath, `${shown} is neither a file nor a folder.`);
  }
  if (entry.isEncrypted()) throw new ConveyError(unsupportedZip, `${shown} is encrypted.`);
  if (!entry.canDecodeFileData()) {
    throw new ConveyError(unsupportedZip, `${shown} is packed with method ${entry.compressionMethod}.`);
  }
  checkRatio(entry.compressedSize, entry.uncompressedSize, shown, limits);
}

function checkRatio(packed: number, unpacked: number, name: string, limits: ImportLimits): void {
  if (unpacked <= limits.ratioFloorBytes || unpacked <= limits.ratio * packed) return;
  throw new ConveyError(tooLarge, `${name} would unpack to more than ${limits.ratio} times its size.`);
}

/** BagIt zips hold everything in one folder of their own; paths are then relative to that. */
function withoutTopFolder(entries: Map<string, yauzl.Entry>): Map<string, yauzl.Entry> {
  if (choosePartNames(entries.keys()).length > 0) return entries;
  const tops = new Set([...entries.keys()].map((path) => path.slice(0, path.indexOf('/') + 1)));
  const [top] = tops;
  if (tops.size !== 1 || top === undefined || top === '') return entries;
  return new Map([...entries].map(([path, entry]) => [path.slice(top.length), entry]));
}

async function* readEntry(
  zip: yauzl.ZipFile,
  entry: yauzl.Entry,
  path: string,
  signal: AbortSignal,
): AsyncGenerator<Buffer, void, undefined> {
  let sum = 0;
  try {
    const stream = await zip.openReadStreamPromise(entry);
    for await (const chunk of stream as AsyncIterable<Buffer>) {
      signal.throwIfAborted();
      sum = crc32(chunk, sum);
      yield chunk;
    }
  } catch (error) {
    if (error instanceof Error && error.message.startsWith('too many bytes in the stream')) {
      throw new ConveyError(tooLarge, `${path} unpacks to more than the zip declares.`, { cause: error });
    }
    throw asDamaged(error, path, signal);
  }
  if (sum !== entry.crc32) throw new ConveyError(damagedFile, `${path}: its checksum does not match.`);
}
