import { expect, test } from 'vitest';
import { parseImportMap } from '../../../../src/records/import/map/parse-map.ts';
import { listRecordTypes } from '../../../../src/records/uploads/record-types.ts';
import { kindOf, newValue, suggestMap } from './import-map.ts';

const types = listRecordTypes();
const table = (columns: string[], delimiter = ',') =>
  suggestMap(types, { columns, format: 'csv' as const, delimiter });

test('a table of people becomes contacts, one of texts messages, each map one that the server takes', () => {
  const people = table(['Customer No', 'Full Name', 'E-Mail', 'city'], ';');
  expect(people).toEqual({
    table: { delimiter: ';' },
    emit: [
      {
        type: 'contact',
        id: { from: 'Customer No' },
        fields: { email: { from: 'E-Mail' }, name: { from: 'Full Name' } },
        rest: 'attributes',
      },
    ],
  });
  const texts = table(['id', 'conversation_id', 'role', 'body', 'created_at']);
  expect(texts.emit[0]).toMatchObject({ type: 'message', id: { from: 'id' } });
  expect(texts).not.toHaveProperty('table');
  for (const map of [people, texts, table(['x']), table([])])
    expect(parseImportMap(structuredClone(map))).toEqual(map);
});

test('what a table says in text is read as what the field takes', () => {
  const { emit } = table(['id', 'conversation_id', 'role', 'body', 'is_internal']);
  const { fields } = emit[0]!;
  const kinds = new Map(
    types.find(({ type }) => type === 'message')!.fields.map((one) => [one.name, one.kind]),
  );
  for (const [name, value] of Object.entries(fields))
    if (kinds.get(name) === 'boolean') expect(value).toMatchObject({ as: 'boolean' });
});

test('the form knows the kinds that it can show, and leaves the others alone', () => {
  const start = { column: 'a', join: 'side' };
  for (const kind of ['column', 'template', 'constant', 'join'] as const)
    expect(kindOf(newValue(kind, start))).toBe(kind);
  expect(kindOf({ list: ['{a}'] })).toBe('other');
  expect(kindOf({ constant: { a: 1 } })).toBe('other');
  expect(kindOf({ time: { base: '2026-01-01T00:00:00Z' } })).toBe('other');
});
