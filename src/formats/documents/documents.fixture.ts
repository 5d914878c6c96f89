import { ZipScanner } from '../../verify/scan-zip.ts';
import { ByteWriter } from '../byte-writer.ts';
import type { ColumnType } from '../codecs.ts';
import type { PdfEngine } from '../pdf/pdf-engine.ts';
import type { FormatWarning, RecordShape } from '../record-format.ts';
import { memorySink, viewRow } from '../rows.fixture.ts';
import { DocumentsFormat, type DocumentsFormatOptions } from './documents.ts';
import type { Transcript, TranscriptStyle } from './transcript.ts';

/** Support for tests: documents from rows without a database. */

export const STYLE: TranscriptStyle = {
  brandName: 'Acme & Söhne',
  color: '#ffcc00',
  workspaceName: 'Support <main>',
  exportId: 'exp_0123456789',
  exportedBy: 'Ada "Exporter" <ada@example.com>',
  snapshotAt: '2026-03-04T05:06:07.089Z',
};

type Columns = Record<string, ColumnType>;

const CONVERSATION: Columns = {
  id: 'text',
  subject: 'text',
  channel: 'text',
  status: 'text',
  tags: 'text[]',
  csat: 'jsonb',
  started_at: 'timestamptz',
  created_at: 'timestamptz',
  'contact.id': 'text',
  'contact.name': 'text',
  'contact.email': 'text',
  'contact.identity_verified': 'jsonb',
};
const MESSAGE: Columns = {
  id: 'text',
  role: 'text',
  is_internal: 'boolean',
  'author.name': 'text',
  body: 'text',
  citations: 'jsonb',
  tool: 'jsonb',
  created_at: 'timestamptz',
  edited_at: 'timestamptz',
};
const EVENT: Columns = {
  kind: 'text',
  actor: 'jsonb',
  at: 'timestamptz',
  before: 'jsonb',
  after: 'jsonb',
  reason: 'text',
};
const FILE: Columns = {
  id: 'text',
  name: 'text',
  media_type: 'text',
  size: 'bigint',
  message_id: 'text',
  created_at: 'timestamptz',
};
const CITATION: Columns = { message_id: 'text', sources: 'jsonb' };

/** The lists in the order in which an export gives them. */
const LISTS = { events: EVENT, files: FILE, messages: MESSAGE, replies: MESSAGE, citations: CITATION };

type Row = Record<string, unknown>;

/** A conversation and the rows of its lists; what is not said is NULL. Messages and replies share a stream. */
export interface ConversationRows {
  conversation: Row;
  events?: Row[];
  files?: Row[];
  /** In order of time; a teammate's is of the list `replies`. */
  messages?: Row[];
}

const shapeColumns = (columns: Columns) =>
  Object.entries(columns).map(([name, type], field) => ({ name, type, field }));
const valuesOf = (columns: Columns, row: Row) =>
  Object.entries(columns).map(([name, type]) => {
    const value = row[name];
    if (value === undefined) return null;
    if (type === 'jsonb') return JSON.stringify(value);
    return type === 'timestamptz' ? new Date(value as string) : value;
  });

export const SHAPE: RecordShape = {
  type: 'conversation',
  section: 'conversations',
  columns: shapeColumns(CONVERSATION),
  lists: Object.entries(LISTS).map(([name, columns]) => ({
    name,
    type: name,
    columns: shapeColumns(columns),
  })),
};

/** A PDF engine that prints what it was given, and has no glyph for `☃`. */
export function fakePdf(fails: (transcript: Transcript) => Error | undefined = () => undefined): PdfEngine {
  return {
    async render(transcript) {
      const failure = fails(transcript);
      if (failure !== undefined) throw failure;
      const text = JSON.stringify(transcript);
      const count = text.split('☃').length - 1;
      return {
        pdf: Buffer.from(`%PDF-1.7\n${text}\n%%EOF\n`),
        unknown: count === 0 ? {} : { 'U+2603': count },
      };
    },
    close: async () => {},
  };
}

/** Drives the format as the pipeline does, its pace included. */
export async function renderDocuments(
  options: DocumentsFormatOptions,
  records: Iterable<ConversationRows>,
  {
    pdf = fakePdf(),
    write,
    onRecord,
  }: {
    pdf?: PdfEngine;
    write?: (chunk: Buffer) => Promise<void>;
    /** As each record begins, and at the end. */
    onRecord?: (format: DocumentsFormat) => void;
  } = {},
): Promise<{ bytes: Buffer; warnings: readonly FormatWarning[] }> {
  const sink = memorySink();
  const out = new ByteWriter(write === undefined ? sink : { write }, { chunkBytes: 1 << 16 });
  const format = new DocumentsFormat(out, options, {
    style: STYLE,
    names: [{ record: 'conversations', lists: SHAPE.lists.map(({ name }) => name) }],
    mtime: new Date('2026-03-04T05:06:07Z'),
    signal: new AbortController().signal,
    pdf: () => pdf,
  });
  try {
    format.beginDocument();
    format.beginSection(SHAPE);
    for (const { conversation, events = [], files = [], messages = [] } of records) {
      onRecord?.(format);
      format.beginRecord(viewRow(Object.values(CONVERSATION), valuesOf(CONVERSATION, conversation)));
      const add = async (index: number, columns: Columns, row: Row) => {
        format.item(index, viewRow(Object.values(columns), valuesOf(columns, row)));
        if (format.pace.mustWait) await format.pace.ready();
      };
      for (const row of events) await add(0, EVENT, row);
      for (const row of files) await add(1, FILE, row);
      for (const row of messages) {
        const view = viewRow(Object.values(MESSAGE), valuesOf(MESSAGE, row));
        if (row['role'] === 'teammate') format.setAside(3, view);
        else format.item(2, view);
        if (row['citations'] !== undefined) {
          const cited = { message_id: row['id'], sources: row['citations'] };
          format.setAside(4, viewRow(Object.values(CITATION), valuesOf(CITATION, cited)));
        }
        if (format.pace.mustWait) await format.pace.ready();
      }
      await format.endRecord();
    }
    format.endSection();
    await format.endDocument();
    onRecord?.(format);
    await out.end();
    return { bytes: sink.bytes(), warnings: format.warnings };
  } finally {
    format.close();
  }
}

/** The entries of a zip, by name, in its order. */
export async function readZip(bytes: Buffer): Promise<Map<string, Buffer>> {
  const entries = new Map<string, Buffer>();
  let name = '';
  let chunks: Buffer[] = [];
  const scanner = new ZipScanner({
    open: (opened) => {
      name = opened;
      chunks = [];
    },
    data: (chunk) => chunks.push(Buffer.from(chunk)),
    close: () => entries.set(name, Buffer.concat(chunks)),
  });
  for (let at = 0; at < bytes.length; at += 1 << 16) await scanner.push(bytes.subarray(at, at + (1 << 16)));
  scanner.end();
  return entries;
}

/** The lines of an archive's own list, without its end line. */
export function readList(entries: ReadonlyMap<string, Buffer>): Record<string, unknown>[] {
  const lines = entries.get('documents.ndjson')!.toString().trimEnd().split('\n');
  return lines.slice(0, -1).map((line) => JSON.parse(line) as Record<string, unknown>);
}
