import type { Schema } from '../../api/client.ts';
import type { operations } from '../../api/schema.d.ts';
import type { ConversationFilter } from '../../parts/filter-words.tsx';

/** What `POST /v1/exports` takes. */
export type Order = operations['createExport']['requestBody']['content']['application/json'];
export type OrderKind = Order['kind'];
export type OrderFormat = NonNullable<Order['format']>;
export type OrderField = NonNullable<Order['fields']>[number];
export type OrderMode = NonNullable<Order['mode']>;
export type CsvProfile = NonNullable<Order['profile']>;
export type ContactForm = NonNullable<Order['for']>;

/** What an order may say, as the server has it. */
export type ExportOptions = Schema<'ExportOptions'>;
export type KindOptions = ExportOptions['kinds'][number];

/** What somebody wants exported; how, they say in the dialog. */
export interface WantedExport {
  kind: Exclude<OrderKind, 'conversation'>;
  /** Of conversations: those that it finds; with neither filter nor ids all of them. */
  filter?: ConversationFilter | undefined;
  /** Of conversations: these. */
  ids?: readonly string[] | undefined;
  contactId?: string | undefined;
  /** The export that is made once more. */
  rerunOf?: string | undefined;
  /** How the dialog begins, instead of as it was left the last time. */
  settings?: Partial<OrderSettings> | undefined;
}

/** How it is to be exported: what the dialog asks. */
export interface OrderSettings {
  format: OrderFormat;
  mode: OrderMode;
  profile: CsvProfile;
  /** Null: the usual ones of the format. */
  fields: readonly OrderField[] | null;
  for: ContactForm;
  files: boolean;
  anonymize: boolean;
  /** Null: as the server is set. */
  keepDays: number | null;
  /** Whether the viewer gets a mail when it has ended. */
  tellsMe: boolean;
  /** Members who get one, too. */
  tells: readonly string[];
}

/** How the dialog begins for a kind: its usual format, as a person wants it. */
export function usualSettings(options: KindOptions): OrderSettings {
  return {
    format: options.direct_formats[0] ?? options.formats[0]!.format,
    mode: 'conversations',
    // A person opens it with a double click.
    profile: 'spreadsheet',
    fields: null,
    for: 'record',
    files: false,
    anonymize: false,
    keepDays: null,
    tellsMe: false,
    tells: [],
  };
}

/** What the settings mean for a format of the kind: what there is to choose, and what is chosen. */
export function choicesOf(options: KindOptions, settings: OrderSettings) {
  const format = options.formats.find((one) => one.format === settings.format) ?? options.formats[0]!;
  const rows = format.rows.find(({ mode }) => mode === settings.mode) ?? format.rows[0]!;
  const chosen = settings.fields ?? rows.default_fields;
  return {
    format: format.format,
    modes: format.rows.flatMap(({ mode }) => (mode === null ? [] : [mode])),
    mode: rows.mode,
    profiles: format.profiles,
    hasFields: rows.default_fields !== null,
    defaultFields: rows.default_fields ?? [],
    neededFields: rows.needed_fields,
    fields: [...new Set([...rows.needed_fields, ...(chosen ?? [])])],
  };
}

/** The order that the settings ask for: only parts that its kind and format take. */
export function orderOf(
  wanted: WantedExport,
  settings: OrderSettings,
  options: KindOptions,
  viewer: { mayHaveRecord: boolean; email: string | undefined },
): Order {
  const { format, mode, profiles, hasFields, fields } = choicesOf(options, settings);
  // What is left out of an order that is made again stays as it was: there, everything is said.
  const isAgain = wanted.rerunOf !== undefined;
  const files = options.can_hold_files && settings.files && !settings.anonymize;
  const anonymize = options.can_anonymize && settings.anonymize;
  const tells = [...(settings.tellsMe && viewer.email ? [viewer.email] : []), ...settings.tells];
  return {
    kind: wanted.kind,
    format,
    ...(wanted.contactId === undefined ? {} : { id: wanted.contactId }),
    ...whichOf(wanted),
    ...(mode === null ? {} : { mode }),
    ...(profiles.length < 2 ? {} : { profile: settings.profile }),
    ...(wanted.kind === 'contact' && viewer.mayHaveRecord ? { for: settings.for } : {}),
    ...(hasFields && (isAgain || settings.fields !== null) ? { fields } : {}),
    ...(files || isAgain ? { files } : {}),
    ...(anonymize || isAgain ? { anonymize } : {}),
    ...(settings.keepDays === null ? {} : { keep_days: settings.keepDays }),
    ...(tells.length > 0 || isAgain ? { notify: [...new Set(tells)] } : {}),
  };
}

function whichOf({ kind, ids, filter }: WantedExport): Pick<Order, 'ids' | 'filter'> {
  if (kind !== 'conversations') return {};
  if (ids !== undefined) return { ids: [...ids] };
  return filter === undefined || Object.keys(filter).length === 0 ? {} : { filter };
}

/** What an order says on top of the export that it repeats: all but what that one is of. */
export function changesOf({
  kind: _kind,
  id: _id,
  filter: _filter,
  ...changes
}: Order): Omit<Order, 'kind' | 'id'> {
  return changes;
}
