import { createHash } from 'node:crypto';
import { canonicalJson, type JsonValue, NotCanonicalError } from '../canonical-json.ts';
import { findManifestProblems } from '../packages/check-manifest.ts';
import type { Manifest } from '../packages/manifest.ts';
import { checkSignature } from './check-signature.ts';
import type { ProblemList } from './problems.ts';
import { JsonScanner, MalformedError } from './scan-json.ts';
import { findTrust, type Pins, type Trust } from './trust.ts';

/** Node's strings end a little above. */
export const MAX_MANIFEST_BYTES = 512_000_000;
/** A package with a million files has fewer; an array of this many fits in any process. */
const MAX_VALUES = 10_000_000;

/** What all checks work with. */
export interface Checks {
  pins: Pins;
  problems: ProblemList;
  /** Told of every block that was read. */
  onBytes: (bytes: number) => void;
  onTotal: (bytes: number) => void;
}

/** A manifest of the right form and what its signature is worth; what is wrong is among the problems. */
export interface SignedManifest {
  manifest: Manifest;
  /** Of the manifest's bytes: what the next package of a chain names. */
  sha256: string;
  isSigned: boolean;
  trust: Trust | undefined;
}

/** Reads `manifest.json`: canonical, of the right form, signed, by a trusted key. Undefined if it says nothing. */
export async function readManifest(
  bytes: Buffer,
  signature: Uint8Array,
  type: Manifest['type'],
  checks: Checks,
): Promise<SignedManifest | undefined> {
  const value = parseGuarded(bytes, 'manifest.json', 'manifest_malformed', checks.problems);
  if (value === undefined) return undefined;
  if (!isCanonical(value, bytes)) addNotCanonical('manifest.json', checks.problems);
  return checkManifest(value, bytes, signature, type, checks);
}

/** A receipt: its manifest under the same rules, in a wrapper that is canonical as well. */
export async function readReceipt(
  bytes: Buffer,
  place: string,
  checks: Checks,
): Promise<SignedManifest | undefined> {
  const value = parseGuarded(bytes, place, 'receipt_malformed', checks.problems);
  if (value === undefined) return undefined;
  const { manifest, signature, ...more } = (value ?? {}) as Record<string, JsonValue>;
  const signatureBytes = Buffer.from(typeof signature === 'string' ? signature : '', 'base64');
  const isReceipt = manifest !== undefined && signatureBytes.length === 64 && Object.keys(more).length === 0;
  if (!isReceipt || signatureBytes.toString('base64') !== signature) {
    const what = `${place} is no receipt: it is not {"manifest":…,"signature":"…"} with a signature in Base64.`;
    checks.problems.add('receipt_malformed', place, what);
    return undefined;
  }
  if (bytes.at(-1) !== 0x0a || !isCanonical(value, bytes.subarray(0, -1))) {
    addNotCanonical(place, checks.problems);
    return undefined;
  }
  const manifestBytes = Buffer.from(canonicalJson(manifest));
  return checkManifest(manifest, manifestBytes, signatureBytes, 'convey.receipt.v1', checks);
}

async function checkManifest(
  value: JsonValue,
  bytes: Buffer,
  signature: Uint8Array,
  type: Manifest['type'],
  { pins, problems }: Checks,
): Promise<SignedManifest | undefined> {
  const malformed = findManifestProblems(value, type);
  for (const what of malformed)
    problems.add('manifest_malformed', 'manifest.json', `The manifest is malformed: ${what}`);
  if (malformed.length > 0) return undefined;
  const manifest = value as unknown as Manifest;
  const isSigned = await checkSignature(bytes, signature, Buffer.from(manifest.signer.public_key, 'base64'));
  if (!isSigned) {
    const what = 'The signature is not this manifest’s: one of them was changed, or the key was.';
    problems.add('signature_invalid', 'manifest.json.sig', what);
  }
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  return {
    manifest,
    sha256,
    isSigned,
    trust: isSigned ? await findTrust(manifest, pins, problems) : undefined,
  };
}

/**
 * JSON.parse of a text that was looked through first, so that no text can use up the memory or the stack.
 * V8 reads some escaped keys wrongly, which does no harm here: such a text is then found not canonical.
 */
function parseGuarded(
  bytes: Buffer,
  place: string,
  code: 'manifest_malformed' | 'receipt_malformed',
  problems: ProblemList,
): JsonValue | undefined {
  try {
    const scanner = new JsonScanner({ value() {}, close() {} }, { lines: false, visitedDepth: -1 });
    for (let at = 0; at < bytes.length && scanner.values <= MAX_VALUES; at += 1 << 20) {
      scanner.push(bytes.subarray(at, at + (1 << 20)));
    }
    if (scanner.values > MAX_VALUES) throw new MalformedError(`it holds more than ${MAX_VALUES} values`);
    scanner.end();
    return JSON.parse(bytes.toString()) as JsonValue;
  } catch (error) {
    if (!(error instanceof MalformedError || error instanceof SyntaxError)) throw error;
    problems.add(code, place, `${place} is no JSON that can be read: ${error.message}.`);
    return undefined;
  }
}

/** Whether these bytes are the one canonical form of the value: no member twice, no white space, nothing else. */
function isCanonical(value: JsonValue, bytes: Buffer): boolean {
  try {
    return Buffer.from(canonicalJson(value)).equals(bytes);
  } catch (error) {
    if (error instanceof NotCanonicalError) return false;
    throw error;
  }
}

function addNotCanonical(place: string, problems: ProblemList): void {
  const what = `${place} is not canonical JSON (RFC 8785): it has white space, a member twice or another order.`;
  problems.add('manifest_not_canonical', place, what);
}
