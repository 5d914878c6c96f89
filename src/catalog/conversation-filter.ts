import { literal, literalArray } from '../database/literal.ts';

/**
 * Which conversations: the one filter behind lists, counts, previews and exports (V-17, V-18). Parts combine
 * by AND; several values of one part by OR, except tags, which a conversation must have all.
 */
export interface ConversationFilter {
  ids?: readonly string[];
  status?: readonly string[];
  channel?: readonly string[];
  priority?: readonly string[];
  tag?: readonly string[];
  audience?: readonly string[];
  /** Teammate in charge, by id. */
  assignee?: readonly string[];
  /** The contact's email address, any case. */
  email?: string;
  /** Conversations that the contact takes part in, as first or as further participant. */
  contactId?: string;
  /** Begin at or after: RFC 3339 time or date. */
  since?: string;
  /** Begin before. */
  until?: string;
}

/** SQL on alias `t` (conversations) that holds for exactly the filter's rows; `true` for an empty filter. */
export function conversationCondition(filter: ConversationFilter): string {
  const oneOf = (column: string, values: readonly string[] | undefined) =>
    values === undefined ? [] : [`t.${column} = any (${literalArray(values)})`];
  const parts = [
    ...oneOf('id', filter.ids),
    ...oneOf('status', filter.status),
    ...oneOf('channel', filter.channel),
    ...oneOf('priority', filter.priority),
    ...oneOf('audience', filter.audience),
    ...oneOf('assigned_agent_id', filter.assignee),
    ...(filter.tag === undefined ? [] : [`t.tags @> ${literalArray(filter.tag)}`]),
    ...(filter.since === undefined ? [] : [`t.created_at >= ${literal(filter.since)}::timestamptz`]),
    ...(filter.until === undefined ? [] : [`t.created_at < ${literal(filter.until)}::timestamptz`]),
    ...(filter.email === undefined
      ? []
      : [
          `exists (select from contacts e where e.workspace_id = t.workspace_id and e.id = t.contact_id
             and lower(e.email) = lower(${literal(filter.email)}))`,
        ]),
    ...(filter.contactId === undefined ? [] : [takesPart(filter.contactId)]),
  ];
  return parts.length === 0 ? 'true' : parts.join('\n and ');
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
