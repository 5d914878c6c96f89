import type { TestDatabase } from './test-database.ts';

/** Every value of every table, as text: what a dump, or whoever stole one, would hold. */
export async function everythingStored(db: TestDatabase): Promise<string> {
  const tables = await db.asSuperuser<{ name: string }>(
    `select relname as name from pg_class where relnamespace = 'public'::regnamespace and relkind in ('r', 'p')`,
  );
  let all = '';
  for (const { name } of tables) {
    const rows = await db.asSuperuser<{ line: string }>(`select t::text as line from "${name}" t`);
    all += `${rows.map(({ line }) => line).join('\n')}\n`;
  }
  return all;
}
