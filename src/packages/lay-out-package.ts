import { crc32 } from 'node:zlib';
import { layOutZip, type ZipLayout } from './lay-out-zip.ts';
import type { Manifest } from './manifest.ts';
import type { TagFile } from './tag-files.ts';

/**
 * The zip of a package: its entries are the tag files, the parts and the files, in this order, so that
 * `entries[i]` of the layout is `[...tagFiles, ...manifest.parts, ...manifest.files][i]`.
 */
export function layOutPackage(manifest: Manifest, tagFiles: readonly TagFile[]): ZipLayout {
  const entries = [
    ...tagFiles.map(({ name, bytes }) => ({ name, bytes: bytes.length, crc32: crc32(bytes) })),
    ...[...manifest.parts, ...manifest.files].map((file) => ({
      name: file.name,
      bytes: file.bytes,
      crc32: Number.parseInt(file.crc32, 16),
    })),
  ];
  return layOutZip(manifest.name, entries, new Date(manifest.snapshot_at));
}
