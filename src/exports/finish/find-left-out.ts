import { type Dataset, getDataset } from '../../catalog/datasets.ts';
import { recordColumns } from '../../catalog/record-columns.ts';
import type { Manifest } from '../../packages/manifest.ts';
import { datasetNamesOf } from '../layout/section-names.ts';
import { exportFieldNames, showsColumn } from '../order/export-fields.ts';
import { type ExportPlan, hasDocuments, hasFiles, isTable } from '../plan-export.ts';
import { mayShow } from '../layout/select-rows.ts';

const TABLES = 'a table has a row for one thing and nothing else; JSON has them';
const UNTRAINED = 'there is nothing in them to train with';
const DOCUMENTS = 'a document shows what people read; JSON has every field';
const UNMASKED = 'they cannot be anonymised';
const COLUMNS = 'the table has columns of its own; JSON of the workspace has them';

/** What somebody might miss in an export, and why it is not there: for the manifest. Pure. */
export function findLeftOut(plan: ExportPlan): Manifest['left_out'] {
  const out: Manifest['left_out'] = [];
  out.push(...leftOutFields(plan));
  if (!plan.includeInternal && plan.fields == null)
    out.push({ what: 'internal notes and events', why: 'the audience may not see them' });
  if (plan.keep?.files !== true && !isTable(plan) && plan.format !== 'zip' && hasFiles(plan)) {
    out.push({ what: 'contents of files', why: plan.anonymize ? UNMASKED : 'they were not asked for' });
  }
  out.push(...leftOutOfWindow(plan));
  if (plan.anonymize && plan.kind === 'workspace')
    out.push({ what: 'audit_log', why: 'it says who did what' });
  if (hasDocuments(plan)) out.push({ what: 'metadata and other fields of records', why: DOCUMENTS });
  if (plan.kind === 'contact') out.push({ what: 'other people’s data', why: 'it is one person’s export' });
  if (isTable(plan) || plan.kind === 'contacts') out.push(...leftOutOfTables(plan));
  if (plan.format === 'chat-jsonl')
    out.push({ what: 'messages without a text, and conversations without others', why: UNTRAINED });
  return out;
}

/** What an incremental export leaves to the packages before it, or never has. */
function leftOutOfWindow({ window, kind }: ExportPlan): Manifest['left_out'] {
  if (window === null || window === undefined) return [];
  return [
    ...(window.from === null
      ? []
      : [{ what: 'records that did not change', why: 'they are in the packages before this one' }]),
    ...(kind === 'workspace' ? [{ what: 'audit_log', why: 'it is no set of records that change' }] : []),
  ];
}

/** Fields of conversations that were not chosen, and those that were and that the format has no place for. */
function leftOutFields({ fields, format }: ExportPlan): Manifest['left_out'] {
  if (fields == null) return [];
  const named = (names: readonly string[], why: string) =>
    names.length === 0 ? [] : [{ what: `fields: ${names.join(', ')}`, why }];
  const noPlace = format === 'chat-jsonl' ? fields.filter((name) => name !== 'messages') : [];
  return [
    ...named(
      exportFieldNames.filter((name) => !fields.includes(name)),
      'they were not asked for',
    ),
    ...named(noPlace, 'a training file holds what was said, and nothing else'),
  ];
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
      .filter(({ name }) => showsColumn(plan.fields, { name: table.name, table }, name))
      .map(({ name }) => name);
    if (fields.length > 0) out.push({ what: `of ${table.name}: ${fields.join(', ')}`, why: COLUMNS });
  }
  return out;
}

const nameOf = ({ name, table }: Dataset) => (name.startsWith('conversation') ? table.name : name);
