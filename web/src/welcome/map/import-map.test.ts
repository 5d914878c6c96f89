import { expect, test } from 'vitest';
import { parseImportMap } from '../../../../src/records/import/map/parse-map.ts';
import { listRecordTypes } from '../../../../src/records/uploads/record-types.ts';
import { columnValue, kindOf, newValue, suggestMap, withColumn } from './import-map.ts';

const types = listRecordTypes();
const source = (columns: string[], cells: string[][] = [], delimiter: string | null = ',') => ({
  columns,
  rows: cells.map((row, index) => ({ line: index + 2, cells: row })),
  delimiter,
});
const table = (columns: string[], delimiter = ',') =>
  suggestMap(types, { ...source(columns, [], delimiter), format: 'csv' as const });
const fieldOf = (type: string, name: string) =>
  types.find((one) => one.type === type)!.fields.find((one) => one.name === name);

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

test.each([
  ['semicolons', ['vip;beta', 'new', ''], ',', { split: ';' }],
  ['bars', ['vip|beta', 'vip|x;y', 'a|b'], ',', { split: '|' }],
  ['commas in quoted cells', ['vip, beta', 'new'], ',', { split: ',' }],
  ['commas between semicolons', ['vip,beta'], ';', { split: ',' }],
  ['one value in each', ['vip', 'new'], ',', { split: ';' }],
  ['one value in each, of a table with semicolons', ['vip'], ';', { split: ',' }],
  ['nothing yet', [], '\t', { split: ',' }],
  ['JSON', ['["vip","beta"]', ' ["new"]', ''], ',', { as: 'json' }],
  ['text in JSON', ['vip; beta'], null, { split: ';' }],
  ['lists of JSON', ['["vip","beta"]'], null, {}],
])('a list is read as its cells are written: %s', (_what, cells, delimiter, reading) => {
  const of = source(
    ['tags'],
    cells.map((cell) => [cell]),
    delimiter,
  );
  expect(columnValue(fieldOf('contact', 'tags'), 'tags', of)).toEqual({ from: 'tags', ...reading });
});

test('another column is read as its own cells are written, unless somebody has said how', () => {
  const of = source(['Labels', 'Groups'], [['a;b', 'a|b']]);
  const tags = fieldOf('contact', 'tags');
  const first = columnValue(tags, 'Labels', of);
  expect(withColumn(first, 'Groups', tags, of)).toEqual({ from: 'Groups', split: '|' });
  expect(withColumn(withColumn(first, 'Gro', tags, of), 'Groups', tags, of)).toEqual({
    from: 'Groups',
    split: '|',
  });
  expect(withColumn({ from: 'Labels', split: '/' }, 'Groups', tags, of)).toEqual({
    from: 'Groups',
    split: '/',
  });
  expect(withColumn({ from: 'Labels' }, 'Groups', undefined, of)).toEqual({ from: 'Groups' });
});
