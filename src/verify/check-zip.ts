import type { FileHandle } from 'node:fs/promises';
import { layOutPackage } from '../packages/lay-out-package.ts';
import { sliceLayout, type ZipLayout, type ZipPiece } from '../packages/lay-out-zip.ts';
import type { PackagedFile, Part } from '../packages/manifest.ts';
import { type TagFile, tagFilesOf } from '../packages/tag-files.ts';
import { PayloadCheck } from './check-payload.ts';
import { ProblemList } from './problems.ts';
import { readAt, readBlocks } from './read-file.ts';
import { type Checks, MAX_MANIFEST_BYTES, readManifest, type SignedManifest } from './read-manifest.ts';

const LOCAL_HEADER = Buffer.from('PK\x03\x04');
const FIRST_ENTRIES = ['bagit.txt', 'bag-info.txt', 'manifest.json', 'manifest.json.sig'];

/**
 * Checks a package that lies as a zip. The manifest is among the first entries, each of which states its length;
 * from it follows what every byte of the zip must be, so the zip's own directory is compared and never trusted.
 */
export async function checkZip(handle: FileHandle, checks: Checks): Promise<SignedManifest | undefined> {
  const { size } = await handle.stat();
  const [, , manifestBytes, signature] = (await readFirstEntries(handle, size, checks)) ?? [];
  if (manifestBytes === undefined || signature === undefined) return undefined;
  const signed = await readManifest(manifestBytes, signature, 'convey.package.v1', checks);
  if (signed === undefined) return undefined;
  const tagFiles = tagFilesOf(signed.manifest, manifestBytes, signature);
  const layout = layOutPackage(signed.manifest, tagFiles);
  checks.onTotal(layout.totalBytes);
  if (size !== layout.totalBytes) {
    const what = `The zip has ${size} bytes; by its manifest it has ${layout.totalBytes}: something was added or is missing.`;
    checks.problems.add('zip_size', '', what);
  }
  await new ZipComparison(layout, tagFiles, [...signed.manifest.parts, ...signed.manifest.files], checks).run(
    handle,
  );
  return signed;
}

/** Contents of the entries up to the signature. Undefined, and said why, if they are not as Convey writes them. */
async function readFirstEntries(
  handle: FileHandle,
  size: number,
  { problems }: Checks,
): Promise<Buffer[] | undefined> {
  const contents: Buffer[] = [];
  let offset = 0;
  for (const name of FIRST_ENTRIES) {
    const header = await readAt(handle, offset, 30);
    const isCutHere =
      header.length < 30 && LOCAL_HEADER.subarray(0, header.length).equals(header.subarray(0, 4));
    if (size > 0 && isCutHere) return cutOff(offset, name, problems);
    if (offset === 0 && !header.subarray(0, 4).equals(LOCAL_HEADER)) {
      problems.add('not_a_package', '', 'This is no package: it does not begin as a zip does.');
      return undefined;
    }
    const isWhole = header.length === 30 && header.subarray(0, 4).equals(LOCAL_HEADER);
    const bytes = isWhole ? header.readUInt32LE(18) : 0;
    const start = offset + 30 + (isWhole ? header.readUInt16LE(26) + header.readUInt16LE(28) : 0);
    const path = (await readAt(handle, offset + 30, isWhole ? header.readUInt16LE(26) : 0)).toString(
      'latin1',
    );
    const isStored = isWhole && header.readUInt16LE(8) === 0 && (header.readUInt16LE(6) & 8) === 0;
    const isOurs = isStored && (path.endsWith(`/${name}`) || offset + 30 + header.readUInt16LE(26) > size);
    if (isOurs && start + bytes > size && bytes <= MAX_MANIFEST_BYTES) return cutOff(offset, name, problems);
    if (!isStored || !path.endsWith(`/${name}`) || start + bytes > size || bytes > MAX_MANIFEST_BYTES) {
      const what =
        'This zip was packed again by other software, or changed at its start ' +
        `(at byte ${offset}, where ${name} should begin); unpack it and verify the folder.`;
      problems.add('zip_packed_again', '', what);
      return undefined;
    }
    contents.push(await readAt(handle, start, bytes));
    offset = start + bytes;
  }
  return contents;
}

