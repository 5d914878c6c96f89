import { createPublicKey } from 'node:crypto';
import type { Manifest } from '../packages/manifest.ts';
import { fingerprintOf, isPublicKey, publicKeyOf, verifyEndorsements } from '../packages/signatures.ts';
import type { ProblemList } from './problems.ts';

/** The keys that whoever verifies trusts, got from elsewhere than the package. */
export interface Pins {
  /** Fingerprint → where the pin comes from. */
  trusted: Map<string, '--key' | '--trust'>;
  /** Compromised, says the trust file: what they signed and endorsed counts for nothing. */
  distrusted: Set<string>;
}

/** Why a signer is trusted. */
export interface Trust {
  by: '--key' | '--trust';
  /** The pinned key: the signer's own, or an older one that leads to it by endorsements. */
  fingerprint: string;
}

/** A pin that cannot be understood. The message is for people. */
export class BadPinError extends Error {}

/**
 * @param keys fingerprints (`sha256:…`) or public keys in PEM
 * @param trust the text of a `convey-keys.json`
 * @throws BadPinError
 */
export function readPins(keys: readonly string[], trust?: string): Pins {
  const pins: Pins = { trusted: new Map(), distrusted: new Set() };
  if (trust !== undefined) readTrust(trust, pins);
  for (const key of keys) {
    const fingerprint = /^(sha256:)?[0-9a-f]{64}$/i.test(key.trim())
      ? `sha256:${key.trim().slice(-64).toLowerCase()}`
      : fingerprintOfPem(key);
    pins.trusted.set(fingerprint, '--key');
  }
  return pins;
}

function fingerprintOfPem(pem: string): string {
  try {
    const publicKey = publicKeyOf(createPublicKey(pem));
    if (isPublicKey(publicKey)) return fingerprintOf(publicKey);
  } catch {
    // Said below.
  }
  throw new BadPinError(
    'A key is neither “sha256:” with 64 hexadecimal digits nor an Ed25519 public key in PEM.',
  );
}

function readTrust(text: string, { trusted, distrusted }: Pins): void {
  let keys: unknown;
  try {
    keys = (JSON.parse(text) as { keys?: unknown } | null)?.keys;
  } catch {
    keys = undefined;
  }
  if (!Array.isArray(keys))
    throw new BadPinError('The trust file is not a convey-keys.json: it has no “keys”.');
  for (const [index, key] of keys.entries()) {
    const { fingerprint, public_key, status } = (key ?? {}) as Record<string, unknown>;
    const publicKey = Buffer.from(typeof public_key === 'string' ? public_key : '', 'base64');
    if (typeof fingerprint !== 'string' || fingerprintOf(publicKey) !== fingerprint)
      throw new BadPinError(
        `The trust file’s key ${index + 1} has a fingerprint that is not its public key’s.`,
      );
    if (status === 'current' || status === 'retired') trusted.set(fingerprint, '--trust');
    else distrusted.add(fingerprint);
  }
}

/** Looks for a pinned key: the signer's, or one that vouches for it. Says so if there is none. */
export function findTrust(manifest: Manifest, pins: Pins, problems: ProblemList): Trust | undefined {
  const { fingerprint, endorsements } = manifest.signer;
  const { fingerprints, broken } = verifyEndorsements(fingerprint, endorsements);
  if (broken !== undefined) {
    const what = `Endorsement ${broken + 1} of the signer is not the signature of the key it names.`;
    problems.add('endorsement_invalid', 'manifest.json', what);
  }
  for (const candidate of fingerprints) {
    if (pins.distrusted.has(candidate)) {
      problems.add(
        'untrusted_key',
        'manifest.json',
        `The key ${candidate} was compromised, says the trust file.`,
      );
      return undefined;
    }
    const by = pins.trusted.get(candidate);
    if (by !== undefined) return { by, fingerprint: candidate };
  }
  const hasPins = pins.trusted.size > 0 || pins.distrusted.size > 0;
  problems.add(
    'untrusted_key',
    'manifest.json',
    `Untrusted key: it is signed by ${fingerprint}, ` +
      (hasPins ? 'which is none of the keys that you trust and which none of them endorsed.' : HOW_TO_PIN),
  );
  return undefined;
}

const HOW_TO_PIN =
  'and you named no key that you trust. Anybody can sign with a key of their own: ask the operator for the ' +
  'fingerprint (--key sha256:…), or fetch /.well-known/convey-keys.json from the server yourself (--trust FILE).';
