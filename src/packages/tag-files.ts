import { createHash } from 'node:crypto';
import type { Manifest } from './manifest.ts';

/** A file outside `data/`. */
export interface TagFile {
  name: string;
  bytes: Buffer;
}

/**
 * The seven files outside `data/`, in the zip's order. All follow from the manifest's bytes and its signature
 * (docs/package.md; RFC 8493 for the names and forms).
 * @param manifest what `manifestBytes` say, checked
 */
export function tagFilesOf(manifest: Manifest, manifestBytes: Uint8Array, signature: Uint8Array): TagFile[] {
  const payload = [...manifest.parts, ...manifest.files];
  const first = [
    file('bagit.txt', 'BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n'),
    file('bag-info.txt', bagInfo(manifest, payload)),
    { name: 'manifest.json', bytes: Buffer.from(manifestBytes) },
    { name: 'manifest.json.sig', bytes: Buffer.from(signature) },
    file('convey-key.pem', pemOf(manifest.signer.public_key)),
    file('manifest-sha256.txt', payload.map(({ sha256, name }) => `${sha256}  ${name}\n`).join('')),
  ];
  const lines = first.map(({ name, bytes }) => `${sha256Of(bytes)}  ${name}\n`);
  // Sorted by what stands behind the digest and the two spaces.
  lines.sort((a, b) => (a.slice(66) < b.slice(66) ? -1 : 1));
  return [...first, file('tagmanifest-sha256.txt', lines.join(''))];
}

function bagInfo(manifest: Manifest, payload: readonly { bytes: number }[]): string {
  const bytes = payload.reduce((sum, file) => sum + file.bytes, 0);
  return [
    `Source-Organization: ${manifest.product}`,
    `External-Identifier: ${manifest.export.id}`,
    `Bagging-Date: ${manifest.created_at.slice(0, 10)}`,
    `Payload-Oxum: ${bytes}.${payload.length}`,
    `Bag-Software-Agent: ${manifest.software.name} ${manifest.software.version}`,
    '',
  ].join('\n');
}

/** A public key as PEM (RFC 7468): lines of 64 characters. */
function pemOf(base64: string): string {
  const lines = base64.match(/.{1,64}/g) ?? [];
  return ['-----BEGIN PUBLIC KEY-----', ...lines, '-----END PUBLIC KEY-----', ''].join('\n');
}

function file(name: string, text: string): TagFile {
  return { name, bytes: Buffer.from(text) };
}

function sha256Of(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
