import type { KeyObject } from 'node:crypto';
import { canonicalJson, type JsonValue } from '../canonical-json.ts';
import type { Manifest, Receipt } from './manifest.ts';
import { signBytes } from './sign.ts';

/** `manifest.json` and `manifest.json.sig`. The manifest's `signer` must be this key's. */
export function sealManifest(
  manifest: Manifest,
  privateKey: KeyObject,
): { manifestBytes: Buffer; signature: Buffer } {
  const manifestBytes = Buffer.from(canonicalJson(manifest as unknown as JsonValue));
  return { manifestBytes, signature: signBytes(manifestBytes, privateKey) };
}

/** The receipt of a file that was sent at once, ready to be written: canonical JSON and a line end. */
export function sealReceipt(manifest: Manifest, privateKey: KeyObject): Buffer {
  const { signature } = sealManifest(manifest, privateKey);
  const receipt: Receipt = { manifest, signature: signature.toString('base64') };
  return Buffer.from(`${canonicalJson(receipt as unknown as JsonValue)}\n`);
}
