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
  /** Of an anonymised export: what that does, and what it cannot promise. */
  anonymized?: string;
  signer: {
    algorithm: 'Ed25519';
    fingerprint: string;
    /** SubjectPublicKeyInfo in DER, Base64. */
    public_key: string;
    /** From the signer back to older keys. */
    endorsements: Endorsement[];
  };
  software: { name: string; version: string };
  /** Of an incremental export: what it follows. */
  chain?: Chain;
}

/** A place in the order of changes: all that comes before it, and nothing else, is in the packages up to here. */
export interface ChainPlace {
  /** Of the database: raised when it is replaced. */
  epoch: number;
  /** Transaction number, decimal. */
  xid: string;
}

/** The link of an incremental package: together they prove that nothing between them is missing. */
export interface Chain {
  /** The schedule that made them all. */
  schedule: string;
  /** From 1, without a hole. */
  sequence: number;
  /** Changes from here on: the `to` of the package before; `null`: everything there is. */
  from: ChainPlace | null;
  /** Up to, but without. */
  to: ChainPlace;
  /** SHA-256 of manifest.json of the package before; `null`: the first. */
  prev_manifest_sha256: string | null;
  /** Breaks that whoever made the packages answers for. */
  gaps: ChainGap[];
}

/** A break in a chain: a fresh start, with all of the data again; or a package that was taken back. */
export type ChainGap =
  | { reason: 'request_changed' | 'restarted' | 'database_replaced'; at: string }
  | ({ reason: 'erasure'; at: string; manifest_sha256: string } & Omit<Chain, 'schedule' | 'gaps'>);

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
  /** Name of a sheet → dataset of its rows; sheets that go on have a number behind the name: `messages 2`. */
  | { format: 'xlsx'; sheets: Record<string, string> }
  | { format: 'chat-jsonl'; lines: RecordLayout }
  /** One document for people, which is one record: what it says is not counted. */
  | { format: 'documents'; document: string; as: 'html' | 'pdf' }
  /** A zip of documents, whose own list (documents.ndjson) says what each holds: records of these datasets. */
  | { format: 'documents'; archive: readonly string[] }
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
  if (layout.format === 'documents') return new Set('archive' in layout ? layout.archive : [layout.document]);
  if (layout.format === 'xlsx') return new Set(Object.values(layout.sheets));
  if (layout.format === 'chat-jsonl') return datasetsOfRecords([layout.lines]);
  const records =
    'array' in layout
      ? [layout.array]
      : Object.values(layout.format === 'ndjson' ? layout.types : layout.sections);
  return datasetsOfRecords(records);
}

function datasetsOfRecords(records: readonly RecordLayout[]): Set<string> {
  return new Set(records.flatMap(({ dataset, lists }) => [dataset, ...Object.values(lists)]));
}
