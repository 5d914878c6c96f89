import type { ColumnType } from '../formats/codecs.ts';

/** Who may see a column at most: `customer` the person concerned, `internal` the workspace, `secret` nobody. */
export type Audience = 'customer' | 'internal' | 'secret';

/**
 * What kind of personal data a column can hold; decides masking, search and the residual scan. A `fingerprint` tells
 * one content from all others.
 */
export type PersonalData =
  | 'none'
  | 'identifier'
  | 'fingerprint'
  | 'email'
  | 'phone'
  | 'name'
  | 'company'
  | 'file_name'
  | 'ip'
  | 'free_text';

/** What erasing a person does to a column when its row stays: nothing said means it goes with its row. */
export type OnErasure = 'delete' | 'blank' | { keep: string };

/** The JSON a jsonb column holds; ingest refuses anything else. */
export type JsonShape = 'object' | 'array' | 'number' | 'any';

export interface ColumnOptions {
  /** One sentence for the data dictionary. */
  doc: string;
  audience?: Audience;
  personal?: PersonalData;
  erasure?: OnErasure;
  /**
   * Name in the ingest grammar and in exports; default the column's own. A dot nests (`author.id`).
   * `false`: Convey's own bookkeeping, neither taken in nor sent out.
   */
  field?: string | false;
  /** Allowed words, as outside → as stored. An array means they are the same. */
  values?: readonly string[] | Readonly<Record<string, string>>;
  json?: JsonShape;
  /** Ingest refuses a new record without it. */
  isRequired?: boolean;
  isNullable?: boolean;
  /** Stored when a record does not say. */
  defaultValue?: string | boolean;
  /** It names a teammate: left out of what the person concerned gets. */
  isTeammate?: boolean;
  /** Keys of a JSON value that are not about people, though they sound like it (a tool’s `name`). */
  plainKeys?: readonly string[];
  /** Text under the master key (`SealedTexts`): rotating that key seals it anew. */
  isSealed?: boolean;
}

export interface Column {
  name: string;
  type: ColumnType;
  doc: string;
  audience: Audience;
  personal: PersonalData;
  erasure: OnErasure;
  field: string | undefined;
  /** outside → stored */
  values: ReadonlyMap<string, string> | undefined;
  json: JsonShape | undefined;
  isRequired: boolean;
  isNullable: boolean;
  defaultValue: string | boolean | undefined;
  isTeammate: boolean;
  plainKeys: readonly string[];
  isSealed: boolean;
}

/** A column that names a row of another table of the same workspace. */
export interface Reference {
  column: string;
  table: string;
  /** `owner`: the row belongs to it and goes with it; `link`: the row stays, the link is cleared. */
  kind: 'owner' | 'link';
  /** Ingest waits for the row to exist. A soft reference (a message's author) does not. */
  isAwaited: boolean;
}

/**
 * What a table is: `record` holds ingested data of a workspace, `working` Convey's own rows about one
 * (both under row-level security), `system` is outside it and on the list that a test holds.
 */
export type TableKind = 'record' | 'working' | 'system';

export interface Table {
  name: string;
  kind: TableKind;
  doc: string;
  /** The ingest type and NDJSON `type` of its rows. */
  type: string | undefined;
  /** Prefix of its rows' random `ref`. */
  refPrefix: string | undefined;
  columns: readonly Column[];
  primaryKey: readonly string[];
  /** Chronological order of an export, after the owner's. */
  order: readonly string[];
  references: readonly Reference[];
  /** SQL on alias `t` telling rows that only the workspace may see (internal notes). */
  internalRows: string | undefined;
  /** How long rows live: with their conversation, as long as the person, or for ever with the reason. */
  retention: 'conversation' | 'person' | 'account' | { forever: string };
  /** What the runtime role may do with rows; reading is always granted. */
  writes: readonly TableWrite[];
}

export type TableWrite = 'insert' | 'update' | 'delete';

