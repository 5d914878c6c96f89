import type { Database } from '../../database/connect.ts';
import type { Scope } from '../../database/scope.ts';

/** As far back as is looked: what was used lately is what one looks for, and a large workspace answers as fast. */
const NEWEST = 20_000;
const MOST_VALUES = 100;

/** A word that a part of the filter finds something by. */
export interface FilterValue {
  value: string;
  /** What people call it, where that differs: a teammate's name. */
  name: string | null;
}

/** Parts of the filter that take the host product's own words. */
export const valuedParts = ['channel', 'priority', 'audience', 'tag', 'assignee'] as const;
export type FilterValues = Record<(typeof valuedParts)[number], FilterValue[]>;

/** The words that the newest conversations have, those used most first; only of conversations within the scope. */
export async function listFilterValues(database: Database, scope: Scope): Promise<FilterValues> {
  const rows = await database.inScope(scope, (transaction) =>
    transaction.query<FilterValue & { part: (typeof valuedParts)[number] }>(
      `with newest as materialized (
         select channel, priority, audience, tags, assigned_agent_id, assigned_agent_name
           from conversations where workspace_id = $1 order by created_at desc, id desc limit ${NEWEST}),
       used as (
         select part, value, max(name) as name, count(*) as uses,
                row_number() over (partition by part order by count(*) desc, value) as place
           from newest, lateral (
             values ('channel', channel, null), ('priority', priority, null), ('audience', audience, null),
                    ('assignee', assigned_agent_id, assigned_agent_name)
             union all select 'tag', label, null from unnest(tags) label) one (part, value, name)
          where value is not null group by part, value)
       select part, value, name from used where place <= ${MOST_VALUES} order by part, place`,
      [scope.workspaceId],
    ),
  );
  const valuesOf = (wanted: string) =>
    rows.filter(({ part }) => part === wanted).map(({ value, name }) => ({ value, name }));
  return Object.fromEntries(valuedParts.map((part) => [part, valuesOf(part)])) as FilterValues;
}
