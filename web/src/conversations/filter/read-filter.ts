import filterSchema from 'virtual:api-schema/ConversationFilterInput';
import type { ConversationFilter, FilterPart } from '../../parts/filter-words.tsx';
import { choicesOf, kindOf, type PartKind, readValue } from './part-kind.ts';

/** A part of the filter as it is asked for. */
export interface Part {
  name: FilterPart;
  kind: PartKind;
  /** The words that it can be one of; none where any will do. */
  choices: readonly string[];
  /** The server's own sentence about it. */
  description: string | undefined;
}

/** Every part of the server's one filter, in its order. */
export const filterParts: readonly Part[] = Object.entries(filterSchema.properties).map(([name, schema]) => ({
  name: name as FilterPart,
  kind: kindOf(schema),
  choices: choicesOf(schema),
  description: schema.description,
}));

/** A filter out of an address or a saved view; what the server would not take is left out. */
export function readFilter(given: Readonly<Record<string, unknown>>): ConversationFilter {
  const parts = filterParts
    .map(({ name }) => [name, readValue(filterSchema.properties[name]!, given[name])] as const)
    .filter(([, value]) => value !== undefined);
  return Object.fromEntries(parts) as ConversationFilter;
}

/** What the address of the list holds. */
export type ConversationsSearch = ConversationFilter & {
  /** Parts that the address said and that the server would not take: they filter nothing, and the page says so. */
  not_understood?: string[];
};

/** Reads an address. What is not understood is kept by name: a list that is longer than was asked for would be a lie. */
export function readConversationsSearch(given: Readonly<Record<string, unknown>>): ConversationsSearch {
  const { not_understood: before, ...parts } = given;
  const filter = readFilter(parts);
  const names = Object.keys(parts).filter((name) => !isRead(parts[name], filter[name as FilterPart]));
  const all = [...new Set([...(Array.isArray(before) ? before.map(String) : []), ...names])];
  return all.length === 0 ? filter : { ...filter, not_understood: all };
}

/** Whether all of a value was read: of a list, each distinct word. */
function isRead(given: unknown, read: unknown): boolean {
  if (given === undefined || given === '') return true;
  if (read === undefined) return false;
  return !Array.isArray(given) || !Array.isArray(read) || new Set(given.map(String)).size === read.length;
}

/** Whether two filters say the same. */
export function isSameFilter(a: ConversationFilter, b: ConversationFilter): boolean {
  return JSON.stringify(readFilter(a)) === JSON.stringify(readFilter(b));
}
