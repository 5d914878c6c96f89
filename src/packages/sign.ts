import { type KeyObject, sign } from 'node:crypto';
import { type Endorsement, endorsementText, fingerprintOf, publicKeyOf } from './signatures.ts';

/** Ed25519 signature (RFC 8032), 64 bytes. */
export function signBytes(bytes: Uint8Array, privateKey: KeyObject): Buffer {
  return sign(null, bytes, privateKey);
}

/** The endorsement of a newer key by an older one. */
export function endorse(olderPrivateKey: KeyObject, newerFingerprint: string): Endorsement {
  const publicKey = publicKeyOf(olderPrivateKey);
  return {
    by: fingerprintOf(publicKey),
    public_key: publicKey.toString('base64'),
    signature: signBytes(endorsementText(newerFingerprint), olderPrivateKey).toString('base64'),
  };
}
