import type { QueryClient } from '@tanstack/react-query';
import type { Schema } from '../../api/client.ts';

type Export = Schema<'Export'>;

/** What the stream of events says of one export. */
export type ToldExport = Pick<Export, 'job_id' | 'status' | 'progress'>;

interface Page {
  exports: Export[];
}
/** A list as it is kept: one page, or those that were read so far. */
type Listed = Page | { pages: Page[] };

const LISTS = ['get', '/v1/exports'] as const;
const oneOf = (id: string) => ['get', '/v1/exports/{id}', { params: { path: { id } } }] as const;

/**
 * Puts what was told into what is shown. What is new (an export, or a state that it has now) is read again: there is
 * more to it than was told, and it may belong to other lists than before.
 * @param before the state that was told the last time; undefined: nothing was
 */
export function applyTold(
  queries: QueryClient,
  told: ToldExport,
  before: ToldExport['status'] | undefined,
): void {
  const lists = queries.getQueriesData<Listed>({ queryKey: LISTS }).flatMap(([, data]) => data ?? []);
  const ones = queries
    .getQueriesData<Export>({ queryKey: oneOf(told.job_id) })
    .flatMap(([, data]) => data ?? []);
  const shown = [...lists.flatMap(exportsOf), ...ones].filter(({ job_id: id }) => id === told.job_id);
  queries.setQueriesData<Listed>({ queryKey: LISTS }, (data) => data && listWith(data, told));
  queries.setQueriesData<Export>({ queryKey: oneOf(told.job_id) }, (data) => data && exportWith(data, told));
  const isAsShown = shown.length > 0 && shown.every(({ status }) => status === told.status);
  if (before === undefined ? !isAsShown : before !== told.status) readAgain(queries, told.job_id);
}

/** Reads again what is shown of exports; of one alone, or of all. */
export function readAgain(queries: QueryClient, id?: string): void {
  void queries.invalidateQueries({ queryKey: LISTS });
  void queries.invalidateQueries({ queryKey: id === undefined ? ['get', '/v1/exports/{id}'] : oneOf(id) });
  void queries.invalidateQueries({ queryKey: ['get', '/v1/exports/{id}/contents'] });
  void queries.invalidateQueries({ queryKey: ['get', '/v1/exports/last'] });
  void queries.invalidateQueries({ queryKey: ['get', '/v1/exports/summary'] });
}

const exportsOf = (data: Listed): Export[] =>
  'pages' in data ? data.pages.flatMap((page) => page.exports) : data.exports;

const has = (data: Listed, id: string) => exportsOf(data).some(({ job_id }) => job_id === id);

function listWith(data: Listed, told: ToldExport): Listed {
  if (!has(data, told.job_id)) return data;
  const pageWith = (page: Page): Page => ({
    ...page,
    exports: page.exports.map((one) => exportWith(one, told)),
  });
  return 'pages' in data ? { ...data, pages: data.pages.map(pageWith) } : pageWith(data);
}

function exportWith(one: Export, { job_id: id, status, progress }: ToldExport): Export {
  return one.job_id === id ? { ...one, status, progress } : one;
}
