import type { Transaction } from '../database/connect.ts';
import { jsonWriters } from '../formats/codecs.ts';
import { tables } from './catalog.ts';
import { datasets } from './datasets.ts';
import type { Table } from './declare.ts';

interface FoundColumn {
  table: string;
  column: string;
  type: string;
  is_nullable: boolean;
  collation: string | null;
  is_guarded: boolean;
}

const SQL_NAMES: Readonly<Record<string, string>> = { timestamptz: 'timestamp with time zone' };

/**
 * Compares the catalogue with the database and with itself. Anything the catalogue does not know would be
 * left out of exports and erasures without a word, so the server does not start and CI fails.
 * @returns one sentence per problem; empty when all is well
 */
export async function findCatalogProblems(transaction: Transaction): Promise<string[]> {
  const found = await transaction.query<FoundColumn>(
    `select c.relname as table, a.attname as column, format_type(a.atttypid, a.atttypmod) as type,
            not a.attnotnull as is_nullable, l.collname as collation,
            c.relrowsecurity and c.relforcerowsecurity as is_guarded
       from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
       left join pg_collation l on l.oid = a.attcollation
      where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p', 'v', 'm', 'f')`,
  );
  return [...findDeclarationProblems(tables), ...findDifferences(found), ...findDatasetProblems()];
}

function findDifferences(found: readonly FoundColumn[]): string[] {
  const problems: string[] = [];
  const declared = new Map<string, { table: Table; column: Table['columns'][number] }>(
    tables.flatMap((table) =>
      table.columns.map((column) => [`${table.name}.${column.name}`, { table, column }] as const),
    ),
  );
  const present = new Set(found.map(({ table, column }) => `${table}.${column}`));
  for (const name of declared.keys()) {
    if (!present.has(name)) problems.push(`column ${name} is in the catalogue but not in the database`);
  }
  for (const row of found) {
    const name = `${row.table}.${row.column}`;
    const known = declared.get(name);
    if (known === undefined) {
      problems.push(`column ${name} is in the database but not in the catalogue`);
      continue;
    }
    const { table, column } = known;
    const wanted = SQL_NAMES[column.type] ?? column.type;
    if (row.type !== wanted) problems.push(`column ${name} is ${row.type}, the catalogue says ${wanted}`);
    if (row.is_nullable !== column.isNullable) {
      problems.push(
        `column ${name} ${row.is_nullable ? 'may' : 'may not'} be null, the catalogue says otherwise`,
      );
    }
    if (table.primaryKey.includes(column.name) && column.type === 'text' && row.collation !== 'C') {
      problems.push(`key column ${name} is not collate "C", so that its order differs between servers`);
    }
    if (row.is_guarded !== (table.kind !== 'system')) {
      problems.push(`table ${table.name} is ${row.is_guarded ? '' : 'not '}under forced row-level security`);
    }
  }
  return [...new Set(problems)];
}

/** Problems that show without a database: types without a codec, secrets that could leave, broken references. */
export function findDeclarationProblems(declared: readonly Table[]): string[] {
  const problems: string[] = [];
  const names = new Set(declared.map(({ name }) => name));
  for (const table of declared) {
    for (const column of table.columns) {
      const name = `${table.name}.${column.name}`;
      if (!(column.type in jsonWriters)) {
        problems.push(`column ${name} has type ${column.type}, for which there is no codec`);
      }
      if (column.audience === 'secret' && column.field !== undefined) {
        problems.push(`column ${name} is a secret but has an export name`);
      }
    }
    for (const { column, table: target } of table.references) {
      if (!names.has(target))
        problems.push(`${table.name}.${column} refers to ${target}, which is not in the catalogue`);
      if (!table.columns.some(({ name }) => name === column)) {
        problems.push(`${table.name} refers by ${column}, which it does not have`);
      }
    }
    if (table.kind !== 'system' && table.primaryKey[0] !== 'workspace_id') {
      problems.push(`the key of ${table.name} does not lead with the workspace`);
    }
  }
  return problems;
}

function findDatasetProblems(): string[] {
  const problems: string[] = [];
  for (const dataset of datasets.values()) {
    if (dataset.table.kind === 'system')
      problems.push(`dataset ${dataset.name} shows the system table ${dataset.table.name}`);
    for (const { name, audience, column } of dataset.columns) {
      if (audience === 'secret' || column?.audience === 'secret') {
        problems.push(`dataset ${dataset.name} shows the secret ${name}`);
      }
    }
  }
  for (const table of tables) {
    const isShown = [...datasets.values()].some((dataset) => dataset.table === table);
    const isEmbedded = table.name === 'conversation_participants'; // inside the conversation's row
    if (table.kind === 'record' && !isShown && !isEmbedded) problems.push(`no dataset shows ${table.name}`);
  }
  return problems;
}
