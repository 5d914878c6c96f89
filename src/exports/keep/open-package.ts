import { createHash } from 'node:crypto';
import { basename } from 'node:path';
import type { FixedBytes } from '../../http/send-bytes.ts';
import { layOutPackage } from '../../packages/lay-out-package.ts';
import { sliceLayout } from '../../packages/lay-out-zip.ts';
import type { Manifest } from '../../packages/manifest.ts';
import { type TagFile, tagFilesOf } from '../../packages/tag-files.ts';
import { parseJson } from '../../parse-json.ts';
import type { ObjectStore } from '../../storage/object-store.ts';
import type { ExportPart, ExportRow } from './find-export.ts';

/** A published package: its manifest, the files that follow from it, and where the others lie. */
export interface OpenPackage {
  name: string;
  manifest: Manifest;
  tagFiles: readonly TagFile[];
  parts: readonly ExportPart[];
}

/** Puts a published export together again from its row and its parts. */
export function openPackage(row: ExportRow, parts: readonly ExportPart[]): OpenPackage {
  const manifestBytes = Buffer.from(row.manifest!);
  const manifest = parseJson(row.manifest!) as Manifest;
  const tagFiles = tagFilesOf(manifest, manifestBytes, Buffer.from(row.signature!, 'base64'));
  return { name: row.name!, manifest, tagFiles, parts };
}

/** The package as one zip, laid out from the manifest alone: no byte of it is stored anywhere. */
export function packageZip(store: ObjectStore, { name, manifest, tagFiles, parts }: OpenPackage): FixedBytes {
  const layout = layOutPackage(manifest, tagFiles);
  const digest = createHash('sha256');
  for (const { bytes } of tagFiles) digest.update(bytes);
  return {
    sizeBytes: layout.totalBytes,
    etag: digest.digest('hex'),
    mediaType: 'application/zip',
    fileName: `${name}.zip`,
    async *open(start, end, signal) {
      for (const piece of sliceLayout(layout, start, end)) {
        if ('bytes' in piece) {
          yield piece.bytes;
          continue;
        }
        const tagFile = tagFiles[piece.entry];
        if (tagFile !== undefined) yield tagFile.bytes.subarray(piece.from, piece.to);
        else yield* readPart(store, parts[piece.entry - tagFiles.length]!, piece.from, piece.to, signal);
      }
    },
  };
}

/** One file of a package by the last part of its name; undefined when there is none. */
export function packageFile(
  store: ObjectStore,
  { tagFiles, parts }: OpenPackage,
  name: string,
): FixedBytes | undefined {
  const tagFile = tagFiles.find((file) => file.name === name);
  if (tagFile !== undefined) {
    const { bytes } = tagFile;
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    return {
      sizeBytes: bytes.length,
      etag: sha256,
      sha256,
      fileName: name,
      mediaType: 'application/octet-stream',
      async *open(start, end) {
        yield bytes.subarray(start, end);
      },
    };
  }
  const part = parts.find((one) => basename(one.name) === name);
  if (part === undefined) return undefined;
  const { bytes, sha256, media_type: mediaType } = part;
  return {
    sizeBytes: bytes,
    etag: sha256,
    sha256,
    mediaType,
    fileName: name,
    open: (start, end, signal) => readPart(store, part, start, end, signal),
  };
}

async function* readPart(
  store: ObjectStore,
  part: ExportPart,
  start: number,
  end: number,
  signal: AbortSignal,
): AsyncGenerator<Buffer> {
  if (start >= end) return;
  yield* await store.open(part.object_key, { start, end: end - 1, signal });
}
