import { z } from 'zod';
import { momentSql, oneOrMore, periodQuery, searchText } from '../../catalog/filter/query-values.ts';
import { literal, literalArray } from '../../database/literal.ts';

const MOST_SEARCHED_CHARACTERS = 200;

/** Which contacts a list shows. Parts combine by AND. */
export interface ContactFilter {
  q?: string | undefined;
  kind?: string[] | undefined;
  tag?: string[] | undefined;
  email?: string | undefined;
  external_id?: string | undefined;
  since?: string | undefined;
  until?: string | undefined;
}

/** The filter of contacts, as query parameters. */
export const contactQuery = {
  q: searchText(
    'A part of the name, address, phone number, company or an id, in any case.',
    MOST_SEARCHED_CHARACTERS,
  ),
  kind: oneOrMore('Lead, contact, customer or visitor; repeat for any of several.'),
  tag: oneOrMore('Label; repeat for contacts that have all of them.'),
  email: z.string().optional().describe('Email address, any case.'),
  external_id: z.string().optional().describe('Id in a third system.'),
  ...periodQuery,
};

/** SQL on alias `t` (contacts) that holds for exactly the filter's rows; `true` for an empty filter. */
export function contactCondition({ q, kind, tag, email, external_id, since, until }: ContactFilter): string {
  const parts = [
    ...(q === undefined ? [] : [hasPart(q)]),
    ...(kind === undefined ? [] : [`t.kind = any (${literalArray(kind)})`]),
    ...(tag === undefined ? [] : [`t.tags @> ${literalArray(tag)}`]),
    ...(email === undefined ? [] : [`lower(t.email) = lower(${literal(email)})`]),
    ...(external_id === undefined ? [] : [`t.external_id = ${literal(external_id)}`]),
    ...(since === undefined ? [] : [`t.created_at >= ${momentSql(since)}`]),
    ...(until === undefined ? [] : [`t.created_at < ${momentSql(until)}`]),
  ];
  return parts.length === 0 ? 'true' : parts.join('\n and ');
}

/** Parts of words, so that names of any script are found; reads the workspace's contacts, newest first. */
function hasPart(q: string): string {
  const part = literal(`%${q.trim().replaceAll(/[\\%_]/g, String.raw`\$&`)}%`);
  const columns = ['name', 'email', 'phone', 'company', 'id', 'external_id'];
  return `(${columns.map((column) => `t.${column} ilike ${part}`).join(' or ')})`;
}