const column =
  (type: ColumnType) =>
  (options: string | ColumnOptions): Omit<Column, 'name'> => {
    const given: ColumnOptions = typeof options === 'string' ? { doc: options } : options;
    const { values, field } = given;
    return {
      type,
      doc: given.doc,
      audience: given.audience ?? 'customer',
      personal: given.personal ?? 'none',
      erasure: given.erasure ?? 'delete',
      field: field === false ? undefined : (field ?? ''),
      values:
        values === undefined
          ? undefined
          : new Map(Array.isArray(values) ? values.map((word) => [word, word]) : Object.entries(values)),
      json: type === 'jsonb' ? (given.json ?? 'object') : undefined,
      isRequired: given.isRequired ?? false,
      isNullable: given.isNullable ?? !(given.isRequired || given.defaultValue !== undefined),
      defaultValue: given.defaultValue,
      isTeammate: given.isTeammate ?? false,
      plainKeys: given.plainKeys ?? [],
      isSealed: given.isSealed ?? false,
    };
  };

/** A text column, compared by bytes (`collate "C"`). */
export const text = column('text');
/** A whole number of 64 bits. */
export const bigint = column('bigint');
/** True or false. */
export const boolean = column('boolean');
/** A point in time, kept to the millisecond, UTC. */
export const timestamp = column('timestamptz');
/** A JSON value. */
export const json = column('jsonb');
/** A list of texts. */
export const texts = column('text[]');
/** A transaction id (the feed's clock). */
export const xid = column('xid8');

type Columns = Record<string, Omit<Column, 'name'>>;

interface TableOptions {
  kind: TableKind;
  doc: string;
  type?: string;
  refPrefix?: string;
  primaryKey: readonly string[];
  order?: readonly string[];
  references?: readonly (Omit<Reference, 'isAwaited'> & { isAwaited?: boolean })[];
  internalRows?: string;
  retention: Table['retention'];
  /** Default: all three. */
  writes?: readonly TableWrite[];
  columns: Columns;
}

/** Declares one table. The order of the columns is the order of an export's keys. */
export function declareTable(name: string, options: TableOptions): Table {
  return {
    name,
    kind: options.kind,
    doc: options.doc,
    type: options.type,
    refPrefix: options.refPrefix,
    columns: Object.entries(options.columns).map(([columnName, declared]) => ({
      ...declared,
      name: columnName,
      field:
        options.kind === 'record'
          ? declared.field || (declared.field === '' ? columnName : undefined)
          : undefined,
    })),
    primaryKey: options.primaryKey,
    order: options.order ?? options.primaryKey.filter((key) => key !== 'workspace_id'),
    references: (options.references ?? []).map((reference) => ({ isAwaited: true, ...reference })),
    internalRows: options.internalRows,
    retention: options.retention,
    writes: options.writes ?? ['insert', 'update', 'delete'],
  };
}

/** A table of ingested records: the host's id, its times, what it did not understand, and the feed's clock. */
export function declareRecords(
  name: string,
  options: Omit<TableOptions, 'kind' | 'primaryKey' | 'order'> & {
    type: string;
    refPrefix: string;
    order?: readonly string[];
    /** Common columns that mean something else here. */
    overrides?: Columns;
  },
): Table {
  return declareTable(name, {
    ...options,
    kind: 'record',
    primaryKey: ['workspace_id', 'id'],
    order: options.order ?? ['created_at', 'id'],
    columns: {
      workspace_id: text({ doc: 'The workspace that holds the record.', field: false, isRequired: true }),
      id: text({ doc: 'The host product’s own id.', personal: 'identifier', isRequired: true }),
      ref: text({
        doc: 'Convey’s random name for the record, free of personal data.',
        field: false,
        isRequired: true,
      }),
      ...options.columns,
      created_at: timestamp({
        doc: 'When the host product made it; the time of arrival when it does not say.',
        isNullable: false,
      }),
      updated_at: timestamp('When the host product last changed it.'),
      version: bigint('The host product’s version of the record; an older one is skipped.'),
      attributes: json({
        doc: 'Fields that Convey has no column for, as they came.',
        personal: 'free_text',
        isNullable: false,
      }),
      written_at: timestamp({ doc: 'When Convey last wrote the row.', field: false, isNullable: false }),
      changed_epoch: bigint({ doc: 'Epoch of the change feed.', field: false, isNullable: false }),
      changed_xid: xid({
        doc: 'Transaction that last wrote the row: the change feed’s clock.',
        field: false,
        isNullable: false,
      }),
      ...options.overrides,
    },
  });
}
