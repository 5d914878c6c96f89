import { expect, test } from 'vitest';
import { defaultLimits, type ImportLimits } from '../limits.ts';
import { compileMap } from './compile-map.ts';
import { parseImportMap } from './parse-map.ts';

type Row = Record<string, unknown>;
const place = { file: 'a.csv', folder: 'shop' };

function map(input: unknown, rows: Row[], limits: Partial<ImportLimits> = {}): unknown[] {
  const compiled = compileMap(parseImportMap(input), { ...defaultLimits, ...limits });
  return rows.flatMap((row, index) =>
    [...compiled.mapRow(row, index + 1, place)].map((made) =>
      'reject' in made ? made.reject : JSON.parse(made.bytes.toString()),
    ),
  );
}

const message = (fields: Row, more: Row = {}): unknown => ({
  emit: [{ type: 'message', id: '{id}', fields, ...more }],
});
const one = (spec: unknown, row: Row): unknown =>
  (map(message({ x: spec }), [{ id: 'i', ...row }])[0] as Row)['x'];

test('templates are filled, braces doubled, and give nothing when a part has nothing', () => {
  expect(one('{a}-{b.c.1} {{x}}', { a: 1, b: { c: [true, 'two'] } })).toBe('1-two {x}');
  expect(one('{a}-{b}', { a: 'x', b: '' })).toBeUndefined();
  expect(one('{a}-{b}', { a: 'x' })).toBeUndefined();
  expect(one('constant text', {})).toBe('constant text');
});

test('a path is first the name of a column, then steps; nothing is found on prototypes', () => {
  expect(one({ from: 'a.b' }, { 'a.b': 'column', a: { b: 'steps' } })).toBe('column');
  expect(one({ from: 'a.b' }, { a: { b: 'steps' } })).toBe('steps');
  expect(one({ from: 'constructor.name' }, {})).toBeUndefined();
  expect(one({ from: '__proto__' }, {})).toBeUndefined();
  expect(one({ from: 'a.length' }, { a: 'text' })).toBeUndefined();
});

test('types of JSON sources stay as they are', () => {
  const value = { n: 1.5, list: [null, { deep: true }] };
  expect(one({ from: 'v' }, { v: value })).toEqual(value);
  expect(one({ from: 'v' }, { v: 0 })).toBe(0);
  expect(one({ from: 'v' }, { v: false })).toBe(false);
});

test('empty values are left out, unless they are to be kept', () => {
  for (const empty of ['', null]) {
    expect(map(message({ x: { from: 'v' } }), [{ id: 'i', v: empty }])).toEqual([
      { type: 'message', id: 'i' },
    ]);
    expect(one({ from: 'v', empty: 'keep' }, { v: empty })).toBe(empty);
  }
  expect(one({ from: 'v', empty: 'keep' }, {})).toBeUndefined();
});

test('values of a table, with and without something else for the rest', () => {
  const roles = { values: { agent: 'teammate', bot: 'assistant', none: null } };
  expect(one({ from: 'v', ...roles }, { v: 'bot' })).toBe('assistant');
  expect(one({ from: 'v', ...roles }, { v: 'none' })).toBeUndefined();
  expect(one({ from: 'v', ...roles, otherwise: 'user' }, { v: 'other' })).toBe('user');
  expect(one({ from: 'v', ...roles, otherwise: null }, { v: 'other' })).toBeUndefined();
  expect(one({ from: 'v', otherwise: { from: 'w' } }, { w: 'second choice' })).toBe('second choice');
  expect(map(message({ role: { from: 'v', ...roles } }), [{ id: 'i', v: 'Jo from Oslo' }])).toEqual([
    { code: 'import.unknown_value', field: 'role', detail: '"v" is none of agent, bot, none.' },
  ]);
  expect(map(message({ x: { from: 'v', ...roles } }), [{ id: 'i', v: 'constructor' }])).toMatchObject([
    { code: 'import.unknown_value' },
  ]);
});

