import { isSignedBy } from '../packages/signatures.ts';

/** `isSignedBy` as a promise: the web app, which runs the verifier too, has the browser's own in its place. */
export async function checkSignature(
  bytes: Uint8Array,
  signature: Uint8Array,
  publicKey: Uint8Array,
): Promise<boolean> {
  return isSignedBy(bytes, signature, publicKey);
}
