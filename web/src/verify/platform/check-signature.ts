import { isPublicKey } from '../../../../src/packages/signatures.ts';

/** Stands for `src/verify/check-signature.ts` in a browser, which verifies itself (WebCrypto). */
export async function checkSignature(
  bytes: Uint8Array,
  signature: Uint8Array,
  publicKey: Uint8Array,
): Promise<boolean> {
  if (signature.length !== 64 || !isPublicKey(publicKey)) return false;
  let key: CryptoKey;
  try {
    key = await crypto.subtle.importKey('spki', copyOf(publicKey), 'Ed25519', false, ['verify']);
  } catch (error) {
    // A browser that does not know the method must not look like a broken signature.
    if ((error as DOMException).name === 'NotSupportedError') throw error;
    return false; // 32 bytes that are no point of the curve
  }
  return crypto.subtle.verify('Ed25519', key, copyOf(signature), copyOf(bytes));
}

/** In a buffer of their own, as WebCrypto's types want it. */
const copyOf = (bytes: Uint8Array) => new Uint8Array(bytes);
