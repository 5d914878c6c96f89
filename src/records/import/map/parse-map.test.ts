import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { ConveyError } from '../../../errors.ts';
import { defaultLimits } from '../limits.ts';
import { compileMap } from './compile-map.ts';
import { parseImportMap, readImportMap } from './parse-map.ts';

const rule = { type: 'message', id: '{id}', fields: { body: '{text}' } };

function problem(map: unknown): ConveyError {
  try {
    compileMap(parseImportMap(map), defaultLimits);
  } catch (error) {
    expect(error).toMatchObject({ code: 'import.bad_map' });
    return error as ConveyError;
  }
  throw new Error('the map was taken');
}

test('a small map is taken', () => {
  expect(parseImportMap({ emit: [rule] }).emit).toHaveLength(1);
});

test.each([
  ['not an object', 7, /the map: /],
  ['no rules', { emit: [] }, /emit: takes at least one rule/],
  ['an unknown key', { emit: [rule], emti: [] }, /the map: does not know "emti"/],
  ['an unknown type', { emit: [{ ...rule, type: 'mesage' }] }, /emit\[0\]\.type: takes one of account, /],
  ['no id', { emit: [{ type: 'message', fields: {} }] }, /emit\[0\]\.id: takes a template/],
  ['a misspelt key of a rule', { emit: [{ ...rule, onces: true }] }, /emit\[0\]: does not know "onces"/],
  [
    'a value of no kind',
    { emit: [{ ...rule, fields: { body: { form: 'x' } } }] },
    /emit\[0\]\.fields\.body: takes a template string or an object with exactly one of from, /,
  ],
  [
    'a value of two kinds',
    { emit: [{ ...rule, fields: { body: { from: 'x', constant: 1 } } }] },
    /fields\.body: .*exactly one/,
  ],
  ['a number for a value', { emit: [{ ...rule, fields: { body: 5 } }] }, /fields\.body: takes/],
  [
    'an unknown conversion',
    { emit: [{ ...rule, fields: { at: { from: 'x', as: 'date' } } }] },
    /fields\.at\.as: /,
  ],
  [
    'a misspelt modifier',
    { emit: [{ ...rule, fields: { at: { from: 'x', vlaues: {} } } }] },
    /fields\.at: does not know "vlaues"/,
  ],
  [
    'a problem deep inside',
    { emit: [{ ...rule, fields: { tags: { list: ['x', { object: { a: { from: '' } } }] } } }] },
    /emit\[0\]\.fields\.tags\.list\[1\]\.object\.a\.from: takes the name/,
  ],
  ['a bad field name', { emit: [{ ...rule, fields: { 'a b': 'x' } }] }, /fields.*takes field names such as/],
  ['id among the fields', { emit: [{ ...rule, fields: { id: 'x' } }] }, /fields.*is said beside fields/],
  [
    'a field inside a field',
    { emit: [{ ...rule, fields: { author: '{a}', 'author.id': '{b}' } }] },
    /"author" and "author.id" cannot both be filled/,
  ],
  [
    'rest over a field',
    { emit: [{ ...rule, fields: { attributes: '{a}' }, rest: 'attributes' }] },
    /"attributes" and "attributes" cannot both/,
  ],
  ['a stray brace', { emit: [{ ...rule, id: '{id' }] }, /emit\[0\]\.id: has a stray \{/],
  ['empty braces', { emit: [{ ...rule, id: 'a{}' }] }, /emit\[0\]\.id: has a stray \{\}/],
  ['an unknown own name', { emit: [{ ...rule, id: '{$lines}' }] }, /emit\[0\]\.id: does not know \$lines/],
  [
    'a join that is not declared',
    { emit: [{ ...rule, fields: { a: { join: 'x', on: 'k', take: 't' } } }] },
    /emit\[0\]\.fields\.a\.join: is not among the map's joins: "x"/,
  ],
  [
    'a time without a base',
    { emit: [{ ...rule, fields: { at: { time: { by: 'n' } } } }] },
    /fields\.at\.time\.base: /,
  ],
  [
    'a base that is no time',
    { emit: [{ ...rule, fields: { at: { time: { base: 'Monday' } } } }] },
    /time\.base: takes a time such as/,
  ],
  [
    'a condition of two tests',
    { emit: [{ ...rule, when: { from: 'x', in: ['a'], present: true } }] },
    /emit\[0\]\.when: takes exactly one of/,
  ],
  ['a condition of none', { skip: [{ from: 'x' }], emit: [rule] }, /skip\[0\]: takes exactly one of/],
  [
    'a long delimiter',
    { table: { delimiter: '||' }, emit: [rule] },
    /table\.delimiter: takes one ASCII character/,
  ],
])('%s is refused with its place in the map', (_what, map, message) => {
  expect(problem(map).message).toMatch(message);
});

test('all problems are told, each with a JSON pointer', () => {
  const error = problem({
    emit: [
      { ...rule, type: 'x' },
      { ...rule, fields: { a: 1, b: 2, c: 3 } },
    ],
  });
  expect(error.fields.map((field) => field.pointer)).toEqual([
    '/emit/0/type',
    '/emit/1/fields/a',
    '/emit/1/fields/b',
    '/emit/1/fields/c',
  ]);
  expect(error.message).toMatch(/and 1 more/);
});

test('map files are read with or without a byte order mark; broken ones are refused by name', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'convey-map-'));
  const path = join(folder, 'map.json');
  try {
    await expect(readImportMap(path)).rejects.toMatchObject({ code: 'import.no_such_file' });
    await writeFile(path, `\ufeff${JSON.stringify({ emit: [rule] })}`);
    expect((await readImportMap(path)).emit).toHaveLength(1);
    await writeFile(path, '{"emit": [');
    await expect(readImportMap(path)).rejects.toThrow(/not valid JSON/);
    await writeFile(path, Buffer.alloc(2 * 1024 * 1024, ' '));
    await expect(readImportMap(path)).rejects.toMatchObject({ code: 'import.bad_map' });
  } finally {
    await rm(folder, { recursive: true });
  }
});
