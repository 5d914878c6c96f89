import type { ConversationFilter } from '../parts/filter-words.tsx';

let last: ConversationFilter = {};

/** Remembers the list that was looked at, for the way back to it. */
export function keepLastFilter(filter: ConversationFilter): void {
  last = filter;
}

/** The list that was looked at last. */
export function lastFilter(): ConversationFilter {
  return last;
}
