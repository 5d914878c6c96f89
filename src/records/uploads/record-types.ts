import { shapesByType } from '../grammar/record-shape.ts';
import { recordTypes } from '../import/map/map.schemas.ts';

/** What a type of record takes, for whoever maps columns to it. */
export interface RecordTypeFields {
  type: (typeof recordTypes)[number];
  doc: string;
  fields: {
    /** As a line and a map name it: `author.id`. */
    name: string;
    doc: string;
    required: boolean;
    kind: 'text' | 'number' | 'boolean' | 'time' | 'list' | 'object';
    /** The words that it takes; null: any. */
    values: string[] | null;
  }[];
}

const KINDS = {
  text: 'text',
  bigint: 'number',
  boolean: 'boolean',
  timestamptz: 'time',
  'text[]': 'list',
  jsonb: 'object',
  xid8: 'number',
} as const;

/** Every type of record and its fields, from the catalogue. */
export function listRecordTypes(): RecordTypeFields[] {
  return recordTypes.map((type) => {
    const { table, columns } = shapesByType.get(type)!;
    return {
      type,
      doc: table.doc,
      fields: columns.map(({ field, doc, isRequired, type: columnType, values }) => ({
        name: field!,
        doc,
        required: isRequired,
        kind: KINDS[columnType as keyof typeof KINDS] ?? 'text',
        values: values === undefined ? null : [...values.keys()],
      })),
    };
  });
}
