import { z } from 'zod';
import type { ConversationFilter } from './conversation-filter.ts';

/** A query parameter that may be repeated, as a list. */
export const oneOrMore = (doc: string) =>
  z
    .union([z.string(), z.array(z.string())])
    .transform((value) => (Array.isArray(value) ? value : [value]))
    .optional()
    .describe(doc);

/** A time or date as PostgreSQL takes it too: it knows no year 0 and no offset of 16 hours or more. */
const moment = z
  .union([z.iso.datetime({ offset: true }), z.iso.date()])
  .refine((text) => !text.startsWith('0000') && !/[+-](1[6-9]|2\d):\d\d$/.test(text), {
    error: 'takes a year from 0001 on, and an offset of less than 16 hours',
  });

/** When a record began, as query parameters. */
export const periodQuery = {
  since: moment.optional().describe('Begun at or after this time or date (UTC).'),
  until: moment.optional().describe('Begun before this time or date (UTC).'),
};

/** The one filter of conversations, as query parameters: lists and exports take the same. */
export const filterQuery = {
  status: oneOrMore('State; repeat for any of several.'),
  channel: oneOrMore('Channel; repeat for any of several.'),
  priority: oneOrMore('Priority; repeat for any of several.'),
  tag: oneOrMore('Label; repeat for conversations that have all of them.'),
  audience: oneOrMore('Audience; repeat for any of several.'),
  assignee: oneOrMore('Id of the teammate in charge; repeat for any of several.'),
  email: z.string().optional().describe('Email address of the contact, any case.'),
  ...periodQuery,
};

const anyOf = (doc: string) => z.array(z.string()).max(1000).optional().describe(doc);

/** The same filter in a JSON body; `ids` chooses single conversations. */
export const filterBody = z.strictObject({
  ids: z.array(z.string()).max(200).optional().describe('These conversations; at most 200.'),
  status: anyOf('State: any of these.'),
  channel: anyOf('Channel: any of these.'),
  priority: anyOf('Priority: any of these.'),
  tag: anyOf('Labels: all of these.'),
  audience: anyOf('Audience: any of these.'),
  assignee: anyOf('Id of the teammate in charge: any of these.'),
  email: z.string().optional().describe('Email address of the contact, any case.'),
  ...periodQuery,
});

/** A filter without the parts that were not given. */
export function withoutUndefined(
  filter: { [Key in keyof ConversationFilter]?: ConversationFilter[Key] | undefined },
): ConversationFilter {
  return Object.fromEntries(Object.entries(filter).filter(([, value]) => value !== undefined));
}
