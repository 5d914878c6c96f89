import { QueryClient } from '@tanstack/react-query';
import { beforeEach, expect, test, vi } from 'vitest';
import type { Schema } from '../../api/client.ts';
import { applyTold, type ToldExport } from './told-export.ts';

type Export = Schema<'Export'>;

const LIST = ['get', '/v1/exports', { params: { query: { limit: 5 } } }];
const PAGES = ['get', '/v1/exports', { params: { query: { limit: 30, kind: 'contacts' } } }];
const ONE = ['get', '/v1/exports/{id}', { params: { path: { id: 'exp_1' } } }];

const at = (done: number) => ({
  stage: 'messages',
  records: { done, planned: 100 },
  bytes: 0,
  started_at: null,
});
const exported = (id: string, status: Export['status'], done = 0) =>
  ({ job_id: id, status, progress: at(done), requested_by: { name: 'Ann' } }) as Export;
const told = (id: string, status: Export['status'], done: number): ToldExport => ({
  job_id: id,
  status,
  progress: at(done),
});

let queries: QueryClient;
let readAgain: ReturnType<typeof vi.fn>;
beforeEach(() => {
  queries = new QueryClient();
  readAgain = vi.spyOn(queries, 'invalidateQueries').mockResolvedValue(undefined) as never;
});

test('what was told stands in every list, page and detail; nothing is asked for that', () => {
  queries.setQueryData(LIST, { exports: [exported('exp_1', 'running'), exported('exp_2', 'running')] });
  queries.setQueryData(PAGES, { pages: [{ exports: [exported('exp_1', 'running')] }], pageParams: [null] });
  queries.setQueryData(ONE, exported('exp_1', 'running'));
  applyTold(queries, told('exp_1', 'running', 40), undefined);
  applyTold(queries, told('exp_1', 'running', 50), 'running');
  const now = exported('exp_1', 'running', 50);
  expect(queries.getQueryData(LIST)).toEqual({ exports: [now, exported('exp_2', 'running')] });
  expect(queries.getQueryData(PAGES)).toEqual({ pages: [{ exports: [now] }], pageParams: [null] });
  expect(queries.getQueryData(ONE)).toEqual(now);
  expect(readAgain).not.toHaveBeenCalled();
});

test('a new export is read once, although no list shows it', () => {
  queries.setQueryData(LIST, { exports: [] });
  applyTold(queries, told('exp_9', 'running', 1), undefined);
  const asked = readAgain.mock.calls.length;
  expect(asked).toBeGreaterThan(0);
  applyTold(queries, told('exp_9', 'running', 2), 'running');
  expect(readAgain).toHaveBeenCalledTimes(asked);
});

test('an end is read at once: what it came to was not told', () => {
  queries.setQueryData(LIST, { exports: [exported('exp_1', 'running', 99)] });
  applyTold(queries, told('exp_1', 'running', 99), undefined);
  expect(readAgain).not.toHaveBeenCalled();
  applyTold(queries, told('exp_1', 'ready', 100), 'running');
  expect(queries.getQueryData<{ exports: Export[] }>(LIST)!.exports[0]!.status).toBe('ready');
  expect(readAgain).toHaveBeenCalledWith({ queryKey: ['get', '/v1/exports'] });
});
