import type { RowView } from '../row-view.ts';
import { memberText, type RowReader, showValue } from './row-reader.ts';
import type { TranscriptEvent, TranscriptMessage } from './transcript.ts';

/** A file as a transcript names it, and the message that it came with. */
export interface DescribedFile {
  file: TranscriptMessage['files'][number];
  messageId: string | undefined;
  at: string;
}

/** The roles of the ingest grammar, as transcripts name them. */
const ROLES: Readonly<Record<string, TranscriptMessage['role']>> = {
  user: 'contact',
  assistant: 'bot',
  tool: 'tool',
  teammate: 'teammate',
  system: 'system',
};
const ROLE_NAMES: Readonly<Record<TranscriptMessage['role'], string>> = {
  contact: 'Customer',
  bot: 'Bot',
  tool: 'Tool',
  teammate: 'Team',
  system: 'System',
};
/** A value of an event that is longer is cut: the sentence should be read. */
const LONGEST_VALUE = 200;

/** The word for a role that people read. */
export function roleName(role: TranscriptMessage['role']): string {
  return ROLE_NAMES[role];
}

/**
 * Reads a message, a teammate's reply or a ticket's message. Whose name the export leaves out appears by role.
 * @param contactName the conversation's contact, who wrote what a contact wrote without a name
 */
export function describeMessage(
  reader: RowReader,
  row: RowView,
  contactName: string | undefined,
): TranscriptMessage {
  const contactId = reader.text(row, 'author.contact_id');
  // A ticket's messages have no role: who is no contact is of the team.
  const word = reader.text(row, 'role') ?? (contactId === undefined ? 'teammate' : 'user');
  const role = ROLES[word] ?? 'system';
  const editedAt = reader.time(row, 'edited_at');
  const tool = reader.object(row, 'tool');
  const toolName = memberText(tool, 'name');
  return {
    kind: 'message',
    id: reader.text(row, 'id') ?? '',
    at: reader.time(row, 'created_at') ?? '',
    author:
      reader.text(row, 'author.name') ??
      reader.text(row, 'author.id') ??
      contactId ??
      (role === 'contact' ? contactName : undefined) ??
      roleName(role),
    role,
    isInternal: reader.flag(row, 'is_internal'),
    body: reader.text(row, 'body') ?? '',
    ...(editedAt === undefined ? {} : { editedAt }),
    citations: readCitations(reader, row, 'citations'),
    files: [],
    ...(toolName === undefined && memberText(tool, 'result') === undefined
      ? {}
      : {
          tool: {
            name: toolName ?? 'tool',
            ...('arguments' in tool ? { arguments: jsonText(tool['arguments']) } : {}),
            ...('result' in tool ? { result: jsonText(tool['result']) } : {}),
          },
        }),
  };
}

/** Sources of a bot's answer. */
export function readCitations(
  reader: RowReader,
  row: RowView,
  column: string,
): TranscriptMessage['citations'] {
  return reader.objects(row, column).map((source) => {
    const url = memberText(source, 'url');
    const quote = memberText(source, 'quote');
    const title = memberText(source, 'title') ?? url ?? memberText(source, 'source_id') ?? 'source';
    return { title, ...(url === undefined ? {} : { url }), ...(quote === undefined ? {} : { quote }) };
  });
}

/** Reads an event: `status_changed` with its values becomes “Status changed: open → resolved”. */
export function describeEvent(reader: RowReader, row: RowView): TranscriptEvent {
  const words = (reader.text(row, 'kind') ?? 'event').replaceAll('_', ' ');
  const [before, after] = ['before', 'after'].map((name) => shorten(showChange(reader.json(row, name))));
  const change = [before, after].filter((value) => value !== '').join(' → ');
  const actor = reader.object(row, 'actor');
  const who = ['name', 'id', 'type'].map((name) => memberText(actor, name)).find(Boolean);
  const reason = reader.text(row, 'reason');
  return {
    kind: 'event',
    at: reader.time(row, 'at') ?? reader.time(row, 'created_at') ?? '',
    text: words.charAt(0).toUpperCase() + words.slice(1) + (change === '' ? '' : `: ${change}`),
    ...(who === undefined ? {} : { actor: who }),
    ...(reason === undefined ? {} : { reason }),
  };
}

/** Reads a file's row; `path` is where its bytes lie beside the documents, where they do. */
export function describeFile(reader: RowReader, row: RowView): DescribedFile {
  const mediaType = reader.text(row, 'media_type');
  const size = reader.text(row, 'size');
  const path = reader.text(row, 'content_path');
  return {
    file: {
      name: reader.text(row, 'name') ?? 'file',
      ...(mediaType === undefined ? {} : { mediaType }),
      ...(size === undefined ? {} : { bytes: Number(size) }),
      ...(path === undefined ? {} : { path }),
    },
    messageId: reader.text(row, 'message_id'),
    at: reader.time(row, 'created_at') ?? '',
  };
}

/** A file that came with no message that is shown, as what happened. */
export function fileEvent({ file, at }: DescribedFile): TranscriptEvent {
  const about = [file.mediaType, file.bytes === undefined ? undefined : `${file.bytes} bytes`, file.path];
  const told = about.filter(Boolean).join(', ');
  return { kind: 'event', at, text: `File: ${file.name}${told === '' ? '' : ` (${told})`}` };
}

function jsonText(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value, undefined, 2);
}

/** An object with a name is told by it, one of a single member by its value: `{"status": "open"}` is “open”. */
function showChange(value: unknown): string {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
    const name = memberText(value as Record<string, unknown>, 'name');
    if (name !== undefined) return name;
    const members = Object.values(value);
    if (members.length === 1) return showValue(members[0]);
  }
  return showValue(value);
}

function shorten(text: string): string {
  return text.length > LONGEST_VALUE ? `${text.slice(0, LONGEST_VALUE)}…`.toWellFormed() : text;
}
