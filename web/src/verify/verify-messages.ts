/** What the verifier's thread is asked. */
export interface VerifyQuestion {
  /** A package (zip or folder) or a file with its receipt, or the packages of a schedule. Names are of `files`. */
  what: { path: string; receipt?: string | undefined } | { chain: readonly string[] };
  files: readonly (readonly [path: string, content: File])[];
  /** Fingerprints to trust. */
  keys: readonly string[];
  /** The text of a `convey-keys.json` to trust. */
  trust?: string | undefined;
}

/** What it says: how far it is, and at last what it found, or why it could not look. */
export type VerifyAnswer =
  | { bytes: number; totalBytes: number }
  | { ok: boolean; lines: readonly string[] }
  | { badPin: string }
  | { failure: string };
