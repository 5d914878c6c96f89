import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ConveyError } from '../errors.ts';
import { DiskStore } from './disk-store.ts';
import type { ObjectStore } from './object-store.ts';
import { S3Store } from './s3-store.ts';
import { badLocation } from './storage.errors.ts';

/**
 * Opens the store that a setting names: `file:./data/objects` (from the working directory),
 * `file:/srv/objects` or `file:///srv/objects`; or `s3://bucket/prefix?region=…`, see `S3Store.open`.
 * @throws storage.bad_location for anything else, storage.unavailable when it cannot be written to
 */
export async function openObjectStore(location: string): Promise<ObjectStore> {
  return location.startsWith('s3:') ? S3Store.open(location) : DiskStore.open(folderOf(location));
}

function folderOf(location: string): string {
  const path = location.startsWith('file:') ? location.slice('file:'.length) : '';
  if (path === '' || path.includes('\0')) {
    // Only the scheme is repeated: an address may hold a password.
    const scheme = /^[a-z0-9+.-]+:/i.exec(location)?.[0];
    throw new ConveyError(
      badLocation,
      `It takes file:FOLDER or s3://BUCKET, not ${scheme === undefined ? 'a text without a scheme' : `an address that begins with “${scheme}”`}.`,
    );
  }
  if (!path.startsWith('//')) return resolve(path);
  try {
    return fileURLToPath(location);
  } catch (cause) {
    throw new ConveyError(badLocation, 'It takes file:///FOLDER without a host name.', { cause });
  }
}
