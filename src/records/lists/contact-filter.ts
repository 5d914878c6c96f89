import { z } from 'zod';
import { momentSql, oneOrMore, periodQuery } from '../../catalog/filter/query-values.ts';
import { literal, literalArray } from '../../database/literal.ts';

/** Which contacts a list shows. Parts combine by AND. */
export interface ContactFilter {
  kind?: string[] | undefined;
  tag?: string[] | undefined;
  email?: string | undefined;
  external_id?: string | undefined;
  since?: string | undefined;
  until?: string | undefined;
}

/** The filter of contacts, as query parameters. */
export const contactQuery = {
  kind: oneOrMore('Lead, contact, customer or visitor; repeat for any of several.'),
  tag: oneOrMore('Label; repeat for contacts that have all of them.'),
  email: z.string().optional().describe('Email address, any case.'),
  external_id: z.string().optional().describe('Id in a third system.'),
  ...periodQuery,
};

/** SQL on alias `t` (contacts) that holds for exactly the filter's rows; `true` for an empty filter. */
export function contactCondition({ kind, tag, email, external_id, since, until }: ContactFilter): string {
  const parts = [
    ...(kind === undefined ? [] : [`t.kind = any (${literalArray(kind)})`]),
    ...(tag === undefined ? [] : [`t.tags @> ${literalArray(tag)}`]),
    ...(email === undefined ? [] : [`lower(t.email) = lower(${literal(email)})`]),
    ...(external_id === undefined ? [] : [`t.external_id = ${literal(external_id)}`]),
    ...(since === undefined ? [] : [`t.created_at >= ${momentSql(since)}`]),
    ...(until === undefined ? [] : [`t.created_at < ${momentSql(until)}`]),
  ];
  return parts.length === 0 ? 'true' : parts.join('\n and ');
}
