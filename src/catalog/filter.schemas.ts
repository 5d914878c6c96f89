import { z } from 'zod';
import type { ConversationFilter } from './conversation-filter.ts';
import { filterParts } from './filter/filter-parts.ts';

type Parts = typeof filterParts;

/** The one filter of conversations, as query parameters: lists, counts, previews and exports take the same. */
export const filterQuery = Object.fromEntries(
  Object.entries(filterParts).map(([name, { schema }]) => [name, schema]),
) as { [Name in keyof Parts]: Parts[Name]['schema'] };

/** The same filter in a JSON body. */
export const filterBody = z
  .strictObject(filterQuery)
  .meta({ id: 'ConversationFilter', description: 'Which conversations. Parts combine by AND.' });

/** A filter without the parts that were not given. */
export function withoutUndefined(
  filter: { [Name in keyof ConversationFilter]?: ConversationFilter[Name] | undefined },
): ConversationFilter {
  return Object.fromEntries(Object.entries(filter).filter(([, value]) => value !== undefined));
}
