import type { ChangePlace } from '../catalog/changed-rows.ts';
import { keepOf } from './anonymized/anonymized-plan.ts';
import type { ConversationFilter } from '../catalog/conversation-filter.ts';
import type { exportFormats, exportKinds } from '../catalog/tables/workings.ts';
import type { ChainGap } from '../packages/manifest.ts';
import { internalFields } from './order/export-fields.ts';

export type ExportKind = (typeof exportKinds)[number];
export type ExportFormat = (typeof exportFormats)[number];
/** `machine`: byte-exact. `spreadsheet`: with a BOM and guarded cells, for a person's double click. */
export type CsvProfile = 'machine' | 'spreadsheet';
/** Of a contact's export: `record` for the workspace, `subject` for the person themselves (contract §2). */
export type ContactProfile = 'record' | 'subject';

/** What somebody asks for. */
export interface ExportRequest {
  kind: ExportKind;
  format: ExportFormat;
  csvProfile?: CsvProfile;
  /** CSV of conversations: one row per conversation (V-06) or per message (V-07). */
  mode?: 'conversations' | 'messages';
  filter?: ConversationFilter;
  /** The one conversation or contact. */
  recordId?: string;
  contactProfile?: ContactProfile;
  /** What of each conversation (V-05); unset: the kind's own. */
  fields?: readonly string[];
  /** Pseudonyms for people, and what names them masked in texts. */
  anonymize?: boolean;
  /** Only what changed in this window: an incremental export. */
  window?: ChangeWindow;
  /** Mail addresses of members who are told when it has ended. */
  notify?: readonly string[];
  /** How many days its files are kept; unset: as the server is set. */
  keepDays?: number;
  /** The export that it repeats. */
  rerunOf?: string;
  scheduleId?: string;
  /** Set: the export is kept as a package, to be fetched later; unset: it is sent at once. */
  keep?: {
    /** With the contents of files. */
    files: boolean;
    /** Conversations in one part. */
    partConversations: number;
  };
}

/** Changes from a place on; null: from the beginning. They reach up to the export's own snapshot. */
export interface ChangeWindow {
  from: ChangePlace | null;
  /** SHA-256 of manifest.json of the export before it in the chain; null: the first. */
  previousManifestSha256: string | null;
  /** Place in the chain, from 1. */
  sequence: number;
  /** Breaks in the chain that the manifest has to name. */
  gaps: readonly ChainGap[];
}

/** What the plan needs to know of the workspace and the asker. */
export interface PlanContext {
  workspace: { id: string; slug: string; name: string };
  /** In file names. */
  productName: string;
  /** May the asker see internal notes and events? */
  includeInternal: boolean;
  /** Audiences within the asker's reach; null: all. */
  audiences: readonly string[] | null;
}

/** A frozen plan: kept in the export's row, enough to run the export again. Plain JSON. */
export interface ExportPlan {
  kind: ExportKind;
  format: ExportFormat;
  csvProfile: CsvProfile;
  mode: 'conversations' | 'messages';
  filter: ConversationFilter;
  recordId: string | null;
  contactProfile: ContactProfile;
  includeInternal: boolean;
  /** `q` of the filter looks through internal notes too, whether they are shown or not: lists do so as well. */
  searchesInternal?: boolean;
  /** What it holds is of these audiences, as the asker's reach was; null: of all. */
  audiences: readonly string[] | null;
  /** What of each conversation (V-05); null: the kind's own. Missing in plans from before there was a choice. */
  fields?: readonly string[] | null;
  anonymize?: boolean;
  window?: ChangeWindow | null;
  scheduleId?: string | null;
  /** Set for an export that is kept. */
  keep: { files: boolean; partConversations: number } | null;
  workspace: { id: string; slug: string; name: string };
  productName: string;
}

/** Which formats each kind comes in (contract §2). */
export const formatsOfKind: Readonly<Record<ExportKind, readonly ExportFormat[]>> = {
  workspace: ['json', 'ndjson', 'csv', 'xlsx'],
  contacts: ['json', 'ndjson', 'csv', 'xlsx'],
  conversations: ['json', 'ndjson', 'csv', 'xlsx', 'pdf', 'html', 'chat-jsonl'],
  conversation: ['json', 'csv', 'pdf', 'html'],
  contact: ['json', 'csv', 'pdf', 'html', 'zip'],
  // Its CSV is the audit log's own (K-15): `GET /v1/audit-log/export`.
  audit: ['json', 'ndjson'],
};

