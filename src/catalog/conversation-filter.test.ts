import { expect, test } from 'vitest';
import { z } from 'zod';
import { type ConversationFilter, conversationCondition } from './conversation-filter.ts';
import { filterBody, filterQuery, withoutUndefined } from './filter.schemas.ts';
import { filterParts } from './filter/filter-parts.ts';

test('an empty filter lets everything through; parts that were not given say nothing', () => {
  expect(conversationCondition({})).toBe('true');
  expect(conversationCondition(withoutUndefined({ status: undefined, q: undefined }))).toBe('true');
});

test('a part that there is not throws, instead of letting through more than was asked for', () => {
  for (const name of ['contactId', 'sla_state', 'constructor', '__proto__x'])
    expect(() => conversationCondition({ [name]: ['x'] } as ConversationFilter)).toThrow(name);
});

test('texts reach SQL as literals, whatever they hold', () => {
  const hostile = `'; drop table messages; --\\`;
  for (const filter of [
    { ids: [hostile] },
    { tag: [hostile] },
    { any_tag: [hostile] },
    { assignee: [hostile] },
    { contact_id: hostile },
    { email: hostile },
    { q: hostile },
    { csat: [hostile] },
  ] satisfies ConversationFilter[]) {
    const sql = conversationCondition(filter);
    const quoted = ` E'''; drop table messages; --\\\\'`;
    expect(sql).toContain(quoted);
    expect(sql.replaceAll(quoted, '')).not.toContain('drop table');
  }
});

test('a query and JSON say the same, part by part', () => {
  const query = z.strictObject(filterQuery);
  const same: [name: keyof typeof filterParts, inQuery: string | string[], inJson: unknown][] = [
    ['ids', ['a', 'b'], ['a', 'b']],
    ['status', 'open', ['open']],
    ['status', 'open', 'open'],
    ['tag', ['a', 'b'], ['a', 'b']],
    ['csat', ['5', 'good'], [5, 'good']],
    ['csat', '4.5', 4.5],
    ['csat_min', '3.5', 3.5],
    ['csat_max', '-1', -1],
    ['has_csat', 'true', true],
    ['has_files', 'false', false],
    ['since', '2026-05-01', '2026-05-01'],
    ['q', 'two words', 'two words'],
  ];
  for (const [name, inQuery, inJson] of same) {
    const asked = query.parse({ [name]: inQuery });
    expect(asked, name).toEqual(filterBody.parse({ [name]: inJson }));
    expect(asked[name], name).toBeDefined();
  }
});

test.each([
  ['ids', Array.from({ length: 201 }, (_, index) => String(index))],
  ['ids', []],
  ['tag', []],
  ['tag', [1]],
  ['status', 'pending'],
  ['status', ['open', 'shut']],
  ['csat_min', 'NaN'],
  ['csat_min', ''],
  ['csat_min', [1]],
  ['has_files', 'yes'],
  ['has_files', 1],
  ['since', '2026-13-01'],
  ['until', '0000-01-01'],
  ['q', '   '],
  ['q', '?!'],
  ['q', 'x'.repeat(501)],
  ['sla_state', 'breached'],
  ['any_tags', ['a']],
])('%s: %j is refused', (name, value) => {
  const { error } = filterBody.safeParse({ [name]: value });
  expect(error).toBeDefined();
});

test('every part says what it is', () => {
  for (const [name, { schema }] of Object.entries(filterParts))
    expect(schema.description, name).toMatch(/^[A-Z].*\.$/);
});
