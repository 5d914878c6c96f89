import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import type { ObjectSchema } from '../../api/json-schema.ts';
import { choicesOf, kindOf, readValue } from './part-kind.ts';

// Against the API's own description, which the app is built from.
const api = JSON.parse(
  readFileSync(new URL('../../../../docs/generated/openapi.json', import.meta.url), 'utf8'),
) as { components: { schemas: { ConversationFilterInput: ObjectSchema } } };
const { properties } = api.components.schemas.ConversationFilterInput;
const part = (name: string) => properties[name]!;

test('every part of the filter is asked for as what it takes', () => {
  expect(Object.fromEntries(Object.keys(properties).map((name) => [name, kindOf(part(name))]))).toEqual({
    ids: 'words',
    status: 'choices',
    channel: 'words',
    priority: 'words',
    tag: 'words',
    any_tag: 'words',
    audience: 'words',
    assignee: 'words',
    contact_id: 'text',
    email: 'text',
    since: 'moment',
    until: 'moment',
    updated_since: 'moment',
    updated_until: 'moment',
    resolved_since: 'moment',
    resolved_until: 'moment',
    q: 'text',
    csat: 'words',
    csat_min: 'number',
    csat_max: 'number',
    has_csat: 'flag',
    has_files: 'flag',
  });
  expect(choicesOf(part('status'))).toContain('escalated');
  expect(choicesOf(part('tag'))).toEqual([]);
});

test.each([
  ['status', ['open', 'nonsense', 'open'], ['open']],
  ['status', 'nonsense', undefined],
  ['tag', 'vip', ['vip']],
  ['tag', [' vip ', '', 7, null, {}], ['vip', '7']],
  ['tag', [], undefined],
  ['since', '2026-05-01', '2026-05-01'],
  ['since', 'yesterday', undefined],
  ['since', '2026-02-30', undefined],
  ['q', '返金', '返金'],
  ['q', ' ?! ', undefined],
  ['csat_min', '4.5', 4.5],
  ['csat_min', 'good', undefined],
  ['csat', [4, '4.50'], ['4', '4.50']],
  ['has_files', 'false', false],
  ['has_files', true, true],
  ['has_files', 'perhaps', undefined],
  ['email', ['a@b.example'], undefined],
])('%s takes %j as %j', (name, value, expected) => {
  expect(readValue(part(name), value)).toEqual(expected);
});
