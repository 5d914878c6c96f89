import type { ExportForm, ExportKind, FileType } from './export-kinds.ts';

/** Which conversations. Several states or channels mean any of them, several tags all of them. */
export interface Filter {
  status?: readonly string[];
  channel?: readonly string[];
  tag?: readonly string[];
  /** Begun at or after this date, UTC. */
  since?: string;
  /** Begun before this date, UTC. */
  until?: string;
}

/** What the person asks for. */
export interface ExportChoice {
  kind: ExportKind['kind'];
  form: ExportForm;
  /** `spreadsheet` opens safely in a spreadsheet program; `machine` is byte-exact (contract §4). */
  csvProfile: 'spreadsheet' | 'machine';
  /** Of one person: complete for the workspace, or fit to be handed to the person. */
  contactProfile?: 'record' | 'subject';
  filter?: Filter;
  /** The one conversation or contact: the host product's id. */
  recordId?: string;
}

/** The address that answers with the export: a path and a query, never a host and never the key. */
export function exportAddress({ kind, form, csvProfile, ...rest }: ExportChoice): string {
  const query = new URLSearchParams({ format: form.format });
  if (form.mode !== undefined) query.set('mode', form.mode);
  if (rest.contactProfile !== undefined) query.set('profile', rest.contactProfile);
  // The route of one person has another use for the name `profile`.
  if (form.format === 'csv') query.set(kind === 'contact' ? 'csv' : 'profile', csvProfile);
  for (const [name, value] of Object.entries(rest.filter ?? {})) {
    for (const one of [value].flat() as string[]) query.append(name, one);
  }
  return `${pathOf(kind, rest.recordId)}?${query}`;
}

function pathOf(kind: ExportKind['kind'], recordId = ''): string {
  if (kind === 'conversation') return `/v1/conversations/${encodeId(recordId)}/export`;
  if (kind === 'contact') return `/v1/contacts/${encodeId(recordId)}/export`;
  return `/v1/${kind}/export`;
}

/** A quote is encoded too, so that an address can stand between quotes in a shell. */
function encodeId(id: string): string {
  return encodeURIComponent(id).replaceAll("'", '%27');
}

/** Whether a text can be a record's id; `.` and `..` would name another address. */
export function isRecordId(text: string): boolean {
  return text !== '' && text !== '.' && text !== '..' && text.isWellFormed();
}

/** A name for the file before the server has said its own: kind, workspace and day, never a person's name. */
export function suggestFileName(kind: string, fileType: FileType, workspaceSlug: string, at: Date): string {
  return `convey-${kind}-${workspaceSlug}-${at.toISOString().slice(0, 10)}.${fileType}`;
}

/**
 * The same request for a shell. The key is read from the environment, so that neither the clipboard nor the
 * shell's history gets it. curl fails on a broken transfer (exit code 18) and takes the server's file name.
 */
export function asCurl(address: string, origin: string): string {
  return `curl --fail -OJ -H "Authorization: Bearer $CONVEY_API_KEY" '${origin}${address}'`;
}
