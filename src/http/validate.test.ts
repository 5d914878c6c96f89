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
    '/name': 'is missing; takes string',
    '/when': 'Invalid ISO datetime',
    '/ids': 'Too big: expected array to have <=2 items',
    '/deep/n': 'Too big: expected number to be <=5',
  });
  expect(JSON.stringify(errors)).not.toContain('secret-value');
});

it('names the choices of a closed list and of a number', () => {
  expect(check('querystring', query, { format: 'xml', limit: '1000' })).toEqual({
    errors: {
      format: 'Invalid option: expected one of "json"|"csv"',
      limit: 'Too big: expected number to be <=100',
    },
  });
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
    errors: { '/pick/ids/0': 'takes string' },
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