function cutOff(offset: number, name: string, problems: ProblemList): undefined {
  const what = `This zip was cut off: it ends within ${name}, which begins at byte ${offset}. Get a fresh copy.`;
  problems.add('zip_size', '', what);
  return undefined;
}

/** Compares a zip with its layout, byte by byte, in one reading from start to end. */
class ZipComparison {
  readonly #layout: ZipLayout;
  readonly #tagFiles: readonly TagFile[];
  readonly #payload: readonly (Part | PackagedFile)[];
  readonly #checks: Checks;
  /** Kept apart: if most headers differ, one sentence says more than all of these. */
  readonly #differences = new ProblemList();
  #differentPieces = 0;
  #hasDiffered = false;
  #check: PayloadCheck | undefined;

  constructor(
    layout: ZipLayout,
    tagFiles: readonly TagFile[],
    payload: readonly (Part | PackagedFile)[],
    checks: Checks,
  ) {
    this.#layout = layout;
    this.#tagFiles = tagFiles;
    this.#payload = payload;
    this.#checks = checks;
  }

  async run(handle: FileHandle): Promise<void> {
    const pieces = sliceLayout(this.#layout, 0, this.#layout.totalBytes);
    let piece = this.#begin(pieces.next().value as ZipPiece | undefined);
    let done = 0; // of the piece
    for await (const block of readBlocks(handle)) {
      this.#checks.onBytes(block.length);
      for (let at = 0; at < block.length && piece !== undefined; ) {
        const length = Math.min(lengthOf(piece) - done, block.length - at);
        await this.#compare(piece, done, block.subarray(at, at + length));
        at += length;
        done += length;
        if (done < lengthOf(piece)) continue;
        await this.#end();
        piece = this.#begin(pieces.next().value as ZipPiece | undefined);
        done = 0;
      }
      if (piece === undefined) break; // what lies behind the end is told by the size
    }
    await this.#end();
    // An entry without bytes has no piece, but its digest and counts are stated all the same.
    for (const file of this.#payload)
      if (file.bytes === 0) await new PayloadCheck(file, file.name, this.#checks.problems).end();
    this.#report();
  }

  #begin(piece: ZipPiece | undefined): ZipPiece | undefined {
    this.#hasDiffered = false;
    if (piece !== undefined && 'entry' in piece) {
      const file = this.#payload[piece.entry - this.#tagFiles.length];
      if (file !== undefined) this.#check = new PayloadCheck(file, file.name, this.#checks.problems);
    }
    return piece;
  }

  async #compare(piece: ZipPiece, done: number, found: Buffer): Promise<void> {
    if (this.#check !== undefined) return await this.#check.push(found);
    const tagFile = 'entry' in piece ? this.#tagFiles[piece.entry] : undefined;
    const bytes = 'bytes' in piece ? piece.bytes : (tagFile as TagFile).bytes;
    const expected = bytes.subarray(done, done + found.length);
    if (this.#hasDiffered || found.equals(expected)) return;
    this.#hasDiffered = true;
    const at = found.findIndex((byte, index) => byte !== expected[index]);
    const offset = piece.offset + done + at;
    if (tagFile !== undefined) {
      const what = `${tagFile.name} is not what follows from the manifest: it was changed (byte ${offset} of the zip).`;
      this.#checks.problems.add('tag_file_changed', tagFile.name, what);
      return;
    }
    this.#differentPieces++;
    const what = `Byte ${offset} of the zip, between its files, is ${found[at]} and by the manifest ${expected[at]}.`;
    this.#differences.add('zip_changed', '', what);
  }

  async #end(): Promise<void> {
    await this.#check?.end();
    this.#check = undefined;
  }

  #report(): void {
    const { problems } = this.#checks;
    // Every entry has a header in two places.
    if (this.#differentPieces > this.#layout.entries.length) {
      const what =
        'This zip was packed again by other software (its headers are not as Convey writes them); ' +
        'unpack it and verify the folder.';
      problems.add('zip_packed_again', '', what);
      return;
    }
    for (const { code, place, message } of this.#differences.found) problems.add(code, place, message);
  }
}

function lengthOf(piece: ZipPiece): number {
  return 'bytes' in piece ? piece.bytes.length : piece.to - piece.from;
}
