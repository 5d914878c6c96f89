import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { type Chain, datasetsOf, type Manifest } from '../packages/manifest.ts';
import { checkFolder } from './check-folder.ts';
import { PayloadCheck } from './check-payload.ts';
import { checkZip } from './check-zip.ts';
import { type Problem, ProblemList } from './problems.ts';
import { openRegularFile, readAt, readBlocks } from './read-file.ts';
import { type Checks, readReceipt, type SignedManifest } from './read-manifest.ts';
import { type Pins, readPins, type Trust } from './trust.ts';

export interface VerifyOptions {
  /** Keys to trust: fingerprints, or public keys in PEM. */
  keys?: readonly string[];
  /** The text of a `convey-keys.json` to trust. */
  trust?: string;
  /** Bytes read so far, and of how many (0 while that is unknown). */
  onProgress?: (bytes: number, totalBytes: number) => void;
  /** Ends the verification at the next block: it then throws the signal's reason. */
  signal?: AbortSignal;
}

/** What a verification found. Members are named as in the manifest. */
export interface Verification {
  /** Nothing at all is wrong, and the signer is trusted. */
  ok: boolean;
  kind: 'folder' | 'zip' | 'file';
  /** Of the package or the file; as everything below `null` or empty if the manifest could not be read. */
  name: string | null;
  /** Fingerprint of the key whose signature holds. */
  signed_by: string | null;
  /** Which pin made the signer trusted. */
  trusted: Trust | null;
  snapshot_at: string | null;
  /** What was asked for: kind, format, a CSV's mode, and when. */
  export: Manifest['export'] | null;
  workspace: Manifest['workspace'] | null;
  /** `{}`: nothing narrows it. */
  filter: Manifest['filter'] | null;
  audience: Manifest['audience'] | null;
  /** SHA-256 of the manifest's bytes. */
  manifest_sha256: string | null;
  /** Of an incremental package: what it follows. */
  chain: Chain | null;
  /** Whether anything in it is counted anew: not in a zip that was sent at once. */
  is_counted: boolean;
  counts: Record<string, number>;
  /** Numbers of parts and files that the manifest lists. */
  parts: number;
  files: number;
  missing_files: Manifest['missing_files'];
  left_out: Manifest['left_out'];
  /** Of an anonymised export: how often what was replaced where. */
  redactions: Manifest['redactions'];
  /** Of an anonymised export: what that does, and what it cannot promise; else `null`. */
  anonymized: string | null;
  problems: Problem[];
  /** Problems beyond those listed. */
  more_problems: number;
}

/** Larger than the receipt of any one file. */
const MAX_RECEIPT_BYTES = 16_000_000;

/**
 * Verifies a package, as a folder or a zip, against docs/package.md: signature and key, that exactly the listed
 * files are there, each file's bytes, and its records, counted anew. Reads every file once and writes nothing.
 * @throws BadPinError for `options` that cannot be understood; never because of what lies at `path`
 */
export async function verifyPackage(path: string, options: VerifyOptions = {}): Promise<Verification> {
  const pins = readPins(options.keys ?? [], options.trust);
  const isFolder = await stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
  return await runChecks(isFolder ? 'folder' : 'zip', pins, options, async (checks) => {
    if (isFolder) return await checkFolder(path, checks);
    const handle = await openRegularFile(path, true);
    if (handle === undefined) return notAFile(checks);
    try {
      return await checkZip(handle, checks);
    } finally {
      await handle.close();
    }
  });
}

/** Verifies a file that was sent at once against its receipt, in the same way. */
export async function verifyFile(
  path: string,
  receiptPath: string,
  options: VerifyOptions = {},
): Promise<Verification> {
  const pins = readPins(options.keys ?? [], options.trust);
  return await runChecks('file', pins, options, async (checks) => {
    const receipt = await openRegularFile(receiptPath, true);
    const receiptBytes =
      receipt && (await readAt(receipt, 0, Math.min((await receipt.stat()).size, MAX_RECEIPT_BYTES)));
    await receipt?.close();
    const signed = receiptBytes && (await readReceipt(receiptBytes, basename(receiptPath), checks));
    const part = signed?.manifest.parts[0];
    if (part === undefined) return undefined;
    const handle = await openRegularFile(path, true);
    if (handle === undefined) return notAFile(checks);
    checks.onTotal((await handle.stat()).size);
    const check = new PayloadCheck(part, basename(path), checks.problems);
    try {
      for await (const block of readBlocks(handle)) {
        await check.push(block);
        checks.onBytes(block.length);
      }
    } finally {
      await handle.close();
    }
    await check.end();
    return signed;
  });
}

async function runChecks(
  kind: Verification['kind'],
  pins: Pins,
  { onProgress, signal }: VerifyOptions,
  run: (checks: Checks) => Promise<SignedManifest | undefined>,
): Promise<Verification> {
  const problems = new ProblemList();
  let bytes = 0;
  let totalBytes = 0;
  const onBytes = (more: number) => {
    signal?.throwIfAborted();
    onProgress?.((bytes += more), totalBytes);
  };
  const onTotal = (total: number) => (totalBytes = total);
  let signed: SignedManifest | undefined;
  try {
    signed = await run({ pins, problems, onBytes, onTotal });
  } catch (error) {
    signal?.throwIfAborted();
    problems.add('unreadable', '', whyUnreadable(error as NodeJS.ErrnoException));
  }
  const manifest = signed?.manifest;
  return {
    ok: signed?.trust !== undefined && problems.found.length === 0,
    kind,
    name: (kind === 'file' ? manifest?.parts[0]?.name : manifest?.name) ?? null,
    signed_by: signed?.isSigned === true ? signed.manifest.signer.fingerprint : null,
    trusted: signed?.trust ?? null,
    snapshot_at: manifest?.snapshot_at ?? null,
    export: manifest?.export ?? null,
    workspace: manifest?.workspace ?? null,
    filter: manifest?.filter ?? null,
    audience: manifest?.audience ?? null,
    manifest_sha256: signed?.sha256 ?? null,
    chain: manifest?.chain ?? null,
    is_counted: manifest?.parts.some(({ layout }) => datasetsOf(layout) !== undefined) ?? false,
    counts: manifest?.counts ?? {},
    parts: manifest?.parts.length ?? 0,
    files: manifest?.files.length ?? 0,
    missing_files: manifest?.missing_files ?? [],
    left_out: manifest?.left_out ?? [],
    redactions: manifest?.redactions ?? [],
    anonymized: manifest?.anonymized ?? null,
    problems: problems.found,
    more_problems: problems.unlisted,
  };
}

function notAFile({ problems }: Checks): undefined {
  problems.add('not_a_package', '', 'This is neither a folder nor a regular file.');
}

function whyUnreadable({ code, path, message }: NodeJS.ErrnoException): string {
  const what = path ?? 'The package';
  if (code === 'ENOENT') return `${what} is not there.`;
  if (code === 'EACCES' || code === 'EPERM') return `${what} may not be read by this user.`;
  return `It could not be read to its end: ${message}.`;
}