/** Which of them are sent at once as well, by the kind's own `GET …/export`; the first is its usual one. */
export const directFormatsOfKind = {
  workspace: ['json', 'ndjson', 'csv'],
  contacts: ['csv', 'json', 'ndjson'],
  conversations: ['json', 'ndjson', 'csv'],
  conversation: ['json', 'csv', 'pdf', 'html'],
  contact: ['json', 'csv', 'pdf', 'html', 'zip'],
  audit: [],
} as const satisfies Record<ExportKind, readonly ExportFormat[]>;

/** Freezes a request into a plan. Pure: no clock, no database. */
export function planExport(request: ExportRequest, context: PlanContext): ExportPlan {
  const contactProfile = request.contactProfile ?? 'record';
  const filter: ConversationFilter =
    request.kind === 'conversation' && request.recordId !== undefined
      ? { ids: [request.recordId] }
      : request.kind === 'contact' && request.recordId !== undefined
        ? { contact_id: request.recordId }
        : (request.filter ?? {});
  return {
    kind: request.kind,
    format: request.format,
    csvProfile: request.csvProfile ?? 'machine',
    // One conversation, or one person, as CSV is their messages with their times (V-01, V-09).
    mode:
      request.kind === 'conversation' || request.kind === 'contact'
        ? 'messages'
        : (request.mode ?? 'conversations'),
    filter,
    recordId: request.recordId ?? null,
    contactProfile,
    includeInternal: context.includeInternal && contactProfile === 'record' && wantsInternal(request),
    ...(context.includeInternal && filter.q !== undefined ? { searchesInternal: true } : {}),
    audiences: context.audiences,
    fields: request.fields ?? null,
    anonymize: request.anonymize ?? false,
    window: request.window ?? null,
    scheduleId: request.scheduleId ?? null,
    keep: keepOf(request),
    workspace: context.workspace,
    productName: context.productName,
  };
}

/** Whether a choice of fields has notes or events; no choice has all. What trains a model never has them. */
function wantsInternal({ fields, format }: ExportRequest): boolean {
  if (format === 'chat-jsonl') return false;
  return fields === undefined || internalFields.some((field) => fields.includes(field));
}

/** The export's name without extension: product, kind, workspace and date, never a person's name (contract §4). */
export function exportBaseName({ productName, kind, workspace }: ExportPlan, at: Date): string {
  return `${productName}-${kind}-${workspace.slug}-${at.toISOString().slice(0, 10)}`;
}

/** The name of the one file of an export that is sent at once. */
export function exportFileName(plan: ExportPlan, at: Date): string {
  return `${exportBaseName(plan, at)}.${exportExtension(plan)}`;
}

/** Extension of the one file, or of each part. */
export function exportExtension(plan: ExportPlan): string {
  if (isZipped(plan)) return 'zip';
  return plan.format === 'chat-jsonl' ? 'jsonl' : plan.format;
}

/**
 * Whether a file of the export is an archive of several: the tables of a workspace (K-02), one document for each
 * conversation of many, or everything about one person.
 */
export function isZipped({ kind, format, keep }: ExportPlan): boolean {
  if (kind === 'workspace' && format === 'csv') return keep === null;
  return format === 'zip' || (hasDocuments({ format }) && kind !== 'conversation');
}

/** Whether records of the kind name files. */
export function hasFiles({ kind }: Pick<ExportPlan, 'kind'>): boolean {
  return kind !== 'contacts' && kind !== 'audit';
}

/** Whether it is made of tables, of which each row is one thing. */
export function isTable({ format }: Pick<ExportPlan, 'format'>): boolean {
  return format === 'csv' || format === 'xlsx';
}

/** Whether it is made of documents for people to read. */
export function hasDocuments({ format }: Pick<ExportPlan, 'format'>): boolean {
  return format === 'pdf' || format === 'html';
}

const MEDIA_TYPES: Readonly<Record<ExportFormat, string>> = {
  json: 'application/json',
  ndjson: 'application/x-ndjson',
  csv: 'text/csv; charset=utf-8; header=present',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  pdf: 'application/pdf',
  html: 'text/html; charset=utf-8',
  'chat-jsonl': 'application/jsonl',
  zip: 'application/zip',
};

/** The media type of the one file, or of each part. */
export function exportMediaType(plan: ExportPlan): string {
  return isZipped(plan) ? 'application/zip' : MEDIA_TYPES[plan.format];
}
