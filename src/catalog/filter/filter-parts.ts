import type { z } from 'zod';
import { literal, literalArray } from '../../database/literal.ts';
import { getTable } from '../catalog.ts';
import {
  amount,
  flag,
  moment,
  momentSql,
  oneOrMore,
  oneOrMoreScores,
  oneText,
  periodQuery,
  searchText,
} from './query-values.ts';

/** Most conversations that a filter names one by one (V-02). */
export const MOST_IDS = 200;
const MOST_SEARCHED_CHARACTERS = 500;
/** As `assignee`: nobody is in charge. */
const NOBODY = 'unassigned';

/**
 * One part of the filter: what it takes, and the SQL on alias `t` (conversations) that holds for what it means.
 */
function part<Schema extends z.ZodType>(
  schema: Schema,
  sql: (value: NonNullable<z.output<Schema>>) => string,
) {
  return { schema, sql };
}

const anyOf = (column: string) => (values: readonly string[]) =>
  `t.${column} = any (${literalArray(values)})`;
const from = (time: string) => (value: string) => `${time} >= ${momentSql(value)}`;
const before = (time: string) => (value: string) => `${time} < ${momentSql(value)}`;

const statuses = [
  ...getTable('conversations')
    .columns.find(({ name }) => name === 'status')!
    .values!.keys(),
];

/** What was never changed was last changed when it was made. */
const CHANGED = 'coalesce(t.updated_at, t.created_at)';
const RATING = `(t.csat ->> 'rating')`;
/** The rating where it is a number; more digits than anybody gives would not fit. */
const RATED = `case when ${RATING} ~ '^-?[0-9]{1,30}([.][0-9]{1,30})?$' then ${RATING}::numeric end`;

/**
 * Which conversations: the one filter behind lists, counts, previews and exports (V-17, V-18). Parts combine by AND.
 * Query parameters, the JSON of orders, OpenAPI and the docs are made from it, so that all of them take the same.
 */
export const filterParts = {
  ids: part(oneOrMore(`These conversations; at most ${MOST_IDS}.`, { most: MOST_IDS }), anyOf('id')),
  status: part(oneOrMore('State; several: any of them.', { values: statuses }), anyOf('status')),
  channel: part(oneOrMore('Channel; several: any of them.'), anyOf('channel')),
  priority: part(oneOrMore('Priority; several: any of them.'), anyOf('priority')),
  tag: part(oneOrMore('Label; several: all of them.'), (tags) => `t.tags @> ${literalArray(tags)}`),
  any_tag: part(oneOrMore('Labels, any of them.'), (tags) => `t.tags && ${literalArray(tags)}`),
  audience: part(oneOrMore('Audience; several: any of them.'), anyOf('audience')),
  assignee: part(
    oneOrMore(`Id of the teammate in charge, or \`${NOBODY}\`; several: any of them.`),
    inCharge,
  ),
  contact_id: part(oneText('Id of a contact who takes part, as first or as further participant.'), takesPart),
  email: part(oneText('Email address of the contact, any case.'), hasAddress),
  since: part(periodQuery.since, from('t.created_at')),
  until: part(periodQuery.until, before('t.created_at')),
  updated_since: part(moment('Last changed at or after this time or date (UTC).'), from(CHANGED)),
  updated_until: part(moment('Last changed before this time or date (UTC).'), before(CHANGED)),
  resolved_since: part(moment('Resolved at or after this time or date (UTC).'), from('t.resolved_at')),
  resolved_until: part(moment('Resolved before this time or date (UTC).'), before('t.resolved_at')),
  q: part(
    searchText(
      'Words that one of its messages has, all of them, in any case and order; internal notes for those who see them.',
      MOST_SEARCHED_CHARACTERS,
    ),
    hasText,
  ),
  csat: part(oneOrMoreScores('Satisfaction: this rating; several: any of them.'), ratedAs),
  csat_min: part(
    amount('Satisfaction: a rating of at least this number.'),
    (least) => `${RATED} >= ${least}`,
  ),
  csat_max: part(amount('Satisfaction: a rating of at most this number.'), (most) => `${RATED} <= ${most}`),
  has_csat: part(
    flag('With a rating, or without.'),
    (isThere) => `${RATING} is ${isThere ? 'not ' : ''}null`,
  ),
  has_files: part(flag('With files, or without.'), hasFiles),
} as const;

function inCharge(teammates: readonly string[]): string {
  const named = teammates.filter((one) => one !== NOBODY);
  const conditions = [
    ...(named.length > 0 ? [anyOf('assigned_agent_id')(named)] : []),
    ...(named.length < teammates.length ? ['t.assigned_agent_id is null'] : []),
  ];
  return `(${conditions.join(' or ')})`;
}

/**
 * Conversations of one contact, found from the contact's side, so that their number decides the cost and not
 * the workspace's.
 */
function takesPart(contactId: string): string {
  const id = literal(contactId);
  return `t.id = any (array(
    select c.id from conversations c where c.workspace_id = t.workspace_id and c.contact_id = ${id}
    union
    select p.conversation_id from conversation_participants p
     where p.workspace_id = t.workspace_id and p.contact_id = ${id}))`;
}

function hasAddress(email: string): string {
  return `exists (select from contacts e where e.workspace_id = t.workspace_id and e.id = t.contact_id
             and lower(e.email) = lower(${literal(email)}))`;
}

/**
 * `search_conversations` (migration 0011) knows by itself whose messages may be seen. `is true` keeps the planner from
 * making a join of it: found ids are hashed once, and rows keep coming from their index in order.
 */
function hasText(q: string): string {
  return `(t.id in (select s.conversation_id from search_conversations(${literal(q)}) s)) is true`;
}

/** Numbers are equal as numbers (`4.50` is `4.5`), words as words. */
function ratedAs(ratings: readonly string[]): string {
  const numbers = ratings.filter((rating) => /^-?\d{1,30}(\.\d{1,30})?$/.test(rating));
  const asWord = `${RATING} = any (${literalArray(ratings)})`;
  return numbers.length === 0
    ? asWord
    : `(${asWord} or ${RATED} = any (${literalArray(numbers)}::numeric[]))`;
}

function hasFiles(isThere: boolean): string {
  return `${isThere ? '' : 'not '}exists (select from files f
    where f.workspace_id = t.workspace_id and f.conversation_id = t.id)`;
}
