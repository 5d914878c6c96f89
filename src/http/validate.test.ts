import { expect, it } from 'vitest';
import { z } from 'zod';
import { ConveyError } from '../errors.ts';
import { compileValidator } from './validate.ts';

function check(httpPart: 'body' | 'querystring' | 'params', schema: z.ZodType, data: unknown) {
  const validate = compileValidator({ schema, httpPart, method: 'POST', url: '/v1/x' });
  const result = validate(data) as { value?: unknown; error?: Error };
  if (result.error === undefined) return { value: result.value };
  const { cause } = result.error;
  if (!(cause instanceof ConveyError)) throw result.error;
  return { errors: Object.fromEntries(cause.fields.map(({ pointer, detail }) => [pointer, detail])) };
}

const query = z.object({
  format: z.enum(['json', 'csv']).default('json'),
  limit: z.coerce.number().int().min(1).max(100).optional(),
});

it('fills in defaults and reads numbers', () => {
  expect(check('querystring', query, { limit: '7' })).toEqual({ value: { format: 'json', limit: 7 } });
});

it('refuses query keys that are not known, with those that are', () => {
  const data = Object.assign(Object.create(null), { fromat: 'csv', ['__proto__']: 'x' });
  expect(check('querystring', query, data)).toEqual({
    errors: {
      fromat: 'is not known here; takes format, limit',
      ['__proto__']: 'is not known here; takes format, limit',
    },
  });
  expect(check('querystring', z.object({}), { x: '1' })).toEqual({
    errors: { x: 'is not known here; takes none' },
  });
});

it('refuses body keys that are not known, but leaves an open object open', () => {
  expect(check('body', z.object({ a: z.string() }), { a: '', b: 1 })).toEqual({
    errors: { '/b': 'is not known here; takes a' },
  });
  expect(check('body', z.looseObject({}), { b: 1 })).toEqual({ value: { b: 1 } });
});

it('says of each field what it takes, and never what came', () => {
  const schema = z.object({
    name: z.string(),
    when: z.iso.datetime(),
    ids: z.array(z.string()).max(2),
    deep: z.object({ n: z.number().max(5) }),
  });
  const { errors } = check('body', schema, {
    when: 'secret-value',
    ids: ['1', '2', '3'],
    deep: { n: 9 },
  });
  expect(errors).toEqual({
    '/name': 'is missing; takes text',
    '/when': 'takes a time like 2026-01-31T12:00:00Z',
    '/ids': 'takes at most 2 entries',
    '/deep/n': 'takes at most 5',
  });
  expect(JSON.stringify(errors)).not.toContain('secret-value');
});

it('names the choices of a closed list and of a number', () => {
  expect(check('querystring', query, { format: 'xml', limit: '1000' })).toEqual({
    errors: {
      format: 'takes one of json, csv',
      limit: 'takes at most 100',
    },
  });
});

it('says everything in plain sentences, but for what a schema says itself', () => {
  const schema = z.object({
    text: z.string().min(1),
    long: z.string().min(3),
    none: z.array(z.string()).min(1),
    exact: z.string().length(6),
    above: z.number().gt(0),
    whole: z.int(),
    yes: z.literal(true),
    mail: z.email(),
    shape: z.string().regex(/^a+$/),
    own: z.string().regex(/^a+$/, 'takes only the letter a'),
    flag: z.boolean(),
    list: z.array(z.string()),
    open: z.record(z.string(), z.number()),
    fives: z.number().multipleOf(5),
    when: z.union([z.iso.datetime(), z.iso.date()]),
    either: z.union([z.string(), z.number()]),
    said: z.union([z.string(), z.number()], 'takes a name or a number'),
    some: z.union([z.enum(['a', 'b']), z.array(z.enum(['a', 'b']))]),
  });
  const { errors } = check('body', schema, {
    text: '',
    long: 'x',
    none: [],
    exact: 'x',
    above: 0,
    whole: 1.5,
    yes: false,
    mail: 'x',
    shape: 'b',
    own: 'b',
    flag: 'x',
    list: {},
    open: [],
    fives: 4,
    when: 'x',
    either: null,
    said: null,
    some: 'c',
  });
  expect(errors).toEqual({
    '/text': 'takes at least 1 character',
    '/long': 'takes at least 3 characters',
    '/none': 'takes at least 1 entry',
    '/exact': 'takes exactly 6 characters',
    '/above': 'takes more than 0',
    '/whole': 'takes a whole number',
    '/yes': 'takes true',
    '/mail': 'takes an email address',
    '/shape': 'takes text of another form',
    '/own': 'takes only the letter a',
    '/flag': 'takes true or false',
    '/list': 'takes a list',
    '/open': 'takes an object',
    '/fives': 'takes multiples of 5',
    '/when': 'takes a time like 2026-01-31T12:00:00Z, or a date like 2026-01-31',
    '/either': 'takes text, or a number',
    '/said': 'takes a name or a number',
    '/some': 'takes one of a, b',
  });
  expect(JSON.stringify(errors)).not.toMatch(/expected|Invalid|Too (big|small)/);
});

it('names a query key that is given more than once', () => {
  const schema = z.object({ id: z.string() });
  expect(check('querystring', schema, { id: ['1', '2'] })).toEqual({
    errors: { id: 'is given more than once; takes one value' },
  });
});

it('explains the nearest branch of a union', () => {
  const schema = z.object({
    pick: z.union([
      z.object({ ids: z.array(z.string()) }),
      z.object({ all: z.literal(true), kind: z.string() }),
    ]),
  });
  expect(check('body', schema, { pick: { ids: [1] } })).toEqual({
    errors: { '/pick/ids/0': 'takes text' },
  });
});

it('refuses NUL and unpaired surrogates in parameters', () => {
  const schema = z.object({ id: z.string() });
  expect(check('params', schema, { id: 'a\0' })).toHaveProperty('errors.id');
  expect(check('params', schema, { id: '\ud800' })).toHaveProperty('errors.id');
  expect(check('params', schema, { id: '😀' })).toEqual({ value: { id: '😀' } });
});

it('lists at most 50 things that are wrong', () => {
  const { errors } = check('body', z.object({ n: z.array(z.number()) }), {
    n: Array.from({ length: 1000 }, () => 'x'),
  });
  expect(Object.keys(errors!)).toHaveLength(50);
});
