import type { ColumnType } from '../formats/codecs.ts';
import type { Dataset } from './datasets.ts';
import type { DatasetColumn } from './record-columns.ts';

type Schema = Record<string, unknown>;

const SCHEMA_OF_TYPE: Readonly<Record<ColumnType, Schema>> = {
  text: { type: 'string' },
  bigint: { type: 'integer' },
  boolean: { type: 'boolean' },
  timestamptz: { type: 'string', format: 'date-time' },
  jsonb: {},
  'text[]': { type: 'array', items: { type: 'string' } },
  xid8: { type: 'string' },
};

function schemaOfColumn({ type, doc, audience, column }: DatasetColumn): Schema {
  const json =
    type === 'jsonb' && column?.json !== undefined && column.json !== 'any' ? { type: column.json } : {};
  const base: Schema = { ...SCHEMA_OF_TYPE[type], ...json };
  // Only a column that is shown as stored is known to be never null: joins and masks may blank the others.
  const isNullable = column === undefined || column.isNullable;
  if (isNullable && base['type'] !== undefined) base['type'] = [base['type'], 'null'];
  if (column?.values !== undefined) base['enum'] = [...column.values.keys(), ...(isNullable ? [null] : [])];
  return {
    ...base,
    description: doc,
    ...(audience === 'customer' ? {} : { 'x-audience': audience }),
    ...(column === undefined || column.personal === 'none' ? {} : { 'x-personal-data': column.personal }),
  };
}

/**
 * The JSON Schema (2020-12) of one record of a dataset, generated from the catalogue. Keys are only ever added
 * within a major version; readers ignore what they do not know.
 */
export function jsonSchemaOf(dataset: Dataset): Schema {
  const properties: Record<string, Schema> = {};
  for (const column of dataset.columns) {
    const [group, key] = column.name.split('.');
    if (key === undefined) {
      properties[column.name] = schemaOfColumn(column);
      continue;
    }
    const object = (properties[group!] ??= { type: 'object', properties: {}, required: [] });
    (object['properties'] as Record<string, Schema>)[key] = schemaOfColumn(column);
    (object['required'] as string[]).push(key);
  }
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    $id: `urn:convey:dataset:${dataset.name}`,
    title: dataset.name,
    description: dataset.doc,
    type: 'object',
    properties,
    required: Object.keys(properties),
  };
}
