import { afterAll, beforeAll, expect, test } from 'vitest';
import { tables } from '../../src/catalog/catalog.ts';
import { findCatalogProblems, findDeclarationProblems } from '../../src/catalog/check-catalog.ts';
import { datasets } from '../../src/catalog/datasets.ts';
import { declareTable, text } from '../../src/catalog/declare.ts';
import { createTestDatabase, type TestDatabase } from '../support/test-database.ts';

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase();
});
afterAll(() => db.drop());

const problems = () => db.database.inSystem((transaction) => findCatalogProblems(transaction));

test('wall 3: every table and column of the database is in the catalogue, and the other way round', async () => {
  expect(await problems()).toEqual([]);
});

test('wall 3: the tables outside row-level security are exactly this list', () => {
  expect(
    tables
      .filter(({ kind }) => kind === 'system')
      .map(({ name }) => name)
      .sort(),
  ).toMatchInlineSnapshot(`
    [
      "api_keys",
      "export_links",
      "feed_state",
      "idempotency_keys",
      "jobs",
      "mails",
      "members",
      "one_time_links",
      "personal_threads",
      "rate_counters",
      "schema_migrations",
      "sessions",
      "signing_keys",
      "user_identities",
      "users",
      "webhook_deliveries",
      "workspaces",
    ]
  `);
});

test.each([
  [
    'a column nobody declared',
    'alter table contacts add column shoe_size text',
    'alter table contacts drop column shoe_size',
    'column contacts.shoe_size is in the database but not in the catalogue',
  ],
  [
    'a table nobody declared',
    'create table diaries (id text)',
    'drop table diaries',
    'column diaries.id is in the database but not in the catalogue',
  ],
  [
    'a view nobody declared',
    'create view spy as select body from messages',
    'drop view spy',
    'column spy.body is in the database but not in the catalogue',
  ],
  [
    'a column that is gone',
    'alter table flows rename column graph to chart',
    'alter table flows rename column chart to graph',
    'column flows.graph is in the catalogue but not in the database',
  ],
  [
    'a type without a codec',
    'alter table flows alter column name type varchar(10)',
    'alter table flows alter column name type text',
    'column flows.name is character varying(10), the catalogue says text',
  ],
  [
    'a table whose policies are not forced',
    'alter table messages no force row level security',
    'alter table messages force row level security',
    'table messages is not under forced row-level security',
  ],
])('wall 3: %s is found at the start', async (_what, change, undo, problem) => {
  await db.asSuperuser(change);
  expect(await problems()).toContain(problem);
  await db.asSuperuser(undo);
  expect(await problems()).toEqual([]);
});

test('wall 3: a secret with an export name is refused', () => {
  const leaky = declareTable('leaky', {
    kind: 'record',
    doc: 'A table.',
    primaryKey: ['workspace_id'],
    retention: 'person',
    columns: {
      workspace_id: text({ doc: 'Workspace.', field: false }),
      password: text({ doc: 'A secret.', audience: 'secret' }),
    },
  });
  expect(findDeclarationProblems([leaky])).toEqual([
    'column leaky.password is a secret but has an export name',
  ]);
});

test('wall 3: a column type without a codec is refused', () => {
  const odd = declareTable('odd', {
    kind: 'working',
    doc: 'A table.',
    primaryKey: ['workspace_id'],
    retention: 'person',
    columns: { workspace_id: { ...text('Workspace.'), type: 'uuid' as never } },
  });
  expect(findDeclarationProblems([odd])[0]).toContain('for which there is no codec');
});

test('wall 3: no dataset shows a secret, a system table, or nothing', () => {
  for (const dataset of datasets.values()) {
    expect(dataset.table.kind, dataset.name).not.toBe('system');
    expect(dataset.columns.length, dataset.name).toBeGreaterThan(0);
    expect(
      dataset.columns.filter(({ audience }) => audience === 'secret'),
      dataset.name,
    ).toEqual([]);
    expect(new Set(dataset.columns.map(({ name }) => name)).size, dataset.name).toBe(dataset.columns.length);
  }
});
