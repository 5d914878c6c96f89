import type { Transaction } from './connect.ts';

/**
 * The schema as text, the same on every supported PostgreSQL: tables with columns, constraints, indexes and
 * policies. Committed, so that a migration's effect is a readable diff.
 */
export async function describeSchema(transaction: Transaction): Promise<string> {
  const tables = await transaction.query<{ name: string; guard: string }>(
    `select relname as name,
            case when relforcerowsecurity then ' -- row-level security, forced'
                 when relrowsecurity then ' -- row-level security' else '' end as guard
       from pg_class where relnamespace = 'public'::regnamespace and relkind in ('r', 'p') order by relname`,
  );
  const parts: string[] = [];
  for (const { name, guard } of tables) {
    let table = `table ${name}${guard}\n`;
    for (const sql of [COLUMNS, CONSTRAINTS, INDEXES, POLICIES]) {
      for (const { line } of await transaction.query<{ line: string }>(sql, [name])) table += `  ${line}\n`;
    }
    parts.push(table);
  }
  return `-- Made by \`npm run generate\` from the migrated database. Do not edit.\n\n${parts.join('\n')}`;
}

const COLUMNS = `
  select a.attname || ' ' || format_type(a.atttypid, a.atttypmod)
      || case when c.collname = 'C' then ' collate "C"' else '' end
      || case when a.attnotnull then ' not null' else '' end
      || coalesce(' default ' || pg_get_expr(d.adbin, d.adrelid), '') as line
    from pg_attribute a
    left join pg_collation c on c.oid = a.attcollation
    left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
   where a.attrelid = to_regclass($1) and a.attnum > 0 and not a.attisdropped order by a.attnum`;

const CONSTRAINTS = `
  select pg_get_constraintdef(oid) as line from pg_constraint
   where conrelid = to_regclass($1) and contype in ('p', 'u', 'f', 'c')
   order by array_position(array['p', 'u', 'f', 'c']::"char"[], contype), pg_get_constraintdef(oid)`;

const INDEXES = `
  select regexp_replace(pg_get_indexdef(i.indexrelid), ' ON \\S+ USING', ' using') as line
    from pg_index i left join pg_constraint c on c.conindid = i.indexrelid and c.contype in ('p', 'u')
   where i.indrelid = to_regclass($1) and c.oid is null order by 1`;

const POLICIES = `
  select 'policy ' || polname || ' using ' || pg_get_expr(polqual, polrelid)
      || coalesce(' with check ' || pg_get_expr(polwithcheck, polrelid), '') as line
    from pg_policy where polrelid = to_regclass($1) order by 1`;
