import { createPublicKey } from 'node:crypto';
import type { Manifest } from '../packages/manifest.ts';
import { fingerprintOf, isPublicKey, publicKeyOf, verifyEndorsements } from '../packages/signatures.ts';
import { checkSignature } from './check-signature.ts';
import type { ProblemList } from './problems.ts';

/** The keys that whoever verifies trusts, got from elsewhere than the package. */
export interface Pins {
  /** Fingerprint → where the pin comes from. */
  trusted: Map<string, '--key' | '--trust'>;
  /** Compromised, says the trust file: what they signed and endorsed counts for nothing. */
  distrusted: Set<string>;
  /** Fingerprint → when it was made and, if it was, retired, says the trust file. Milliseconds. */
  lives: Map<string, { createdAt: number | undefined; retiredAt: number | undefined }>;
}

/** Clocks differ, and an export that was running at the rotation is signed after it. */
const GRACE_MS = 86_400_000;

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
  const pins: Pins = { trusted: new Map(), distrusted: new Set(), lives: new Map() };
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

function readTrust(text: string, { trusted, distrusted, lives }: Pins): void {
  let keys: unknown;
  try {
    keys = (JSON.parse(text) as { keys?: unknown } | null)?.keys;
  } catch {
    keys = undefined;
  }
  if (!Array.isArray(keys))
    throw new BadPinError('The trust file is not a convey-keys.json: it has no “keys”.');
  for (const [index, key] of keys.entries()) {
    const { fingerprint, public_key, status, created_at, retired_at } = (key ?? {}) as Record<
      string,
      unknown
    >;
    const publicKey = Buffer.from(typeof public_key === 'string' ? public_key : '', 'base64');
    if (typeof fingerprint !== 'string' || fingerprintOf(publicKey) !== fingerprint)
      throw new BadPinError(
        `The trust file’s key ${index + 1} has a fingerprint that is not its public key’s.`,
      );
    const retiredAt = timeOf(retired_at);
    if (retired_at !== undefined && retiredAt === undefined)
      throw new BadPinError(`The trust file’s key ${index + 1} has a “retired_at” that is no time.`);
    lives.set(fingerprint, { createdAt: timeOf(created_at), retiredAt });
    if (status === 'current' || status === 'retired') trusted.set(fingerprint, '--trust');
    else distrusted.add(fingerprint);
  }
}

function timeOf(text: unknown): number | undefined {
  const time = typeof text === 'string' ? Date.parse(text) : Number.NaN;
  return Number.isNaN(time) ? undefined : time;
}

/** Looks for a pinned key: the signer's, or one that vouches for it. Says so if there is none. */
export async function findTrust(
  manifest: Manifest,
  pins: Pins,
  problems: ProblemList,
): Promise<Trust | undefined> {
  const { fingerprint, endorsements } = manifest.signer;
  const { fingerprints, broken } = await verifyEndorsements(fingerprint, endorsements, checkSignature);
  if (broken !== undefined) {
    const what = `Endorsement ${broken + 1} of the signer is not the signature of the key it names.`;
    problems.add('endorsement_invalid', 'manifest.json', what);
  }
  for (const [index, candidate] of fingerprints.entries()) {
    if (pins.distrusted.has(candidate)) {
      problems.add(
        'untrusted_key',
        'manifest.json',
        `The key ${candidate} was compromised, says the trust file.`,
      );
      return undefined;
    }
    const tooLate = whyTooLate(manifest, fingerprints, index, pins);
    if (tooLate !== undefined) {
      problems.add('untrusted_key', 'manifest.json', tooLate);
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

/**
 * Why a key counts for nothing here, because the trust file says that it was retired before: before the package was
 * made that it signed, or before the key was made that it endorsed. (Its successor is in the same file.)
 */
function whyTooLate(
  { created_at, snapshot_at }: Manifest,
  fingerprints: readonly string[],
  index: number,
  { lives }: Pins,
): string | undefined {
  const fingerprint = fingerprints[index]!;
  const retiredAt = lives.get(fingerprint)?.retiredAt;
  if (retiredAt === undefined) return undefined;
  const retired = `The key ${fingerprint} was retired at ${new Date(retiredAt).toISOString()}, says the trust file`;
  if (index === 0) {
    const [made = created_at] = [created_at, snapshot_at].toSorted().toReversed();
    return Date.parse(made) > retiredAt + GRACE_MS ? `${retired}, and this was made at ${made}.` : undefined;
  }
  const newer = fingerprints[index - 1]!;
  const createdAt = lives.get(newer)?.createdAt;
  if (createdAt !== undefined && createdAt <= retiredAt + GRACE_MS) return undefined;
  const when = createdAt === undefined ? 'which the file does not have' : 'which was made later';
  return `${retired}: it cannot vouch for ${newer}, ${when}.`;
}

const HOW_TO_PIN =
  'and you named no key that you trust. Anybody can sign with a key of their own: ask the operator for the ' +
  'fingerprint (--key sha256:…), or fetch /.well-known/convey-keys.json from the server yourself (--trust FILE).';
