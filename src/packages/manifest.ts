import type { JsonObject, JsonValue } from '../canonical-json.ts';
import type { Endorsement } from './signatures.ts';

/** What a package, or a receipt, states about itself: docs/package.md, “The manifest”. */
export interface Manifest {
  type: 'convey.package.v1' | 'convey.receipt.v1';
  /** Of the package, without extension; also the zip's folder. */
  name: string;
  export: {
    id: string;
    kind: string;
    format: string;
    mode?: string;
    profile?: string;
    requested_at: string;
  };
  product: string;
  workspace: { id: string; slug: string; name: string };
  /** All times: RFC 3339, UTC, milliseconds, `Z`. */
  snapshot_at: string;
  created_at: string;
  filter: JsonObject;
  /** `null`: the kind's own. */
  fields: JsonValue;
  /**
   * Who it is for: with internal notes and events or without, and the audiences of its conversations, as far as
   * the asker's reach was when it was asked for (`null`: all). Missing: made before it was noted.
   */
  audience: { internal: boolean; audiences?: readonly string[] | null };
  /** Records per dataset: the sum over the parts. */
  counts: Counts;
  parts: Part[];
  files: PackagedFile[];
  /**
   * Files without their bytes. `id` is the one the records give it; `path`, where they were to lie, is what the
   * records’ `content_path` still names.
   */
  missing_files: { ref: string; id?: string; path?: string; reason: string }[];
  left_out: { what: string; why: string }[];
  redactions: { path: string; reason: string; count: number }[];
  signer: {
    algorithm: 'Ed25519';
    fingerprint: string;
    /** SubjectPublicKeyInfo in DER, Base64. */
    public_key: string;
    /** From the signer back to older keys. */
    endorsements: Endorsement[];
  };
  software: { name: string; version: string };
}

/** Records per dataset. */
export type Counts = Record<string, number>;

/** A file with records. */
export interface Part {
  /** `data/…`; in a receipt the file's own name. */
  name: string;
  /** From 1, in the manifest's order. */
  part: number;
  media_type: string;
  bytes: number;
  /** 64 lower-case hexadecimal digits. */
  sha256: string;
  /** 8 lower-case hexadecimal digits. */
  crc32: string;
  layout: PartLayout;
  /** Exactly the datasets of the layout, zeros included. */
  counts: Counts;
}

/** The contents of a file that the records name. */
export interface PackagedFile {
  name: string;
  ref: string;
  bytes: number;
  sha256: string;
  crc32: string;
}

/** What one record counts as, and the items of which of its arrays count too. */
export interface RecordLayout {
  dataset: string;
  /** Key of the record → dataset of the array's items; `{}` for none. */
  lists: Record<string, string>;
}

/** How the records of a part are counted. */
export type PartLayout =
  | { format: 'ndjson'; types: Record<string, RecordLayout> }
  | { format: 'json'; array: RecordLayout }
  | { format: 'json'; sections: Record<string, RecordLayout> }
  | { format: 'csv'; dataset: string }
  /** Only in a receipt: nothing is counted. */
  | { format: 'zip' };

/** A file sent at once, and who signed what about it. As canonical JSON and a line end. */
export interface Receipt {
  manifest: Manifest;
  /** Ed25519 over the canonical JSON of `manifest`, Base64. */
  signature: string;
}

/** All datasets that a layout counts, each once; undefined for a zip, which counts nothing. */
export function datasetsOf(layout: PartLayout): Set<string> | undefined {
  if (layout.format === 'zip') return undefined;
  if (layout.format === 'csv') return new Set([layout.dataset]);
  const records =
    'array' in layout
      ? [layout.array]
      : Object.values(layout.format === 'ndjson' ? layout.types : layout.sections);
  return new Set(records.flatMap(({ dataset, lists }) => [dataset, ...Object.values(lists)]));
}