test('splitting, converting, lists and objects', () => {
  expect(one({ from: 'v', split: '<div>' }, { v: 'a<div>b' })).toEqual(['a', 'b']);
  expect(one({ from: 'v', split: ',', as: 'number' }, { v: '1,2' })).toEqual([1, 2]);
  expect(one({ from: 'v', split: ',' }, { v: ' a, b c ,, d,' })).toEqual(['a', 'b c', 'd']);
  expect(one({ from: 'v', split: ';', otherwise: 'none' }, { v: ' ; ' })).toBe('none');
  expect(one({ template: '{a}.5', as: 'number' }, { a: '1' })).toBe(1.5);
  expect(one({ list: ['{a}', { from: 'none' }, { constant: [1] }] }, { a: 'x' })).toEqual(['x', [1]]);
  expect(one({ list: ['{none}'] }, {})).toBeUndefined();
  const email = { object: { channel: 'email', value: '{e}' } };
  expect(one({ list: [email] }, { e: 'a@b.c' })).toEqual([{ channel: 'email', value: 'a@b.c' }]);
});

test('dotted fields build objects; keys keep the order of the map', () => {
  const input = message({
    'author.id': '{a}',
    body: '{b}',
    'author.name': '{c}',
    'attributes.k': { constant: 1 },
  });
  const compiled = compileMap(parseImportMap(input), defaultLimits);
  const [made] = [...compiled.mapRow({ id: 'i', a: '1', b: '2', c: '3' }, 1, place)];
  expect((made as { bytes: Buffer }).bytes.toString()).toBe(
    '{"type":"message","id":"i","author":{"id":"1","name":"3"},"body":"2","attributes":{"k":1}}',
  );
});

test('an id that is missing rejects the record; a whole number becomes text; a rounded one is refused', () => {
  expect(map(message({}), [{}, { id: '' }, { id: 7 }, { id: 2 ** 60 }])).toMatchObject([
    { code: 'import.missing_value', field: 'id' },
    { code: 'import.missing_value', field: 'id' },
    { id: '7' },
    { code: 'import.bad_value', field: 'id' },
  ]);
});

test('a required field rejects its record by name, the other rows are mapped', () => {
  const input = message({ 'author.id': { from: 'a', required: true } });
  expect(map(input, [{ id: '1' }, { id: '2', a: 'x' }])).toMatchObject([
    { code: 'import.missing_value', field: 'author.id', detail: '"a" is missing or empty.' },
    { id: '2', author: { id: 'x' } },
  ]);
});

test('once gives the first record of an id, consecutive or not, and does not count one that failed', () => {
  const input = {
    emit: [
      { type: 'conversation', id: '{c}', once: true, fields: { n: { from: 'n', as: 'number' } } },
      { type: 'message', id: '{m}', fields: {} },
    ],
  };
  const rows = [
    { c: 'a', m: 1, n: 'bad' },
    { c: 'a', m: 2, n: '2' },
    { c: 'b', m: 3, n: '3' },
    { c: 'a', m: 4, n: '4' },
  ];
  expect(map(input, rows)).toMatchObject([
    { code: 'import.bad_value', field: 'n' },
    { type: 'message', id: '1' },
    { type: 'conversation', id: 'a', n: 2 },
    { type: 'message', id: '2' },
    { type: 'conversation', id: 'b', n: 3 },
    { type: 'message', id: '3' },
    { type: 'message', id: '4' },
  ]);
});

test('once has a bound; "consecutive" needs none and gives a record for each run', () => {
  const input = (once: unknown): unknown => message({}, { once });
  const rows = ['a', 'a', 'b', 'c', 'a'].map((id) => ({ id }));
  expect(() => map(input(true), rows, { onceKeys: 2 })).toThrow(/"once": "consecutive"/);
  expect(map(input(true), rows, { onceKeys: 3 })).toHaveLength(3);
  expect(map(input('consecutive'), rows, { onceKeys: 2 })).toHaveLength(4);
});

test('each maps the elements of a list, with the row in reach', () => {
  const input = {
    emit: [
      {
        type: 'message',
        each: 'turns',
        id: '{$row.id}:{$index}',
        fields: { body: '{text}', x: { from: '$item' } },
      },
      { type: 'conversation', id: '{id}', fields: { source: '{$folder}/{$file}:{$line}' } },
    ],
  };
  expect(map(input, [{ id: 'c', turns: [{ text: 'hi' }, 'plain'] }])).toEqual([
    { type: 'conversation', id: 'c', source: 'shop/a.csv:1' },
    { type: 'message', id: 'c:0', body: 'hi', x: { text: 'hi' } },
    { type: 'message', id: 'c:1', x: 'plain' },
  ]);
  expect(map(input, [{ id: 'c' }])).toMatchObject([
    { type: 'conversation' },
    { code: 'import.bad_value', field: 'turns', detail: '"turns" is not a list.' },
  ]);
});

