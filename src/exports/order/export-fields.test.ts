import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { datasets } from '../../catalog/datasets.ts';
import { datasetNamesOf } from '../layout/section-names.ts';
import { exportFormats } from '../../catalog/tables/workings.ts';
import { formatsOfKind, planExport } from '../plan-export.ts';
import { defaultFieldsOf } from './default-fields.ts';
import {
  conversationColumns,
  conversationLists,
  type ExportField,
  exportFieldNames,
  exportFields,
  showsColumn,
  showsDataset,
} from './export-fields.ts';

const ofConversations = [...datasets.values()].filter(({ table }) => table.name === 'conversations');
const planned = {
  workspace: { id: 'w', slug: 'w', name: 'W' },
  productName: 'p',
  includeInternal: true,
  audiences: null,
};

test('every column of a conversation belongs to exactly one field, or is always there (V-04, V-05)', () => {
  const placed = Object.values(conversationColumns).flat();
  const columns = new Set(ofConversations.flatMap((one) => one.columns.map(({ name }) => name)));
  expect(new Set(placed).size).toBe(placed.length);
  expect([...columns].filter((name) => !placed.includes(name))).toEqual([]);
  expect(placed.filter((name) => !columns.has(name))).toEqual([]);
});

test('every list of a conversation belongs to a field, and every field has something to show', () => {
  const plans = exportFormats
    .filter((format) => formatsOfKind.conversations.includes(format))
    .flatMap((format) =>
      (['conversations', 'messages'] as const).map((mode) =>
        planExport({ kind: 'conversations', format, mode }, planned),
      ),
    );
  const lists = new Set(
    plans.flatMap(datasetNamesOf).filter((name) => datasets.get(name)!.table.name !== 'conversations'),
  );
  expect([...lists].sort()).toEqual(Object.keys(conversationLists).sort());
  const shown = new Set([...Object.keys(conversationColumns), ...Object.values(conversationLists).flat()]);
  expect(exportFieldNames.filter((name) => !shown.has(name))).toEqual([]);
});

test.each([
  ['conversation_table', 'conversations'],
  ['message_table', 'messages'],
] as const)(
  'the default of the table %s shows each of its columns: V-06 and V-07 are whole',
  (name, mode) => {
    const dataset = datasets.get(name)!;
    for (const format of ['csv', 'xlsx'] as const) {
      const fields = defaultFieldsOf({ kind: 'conversations', format, mode });
      expect(dataset.columns.filter((column) => !showsColumn(fields, dataset, column.name))).toEqual([]);
      expect(showsDataset(fields, name)).toBe(true);
    }
  },
);

test('the default of everything else is messages, customer and tags; notes and events are never in a default (V-05)', () => {
  for (const format of ['json', 'ndjson', 'pdf', 'html'] as const)
    expect(defaultFieldsOf({ kind: 'conversations', format })).toEqual(['messages', 'customer', 'tags']);
  for (const format of formatsOfKind.conversations) {
    const fields: readonly string[] = defaultFieldsOf({ kind: 'conversations', format })!;
    expect(fields).not.toContain('notes' satisfies ExportField);
    expect(fields).not.toContain('events' satisfies ExportField);
  }
});

test('without a choice everything is shown', () => {
  for (const chosen of [null, undefined]) {
    for (const dataset of ofConversations) {
      expect(dataset.columns.every(({ name }) => showsColumn(chosen, dataset, name))).toBe(true);
      expect(showsDataset(chosen, dataset.name)).toBe(true);
    }
  }
});

test('the docs show the same table of fields, and the same formats of each kind', async () => {
  const page = await readFile(new URL('../../../docs/export-orders.md', import.meta.url), 'utf8');
  const rowsOf = (heading: string) =>
    page
      .split(`\n## ${heading}\n`)[1]!
      .split('\n## ')[0]!
      .split('\n')
      .flatMap((line) => /^\| `([\w-]+)`\s+\| (.*?)\s*\|$/.exec(line)?.slice(1) ?? []);
  expect(rowsOf('Fields')).toEqual(Object.entries(exportFields).flat());
  const ordered = Object.entries(formatsOfKind).map(([kind, formats]) => [
    kind,
    formats.map((format) => `\`${format}\``).join(', '),
  ]);
  expect(rowsOf('Kinds and formats')).toEqual(ordered.flat());
});
