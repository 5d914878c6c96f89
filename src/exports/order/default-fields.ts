import { type ExportRequest, isTable } from '../plan-export.ts';
import type { ExportField } from './export-fields.ts';

/** V-05. Whole as it is named: a PDF, an HTML page, JSON and NDJSON. */
const DEFAULT_FIELDS: readonly ExportField[] = ['messages', 'customer', 'tags'];
/** Of tables: those that V-06 and V-07 have columns of. */
const OF_CONVERSATION_ROWS: readonly ExportField[] = ['messages', 'customer', 'channel', 'tags', 'csat'];
const OF_MESSAGE_ROWS: readonly ExportField[] = ['messages', 'customer', 'citations'];

/** Whether an export of this kind leaves the choice of fields: of conversations, or of one. */
export function hasFields(kind: ExportRequest['kind']): boolean {
  return kind === 'conversations' || kind === 'conversation';
}

/** Whether each row, or line, of a file is made of messages, so that it is nothing without them. */
export function needsMessages(
  { kind, mode }: { kind: ExportRequest['kind']; mode?: ExportRequest['mode'] | undefined },
  format: ExportRequest['format'],
): boolean {
  if (format === 'chat-jsonl') return true;
  return isTable({ format }) && (mode === 'messages' || kind === 'conversation');
}

/** The fields of an order that names none; undefined: all there is. */
export function defaultFieldsOf({
  kind,
  format,
  mode,
}: Pick<ExportRequest, 'kind' | 'format'> & { mode?: ExportRequest['mode'] | undefined }):
  | readonly ExportField[]
  | undefined {
  if (kind !== 'conversations') return undefined;
  if (format === 'chat-jsonl') return ['messages'];
  if (!isTable({ format })) return DEFAULT_FIELDS;
  return mode === 'messages' ? OF_MESSAGE_ROWS : OF_CONVERSATION_ROWS;
}
