import { getTable } from './catalog.ts';
import type { Audience, Table } from './declare.ts';
import {
  computedColumn,
  type DatasetColumn,
  pickColumns,
  recordColumns,
  showColumn,
} from './record-columns.ts';

/**
 * A named relation that can be exported: rows of one table (or a projection of them) in one order, with the
 * columns it shows. A dataset with a `parent` comes grouped by its parent's key and is nested into it.
 */
export interface Dataset {
  name: string;
  /** NDJSON `type` of a row. */
  type: string;
  doc: string;
  table: Table;
  /** SQL on alias `t` that picks the projection's rows. */
  rows: string | undefined;
  parent: { dataset: string; column: string } | undefined;
  audience: Audience;
  columns: readonly DatasetColumn[];
  /** SQL joined to `t`, one row each, for columns that come from elsewhere. */
  joins: string;
}

function dataset(
  name: string,
  tableName: string,
  doc: string,
  options: Partial<Omit<Dataset, 'name' | 'table' | 'doc'>> = {},
): Dataset {
  const table = getTable(tableName);
  return {
    name,
    type: options.type ?? table.type ?? name,
    doc,
    table,
    rows: options.rows,
    parent: options.parent,
    audience: options.audience ?? 'customer',
    columns: options.columns ?? recordColumns(table),
    joins: options.joins ?? '',
  };
}

const conversation = { dataset: 'conversations', column: 'conversation_id' };
const messageColumns = recordColumns(getTable('messages'));
const nestedMessageColumns = messageColumns.filter(({ name }) => name !== 'conversation_id');

/** A conversation's contacts beside the first, as one small JSON value inside its row. */
const participants = computedColumn(
  'participants',
  'jsonb',
  `coalesce((select jsonb_agg(jsonb_build_object('contact_id', p.contact_id, 'role', p.role) order by p.contact_id)
     from conversation_participants p where p.workspace_id = t.workspace_id and p.conversation_id = t.id), '[]')`,
  'Contacts who take part beside the first: [{contact_id, role}].',
  { personal: 'identifier', plainKeys: ['role'] },
);

const conversationColumns = [
  ...recordColumns(getTable('conversations')).filter(({ name }) => name !== 'attributes'),
  participants,
  showColumn(getTable('conversations').columns.find(({ name }) => name === 'attributes')!),
];

/** The contact inside its conversation: one index probe, never a join that would need a sort. */
const CONTACT_JOIN = `
  left join lateral (select * from contacts k
    where k.workspace_id = t.workspace_id and k.id = t.contact_id offset 0) k on true`;

const contactInside = pickColumns(getTable('contacts'), [
  'id',
  'kind',
  'email',
  'name',
  'company',
  'phone',
  'language',
  'external_id',
  'identity_verified',
]).map((column) => ({ ...column, name: `contact.${column.name}`, sql: column.sql.replace(/^t\./, 'k.') }));

const BODY_AT = (direction: 'asc' | 'desc') => `(select m.body from messages m
  where m.workspace_id = t.workspace_id and m.conversation_id = t.id and not m.is_internal
  order by m.created_at ${direction}, m.id ${direction} limit 1)`;

/** V-06: the conversations table of a spreadsheet, columns in this order. */
const conversationTable: DatasetColumn[] = [
  ...pickColumns(getTable('conversations'), ['id as conversation_id']),
  computedColumn('customer_email', 'text', 'k.email', 'Email address of the contact.', { personal: 'email' }),
  ...pickColumns(getTable('conversations'), ['channel']),
  computedColumn('started_at', 'timestamptz', 'coalesce(t.started_at, t.created_at)', 'Begin.'),
  computedColumn('ended_at', 'timestamptz', 'coalesce(t.ended_at, t.resolved_at)', 'End.'),
  ...pickColumns(getTable('conversations'), ['status', 'priority', 'tags']),
  computedColumn(
    'message_count',
    'bigint',
    `(select count(*) from messages m
       where m.workspace_id = t.workspace_id and m.conversation_id = t.id and not m.is_internal)`,
    'Messages and replies, internal notes not counted.',
  ),
  computedColumn(
    'agent_assigned',
    'text',
    'coalesce(t.assigned_agent_name, t.assigned_agent_id)',
    'Teammate in charge.',
    {
      personal: 'name',
      isTeammate: true,
    },
  ),
  computedColumn('csat_rating', 'text', `t.csat ->> 'rating'`, 'Satisfaction: rating.'),
  computedColumn('csat_comment', 'text', `t.csat ->> 'comment'`, 'Satisfaction: comment.'),
  computedColumn('first_message', 'text', BODY_AT('asc'), 'Text of the first message that is not a note.'),
  computedColumn('last_message', 'text', BODY_AT('desc'), 'Text of the last message that is not a note.'),
];

/** V-07: one row per message. */
const messageTable: DatasetColumn[] = [
  ...pickColumns(getTable('messages'), [
    'conversation_id',
    'id as message_id',
    'created_at',
    'author_kind as role',
  ]),
  computedColumn(
    'author',
    'text',
    'coalesce(t.author_name, t.author_id, t.author_contact_id)',
    'Who wrote it.',
    { personal: 'name' },
  ),
  ...pickColumns(getTable('messages'), ['is_internal', 'body', 'citations']),
];

/** Messages that a model is trained with: those with a text, and never internal notes. */
const TRAINS = (alias: string) => `not ${alias}.is_internal and ${alias}.body <> ''`;

