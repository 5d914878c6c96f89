import type { Readable } from 'node:stream';
import { ConveyError } from '../../errors.ts';
import { PayloadCheck } from '../../verify/check-payload.ts';
import { ProblemList } from '../../verify/problems.ts';
import { MAX_MANIFEST_BYTES, readManifest } from '../../verify/read-manifest.ts';
import { readPins } from '../../verify/trust.ts';
import type { ConveyPackage } from './convey-package.ts';
import { badPackage } from './import.errors.ts';

const LISTED = 5;

/**
 * Checks a package against its manifest before anything is taken from it: the signature, that every part is listed,
 * and each part's and file's bytes and counts. Zips that were packed again are fine. Whose signature it is, is for
 * the reader to judge: no key is pinned here.
 * @returns the signer's fingerprint; undefined for a folder or zip that claims to be no package
 * @throws import.bad_package
 */
export async function verifySource(source: ConveyPackage, signal: AbortSignal): Promise<string | undefined> {
  const [manifest, signature, bagit] = await Promise.all(
    ['manifest.json', 'manifest.json.sig', 'bagit.txt'].map((name) => readWhole(source, name)),
  );
  // A bag of somebody else has no manifest.json; a manifest.json of somebody else lies in no bag.
  if (signature === undefined && (bagit === undefined || manifest === undefined)) return undefined;
  if (manifest === undefined || signature === undefined)
    throw new ConveyError(badPackage, 'manifest.json or its signature is missing.');
  const problems = new ProblemList();
  const checks = { pins: readPins([]), problems, onBytes() {}, onTotal() {} };
  const signed = await readManifest(manifest, signature, 'convey.package.v1', checks);
  if (signed !== undefined) {
    const { parts, files } = signed.manifest;
    const listed = new Set(parts.map(({ name }) => name));
    for (const { name } of source.parts)
      if (!listed.has(name)) problems.add('file_extra', name, `${name} is not in the manifest.`);
    for (const expected of [...parts, ...files]) {
      const bytes = await source.openFile(expected.name);
      if (bytes === undefined) {
        problems.add('file_missing', expected.name, `${expected.name} is missing.`);
        continue;
      }
      const check = new PayloadCheck(expected, expected.name, problems);
      for await (const chunk of bytes as AsyncIterable<Buffer>) {
        signal.throwIfAborted();
        await check.push(chunk);
      }
      await check.end();
    }
  }
  const found = problems.found.filter(({ code }) => code !== 'untrusted_key');
  if (found.length > 0) {
    const told = found.slice(0, LISTED).map(({ message }) => message);
    if (found.length > LISTED) told.push(`And ${found.length - LISTED} problems more.`);
    throw new ConveyError(badPackage, told.join(' '));
  }
  return signed?.manifest.signer.fingerprint;
}

async function readWhole(source: ConveyPackage, name: string): Promise<Buffer | undefined> {
  const stream: Readable | undefined = await source.openFile(name);
  if (stream === undefined) return undefined;
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    chunks.push(chunk);
    if ((size += chunk.length) > MAX_MANIFEST_BYTES)
      throw new ConveyError(badPackage, `${name} is too long.`);
  }
  return Buffer.concat(chunks);
}
