import { type Dataset, getDataset } from '../catalog/datasets.ts';
import { recordColumns } from '../catalog/record-columns.ts';
import type { Manifest } from '../packages/manifest.ts';
import { datasetNamesOf } from './lay-out-files.ts';
import type { ExportPlan } from './plan-export.ts';
import { mayShow } from './select-rows.ts';

const TABLES = 'a table has a row for one thing and nothing else; JSON has them';
const COLUMNS = 'the table has columns of its own; JSON of the workspace has them';

/** What somebody might miss in an export, and why it is not there: for the manifest. Pure. */
export function findLeftOut(plan: ExportPlan): Manifest['left_out'] {
  const out: Manifest['left_out'] = [];
  if (!plan.includeInternal)
    out.push({ what: 'internal notes and events', why: 'the audience may not see them' });
  if (plan.keep?.files !== true && plan.format !== 'csv' && plan.kind !== 'contacts') {
    out.push({ what: 'contents of files', why: 'they were not asked for' });
  }
  if (plan.kind === 'contact') out.push({ what: 'other people’s data', why: 'it is one person’s export' });
  if (plan.format === 'csv' || plan.kind === 'contacts') out.push(...leftOutOfTables(plan));
  return out;
}

/**
 * What the kind's JSON holds, or the ingest takes, and its tables do not: whole datasets, by the names that they
 * are counted under, and fields of those that are there. From the catalogue.
 */
function leftOutOfTables(plan: ExportPlan): Manifest['left_out'] {
  const shown = datasetNamesOf(plan).map(getDataset);
  const whole = datasetNamesOf({ ...plan, format: 'json' })
    .filter((name) => mayShow(plan, name))
    .map(getDataset);
  const isShown = ({ table }: Dataset) => shown.some((one) => one.table === table);
  const missing = [...new Set(whole.filter((one) => !isShown(one)).map(nameOf))];
  const out = missing.length === 0 ? [] : [{ what: missing.join(', '), why: TABLES }];
  for (const { table, columns } of shown) {
    const there = new Set(columns.flatMap(({ name, column }) => [name, ...(column ? [column.name] : [])]));
    const fields = recordColumns(table)
      .filter(({ column, audience }) => plan.includeInternal || (column && audience === 'customer'))
      .filter(({ name, column }) => !there.has(name) && !there.has(column!.name))
      .map(({ name }) => name);
    if (fields.length > 0) out.push({ what: `of ${table.name}: ${fields.join(', ')}`, why: COLUMNS });
  }
  return out;
}

const nameOf = ({ name, table }: Dataset) => (name.startsWith('conversation') ? table.name : name);
