import type { z } from 'zod';
import { filterParts } from './filter/filter-parts.ts';

type Parts = typeof filterParts;

/** Which conversations: values of `filterParts`, by name, which combine by AND. Plain JSON. */
export type ConversationFilter = {
  readonly [Name in keyof Parts]?: Readonly<NonNullable<z.output<Parts[Name]['schema']>>>;
};

/**
 * SQL on alias `t` (conversations) that holds for exactly the filter's rows; `true` for an empty filter. Throws for a
 * part that there is not: to leave it out would let through more than was asked for.
 */
export function conversationCondition(filter: ConversationFilter): string {
  const conditions: string[] = [];
  for (const [name, value] of Object.entries(filter)) {
    if (value === undefined) continue;
    if (!Object.hasOwn(filterParts, name)) throw new Error(`the filter of conversations has no part ${name}`);
    const { sql } = filterParts[name as keyof Parts] as { sql: (value: unknown) => string };
    conditions.push(sql(value));
  }
  return conditions.length === 0 ? 'true' : conditions.join('\n and ');
}