/** Roles as training formats know them: to the customer, a teammate is who answers. */
const chatColumns: DatasetColumn[] = [
  computedColumn(
    'role',
    'text',
    `case t.author_kind when 'contact' then 'user' when 'bot' then 'assistant'
       when 'teammate' then 'assistant' else t.author_kind end`,
    'user, assistant, system or tool.',
  ),
  ...pickColumns(getTable('messages'), ['body as content']),
];

/** H-06: the contacts table, columns in this order. */
const contactTable = pickColumns(
  getTable('contacts'),
  `id,kind as type,email,name,company,job_title,phone,source,external_id,account_ref as account_id,source_bot_id,source_conversation_id,notes,metadata,churn_reasons,created_at,last_seen_at,promoted_at,churned_at`.split(
    ',',
  ),
);

const auditColumns: DatasetColumn[] = [
  ...pickColumns(getTable('audit_events'), [
    'seq',
    'at',
    'actor_type',
    'actor_ref',
    'action',
    'target_type',
    'target_ref',
    'outcome',
    'interface',
    'details',
  ]),
  computedColumn('personal', 'jsonb', 'b.body', 'Names, address, user agent, changes; null once erased.'),
  ...pickColumns(getTable('audit_events'), ['prev_hash', 'hash']),
];

/** Every dataset, by name. */
export const datasets: ReadonlyMap<string, Dataset> = new Map(
  [
    dataset('accounts', 'accounts', 'Accounts of the host product.'),
    dataset('workspace_memberships', 'workspace_memberships', 'Which accounts belong to the workspace.'),
    dataset('subscriptions', 'subscriptions', 'What accounts pay for.'),
    dataset('contacts', 'contacts', 'Contacts, every field.'),
    dataset('contact_table', 'contacts', 'Contacts as a table (H-06).', { columns: contactTable }),
    dataset('knowledge_sources', 'knowledge_sources', 'Knowledge sources.'),
    dataset('flows', 'flows', 'Flows.'),
    dataset('conversations', 'conversations', 'Conversations, every field.', {
      columns: conversationColumns,
    }),
    dataset(
      'conversations_with_contact',
      'conversations',
      'Conversations with their contact inside (H-08).',
      {
        columns: [
          ...conversationColumns,
          computedColumn('assigned_agent_id', 'text', 't.assigned_agent_id', 'Teammate in charge (H-08).', {
            personal: 'identifier',
            isTeammate: true,
          }),
          ...contactInside,
        ],
        joins: CONTACT_JOIN,
      },
    ),
    dataset('conversation_table', 'conversations', 'Conversations as a table (V-06).', {
      columns: conversationTable,
      joins: CONTACT_JOIN,
    }),
    dataset(
      'all_messages',
      'messages',
      'Every message, replies and notes included, as the grammar takes it.',
      { parent: conversation },
    ),
    dataset('messages', 'messages', 'Bot-facing messages: user, assistant, tool, system (H-08).', {
      parent: conversation,
      rows: `t.author_kind <> 'teammate'`,
      columns: nestedMessageColumns,
    }),
    dataset('replies', 'messages', 'Teammates’ replies and internal notes (H-08).', {
      type: 'reply',
      parent: conversation,
      rows: `t.author_kind = 'teammate'`,
      columns: nestedMessageColumns,
    }),
    dataset('message_table', 'messages', 'One row per message (V-07).', {
      parent: conversation,
      columns: messageTable,
    }),
    dataset('chat_conversations', 'conversations', 'Conversations that have something to train with.', {
      // Fenced (`offset 0`): one index probe per conversation, never a join that would need a sort.
      rows: `exists (select from messages m where m.workspace_id = t.workspace_id and m.conversation_id = t.id
        and ${TRAINS('m')} offset 0)`,
    }),
    dataset('chat_messages', 'messages', 'What a model is trained with: roles and texts.', {
      parent: conversation,
      rows: TRAINS('t'),
      columns: chatColumns,
    }),
    dataset('citations', 'messages', 'Sources of a bot’s answers, by message.', {
      type: 'citation',
      parent: conversation,
      rows: 't.citations is not null',
      columns: pickColumns(getTable('messages'), ['id as message_id', 'citations as sources']),
    }),
    dataset('events', 'events', 'What happened to a conversation.', {
      parent: conversation,
      audience: 'internal',
    }),
    dataset('conversation_files', 'files', 'Files of a conversation.', { parent: conversation }),
    dataset('tickets', 'tickets', 'Tickets.'),
    dataset('ticket_messages', 'ticket_messages', 'Replies and notes of a ticket.', {
      parent: { dataset: 'tickets', column: 'ticket_id' },
    }),
    dataset('files', 'files', 'Files.'),
    dataset('memories', 'memories', 'What an assistant remembers for accounts, in this workspace.'),
    dataset('deletions', 'tombstones', 'What was deleted since the package before; of incremental exports.', {
      type: 'deletion',
      columns: pickColumns(getTable('tombstones'), ['ref', 'dataset', 'reason', 'deleted_at']),
    }),
    dataset('audit_log', 'audit_events', 'The audit log.', {
      type: 'audit_event',
      audience: 'internal',
      columns: auditColumns,
      joins: `left join lateral (select b.body from audit_bodies b
        where b.workspace_id = t.workspace_id and b.seq = t.seq offset 0) b on true`,
    }),
  ].map((declared) => [declared.name, declared]),
);

/** The dataset of that name; throws when there is none. */
export function getDataset(name: string): Dataset {
  const found = datasets.get(name);
  if (found === undefined) throw new Error(`there is no dataset ${name}`);
  return found;
}
