import { expect, test } from 'vitest';
import { type ExportRequest, planExport } from '../plan-export.ts';
import type { Order, OrderChanges } from './order.schemas.ts';
import { readOrder } from './read-order.ts';
import { changeOrder, orderOfPlan } from './rerun-order.ts';

const context = { workspace: { id: 'w', slug: 'w', name: 'W' }, productName: 'p', audiences: null };
const planOf = (request: ExportRequest, includeInternal = true) =>
  planExport(request, { ...context, includeInternal });
const rerun = (order: Order, changes: OrderChanges = {}) => {
  const first = planOf(readOrder(order, 10));
  return { first, second: planOf(readOrder(changeOrder(orderOfPlan(first), changes), 10)) };
};

const ORDERS: Order[] = [
  { kind: 'workspace' },
  { kind: 'workspace', format: 'csv', profile: 'spreadsheet' },
  { kind: 'contacts', format: 'xlsx' },
  { kind: 'audit' },
  { kind: 'contact', format: 'json', id: 'c1', for: 'subject', files: true },
  { kind: 'contact', format: 'csv', id: 'c1', for: 'record', anonymize: true },
  { kind: 'conversation', format: 'pdf', id: 'v1' },
  { kind: 'conversation', format: 'csv', id: 'v1', fields: ['messages', 'notes'] },
  { kind: 'conversations', filter: { status: ['open'], since: '2026-05-01' } },
  { kind: 'conversations', ids: ['v1', 'v2'], format: 'html', files: true },
  { kind: 'conversations', format: 'csv', mode: 'messages', profile: 'spreadsheet' },
  { kind: 'conversations', format: 'xlsx', fields: ['tags'] },
  { kind: 'conversations', format: 'chat-jsonl' },
];

test.each(ORDERS)('an order that is made again unchanged gives the same plan: %j', (order) => {
  const { first, second } = rerun(order);
  expect(second).toEqual(first);
});

test('a plan without a choice of fields is made again with all that its asker could see', () => {
  const request: ExportRequest = { kind: 'conversations', format: 'json' };
  expect(orderOfPlan(planOf(request)).fields).toHaveLength(11);
  const without = orderOfPlan(planOf(request, false)).fields!;
  expect(without).toHaveLength(9);
  expect(without).not.toContain('notes');
});

test('ids take the place of a filter, and a filter that of ids', () => {
  const filtered: Order = { kind: 'conversations', filter: { status: ['open'] } };
  expect(rerun(filtered, { ids: ['v7'] }).second.filter).toEqual({ ids: ['v7'] });
  const chosen: Order = { kind: 'conversations', ids: ['v1'] };
  expect(rerun(chosen, { filter: {} }).second.filter).toEqual({});
});

test('a new format drops what was the old one’s own, and keeps what was chosen', () => {
  const table: Order = { kind: 'conversations', format: 'csv', mode: 'messages', profile: 'spreadsheet' };
  const asJson = rerun(table, { format: 'json' }).second;
  expect(asJson).toMatchObject({ format: 'json', mode: 'conversations', csvProfile: 'machine' });
  expect(asJson.fields).toEqual(['messages', 'customer', 'tags']);
  const chosen = rerun({ ...table, fields: ['messages', 'notes'] }, { format: 'json' }).second;
  expect(chosen.fields).toEqual(['messages', 'notes']);
  const rows = rerun({ kind: 'conversations', files: true }, { format: 'csv' }).second;
  expect(rows.fields).toEqual(['messages', 'customer', 'channel', 'tags', 'csat', 'files']);
});

test('what was asked for is changed, and nothing else: more fields', () => {
  const order: Order = { kind: 'conversations', filter: { tag: ['vip'] }, anonymize: true };
  const { first, second } = rerun(order, { fields: ['messages', 'customer', 'tags', 'csat'] });
  expect(second).toEqual({ ...first, fields: ['messages', 'customer', 'tags', 'csat'] });
});