test('rules take rows by when; a row or element that no rule takes is told, unless it is skipped', () => {
  const input = {
    skip: [
      { from: 'kind', in: ['noise'] },
      { each: 'list', from: 'k', in: ['noise'] },
    ],
    emit: [
      { type: 'contact', when: { from: 'kind', in: ['user', 7] }, id: '{id}', fields: {} },
      { type: 'event', when: { from: 'kind', notIn: ['user', 'other'] }, id: '{id}', fields: {} },
      { type: 'message', each: 'list', when: { from: 'm', present: true }, id: '{m}', fields: {} },
    ],
  };
  const rows = [
    { id: '1', kind: 'user', list: [{ m: 'm1' }, { k: 'noise' }, { k: 'x' }] },
    { id: '2', kind: 7, list: [] },
    { id: '3', kind: 'noise', list: [{ m: 'm2' }] },
    { id: '4', kind: 'other', list: [] },
    { id: '5', list: [] },
  ];
  expect(map(input, rows)).toMatchObject([
    { type: 'contact', id: '1' },
    { type: 'message', id: 'm1' },
    { code: 'import.not_mapped', detail: expect.stringContaining('element 2 of "list"') },
    { type: 'contact', id: '2' },
    { type: 'event', id: '2' },
    { code: 'import.not_mapped' },
    { type: 'event', id: '5' },
  ]);
});

test('rest takes every column that no rule reads, and never replaces a field', () => {
  const input = message({ body: '{text}', 'attributes.mine': 'x' }, { rest: 'attributes' });
  const row = JSON.parse('{"id":"i","text":"t","a":1,"b":"","c":{"d":2},"__proto__":"p"}');
  const compiled = compileMap(parseImportMap(input), defaultLimits);
  const [made] = [...compiled.mapRow(row, 1, place)] as [{ bytes: Buffer }];
  expect(made.bytes.toString()).toBe(
    '{"type":"message","id":"i","body":"t","attributes":{"mine":"x","a":1,"c":{"d":2},"__proto__":"p"}}',
  );
  expect(map(input, [{ id: 'i', mine: 'y' }])).toMatchObject([
    { code: 'import.bad_value', field: 'attributes' },
  ]);
});

test('times are made of base, steps and a spread, the same for the same row', () => {
  const time = { base: '2026-01-05T09:00:00Z', stepSeconds: 30, by: 'n', spread: { by: 'c', days: 10 } };
  const at = (n: unknown, c: string): number => Date.parse(one({ time }, { n, c }) as string);
  expect(at('0', 'a')).toBe(at(0, 'a'));
  expect(at('4', 'a') - at('0', 'a')).toBe(120_000);
  const starts = Array.from({ length: 200 }, (_, i) => at('0', `c${i}`) - Date.parse(time.base));
  expect(Math.min(...starts)).toBeGreaterThanOrEqual(0);
  expect(Math.max(...starts)).toBeLessThan(10 * 86_400_000);
  expect(new Set(starts).size).toBeGreaterThan(190);
  expect(one({ time: { base: '2026-01-05T10:00:00+01:00' } }, {})).toBe('2026-01-05T09:00:00.000Z');
  expect(map(message({ at: { time } }), [{ id: 'i', n: 'x', c: 'a' }])).toMatchObject([
    { code: 'import.bad_value', field: 'at' },
  ]);
});

test('a column that the table lacks is named before the first row', () => {
  const compiled = compileMap(
    parseImportMap({ emit: [{ type: 'message', id: '{id}', fields: { body: '{tetx}', x: '{$line}' } }] }),
    defaultLimits,
  );
  expect(() => compiled.checkColumns(['id', 'text', ''])).toThrow(
    /Missing: "tetx"\. The table has "id", "text"\./,
  );
  expect(() => compiled.checkColumns(['tetx', 'id'])).not.toThrow();
});

test('a record over the limit or nested deeper than JSON can be written is a reject', () => {
  const input = message({ x: { from: 'v' } });
  expect(map(input, [{ id: 'i', v: 'x'.repeat(500) }], { lineBytes: 400 })).toMatchObject([
    { code: 'import.line_too_long' },
  ]);
  const deep = JSON.parse(`${'['.repeat(100_000)}${']'.repeat(100_000)}`);
  expect(map(input, [{ id: 'i', v: deep }, { id: 'j' }])).toMatchObject([
    { code: 'import.bad_value' },
    { id: 'j' },
  ]);
});
