import { createHash, createPublicKey, type KeyObject, verify } from 'node:crypto';

/** An older key's word for a newer one; see docs/package.md, “Keys”. */
export interface Endorsement {
  /** Fingerprint of the older key. */
  by: string;
  /** The older key: SubjectPublicKeyInfo in DER, Base64. */
  public_key: string;
  /** Its Ed25519 signature over `endorsementText(newer fingerprint)`, Base64. */
  signature: string;
}

/** What stands before the 32 bytes of every Ed25519 key in SubjectPublicKeyInfo (RFC 8410 §4). */
const SPKI_PREFIX = Buffer.from('302a300506032b6570032100', 'hex');

/** `sha256:` and the SHA-256 of a public key in SubjectPublicKeyInfo DER, lower-case hexadecimal. */
export function fingerprintOf(publicKey: Uint8Array): string {
  return `sha256:${createHash('sha256').update(publicKey).digest('hex')}`;
}

/** The public half of an Ed25519 key, as SubjectPublicKeyInfo in DER (44 bytes). */
export function publicKeyOf(key: KeyObject): Buffer {
  const publicKey = key.type === 'private' ? createPublicKey(key) : key;
  return publicKey.export({ type: 'spki', format: 'der' });
}

/** Whether these bytes are an Ed25519 key in SubjectPublicKeyInfo DER and nothing else. */
export function isPublicKey(bytes: Uint8Array): boolean {
  return bytes.length === 44 && SPKI_PREFIX.equals(bytes.subarray(0, SPKI_PREFIX.length));
}

/** Whether `signature` is this key's over these bytes; false, not an error, for a key or signature of a wrong form. */
export function isSignedBy(bytes: Uint8Array, signature: Uint8Array, publicKey: Uint8Array): boolean {
  if (signature.length !== 64 || !isPublicKey(publicKey)) return false;
  try {
    const key = createPublicKey({ key: Buffer.from(publicKey), type: 'spki', format: 'der' });
    return verify(null, bytes, key, signature);
  } catch {
    return false; // 32 bytes that are no point of the curve
  }
}

/** What an older key signs to endorse a newer one. */
export function endorsementText(newerFingerprint: string): Buffer {
  return Buffer.from(`convey.key.endorsement.v1\n${newerFingerprint}`);
}

/**
 * Walks the endorsements from the signer back to older keys.
 * @param isSigned as `isSignedBy`, for whoever has no other way than a promise
 * @returns fingerprints of the keys that vouch for the signer, the signer first; `broken` is the index of the
 *   first endorsement that does not hold. Those behind it count for nothing.
 */
export async function verifyEndorsements(
  signerFingerprint: string,
  endorsements: readonly Endorsement[],
  isSigned: (...signed: Parameters<typeof isSignedBy>) => boolean | Promise<boolean> = isSignedBy,
): Promise<{ fingerprints: string[]; broken?: number }> {
  const fingerprints = [signerFingerprint];
  for (const [index, { by, public_key, signature }] of endorsements.entries()) {
    const key = Buffer.from(public_key, 'base64');
    const text = endorsementText(fingerprints[index] as string);
    if (fingerprintOf(key) !== by || !(await isSigned(text, Buffer.from(signature, 'base64'), key))) {
      return { fingerprints, broken: index };
    }
    fingerprints.push(by);
  }
  return { fingerprints };
}
