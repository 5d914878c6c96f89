import { access, readFile, stat } from 'node:fs/promises';
import { describeVerification } from './describe-verification.ts';
import { BadPinError } from './trust.ts';
import { type Verification, type VerifyOptions, verifyFile, verifyPackage } from './verify-package.ts';

/** What `convey verify` and the single file are given. */
export interface VerifyArguments extends SharedArguments {
  /** A package's zip or folder, or a file that was sent at once. */
  path: string;
  receipt?: string | undefined;
}

/** … for one package, or for a chain of them. */
export interface SharedArguments {
  /** Fingerprints, or names of PEM files. */
  key?: readonly string[] | undefined;
  /** Name of a `convey-keys.json`. */
  trust?: string | undefined;
  json?: boolean | undefined;
  quiet?: boolean | undefined;
}

const PROGRESS_MS = 200;

/**
 * Verifies and says on standard output what it found (nothing if `quiet`), with progress on a terminal.
 * @returns the exit code: 0 verified, 1 not
 * @throws BadPinError for keys that cannot be used
 */
export async function runVerify(
  { path, receipt, ...shared }: VerifyArguments,
  signal?: AbortSignal,
): Promise<number> {
  const { options, done } = await readShared(shared, signal);
  const receiptPath = receipt ?? (await findReceipt(path));
  const result: Verification =
    receiptPath === undefined
      ? await verifyPackage(path, options)
      : await verifyFile(path, receiptPath, options);
  done(result, describeVerification(result));
  return result.ok ? 0 : 1;
}

/** Reads keys and how to report; `done` says what was found. @throws BadPinError for keys that cannot be used */
export async function readShared(
  { key = [], trust, json, quiet }: SharedArguments,
  signal?: AbortSignal,
): Promise<{ options: VerifyOptions; done: (result: object, lines: readonly string[]) => void }> {
  const keys: string[] = [];
  for (const name of key) keys.push(/^sha256:/i.test(name) ? name : await readPin(name));
  const isShown = process.stderr.isTTY && json !== true && quiet !== true;
  let shownAt = 0;
  const options = {
    keys,
    ...(signal === undefined ? {} : { signal }),
    ...(trust === undefined ? {} : { trust: await readPin(trust) }),
    onProgress(bytes: number, totalBytes: number): void {
      if (!isShown || Date.now() - shownAt < PROGRESS_MS) return;
      shownAt = Date.now();
      const share = totalBytes > 0 ? `${Math.floor((bytes / totalBytes) * 100)} %  ` : '';
      process.stderr.write(`\r\x1b[2KVerifying  ${share}${(bytes / 1e6).toFixed(1)} MB`);
    },
  };
  return {
    options,
    done(result, lines) {
      if (shownAt > 0) process.stderr.write('\r\x1b[2K');
      if (json === true) process.stdout.write(`${JSON.stringify(result)}\n`);
      else if (quiet !== true) process.stdout.write(`${lines.join('\n')}\n`);
    },
  };
}

/** The receipt that the command line writes beside a file. */
async function findReceipt(path: string): Promise<string | undefined> {
  const beside = `${path}.receipt.json`;
  const isFile = await stat(path).then(
    (found) => found.isFile(),
    () => false,
  );
  if (!isFile) return undefined;
  return await access(beside).then(
    () => beside,
    () => undefined,
  );
}

async function readPin(name: string): Promise<string> {
  try {
    return await readFile(name, 'utf8');
  } catch {
    throw new BadPinError(`${name} is neither a fingerprint (sha256:…) nor a file that can be read.`);
  }
}
