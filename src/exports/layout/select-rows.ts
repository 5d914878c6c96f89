import { conversationCondition } from '../../catalog/conversation-filter.ts';
import { type Dataset, getDataset } from '../../catalog/datasets.ts';
import { ownedRows } from '../../catalog/owned-rows.ts';
import { computedColumn, type DatasetColumn } from '../../catalog/record-columns.ts';
import type { Selection } from '../../catalog/stream-sql.ts';
import { literal } from '../../database/literal.ts';
import { namesCustomer, rowsChosen, showsColumn, showsDataset } from '../order/export-fields.ts';
import type { ExportPlan } from '../plan-export.ts';
import { changedRows, refColumns } from '../schedules/select-changes.ts';

/** Place of a conversation in the order of an export: its time (PostgreSQL's text) and its id. */
export interface ConversationKey {
  createdAt: string;
  id: string;
}

/** Conversations from `from` on, up to but without `to`; a missing end is open. */
export interface KeyRange {
  from?: ConversationKey;
  to?: ConversationKey;
}

/** The rows and columns of a dataset that the plan's asker may see; of conversations those of a range. */
export function selectRows(plan: ExportPlan, name: string, range: KeyRange = {}): Selection {
  const dataset = getDataset(name);
  const { internalRows } = dataset.table;
  const conditions = [
    ...(dataset.table.name === 'conversations'
      ? [conversationCondition(plan.filter), ...inRange(range)]
      : []),
    ...(internalRows !== undefined && !plan.includeInternal ? [`not ${internalRows}`] : []),
    ...rowsChosen(plan, dataset),
    ...changedRows(plan, dataset),
    ...ownedBySubject(plan, dataset),
  ].filter((condition) => condition !== 'true');
  return {
    dataset,
    workspaceId: plan.workspace.id,
    columns: [
      ...dataset.columns
        .filter((column) => isVisible(plan, column) && showsColumn(plan.fields, dataset, column.name))
        .map((column) => mask(plan, dataset, withoutCustomer(plan, dataset, column))),
      ...refColumns(plan, dataset),
      ...(dataset.table.name === 'files' && plan.keep?.files ? [CONTENT_PATH] : []),
    ],
    condition:
      conditions.length === 0 ? 'true' : conditions.map((condition) => `(${condition})`).join(' and '),
  };
}

/** Where a file's bytes lie, from the part's own folder: named by their digest, so that equal ones lie there once. */
const CONTENT_PATH = computedColumn(
  'content_path',
  'text',
  `case when t.content_sha256 is not null then 'files/' || t.content_sha256 end`,
  'Where the bytes lie in the package, from the folder of this part.',
);

function inRange({ from, to }: KeyRange): string[] {
  const time = ({ createdAt }: ConversationKey) => `${literal(createdAt)}::timestamptz`;
  const place = (key: ConversationKey) => `(${time(key)}, ${literal(key.id)})`;
  // The times alone say less, but from them the planner can guess how many rows there are.
  return [
    ...(from === undefined
      ? []
      : [`t.created_at >= ${time(from)}`, `(t.created_at, t.id) >= ${place(from)}`]),
    ...(to === undefined ? [] : [`t.created_at <= ${time(to)}`, `(t.created_at, t.id) < ${place(to)}`]),
  ];
}

/** Whether the plan's asker may see a dataset at all (events are the workspace's own), and chose it. */
export function mayShow(plan: ExportPlan, name: string): boolean {
  return (
    (plan.includeInternal || getDataset(name).audience === 'customer') && showsDataset(plan.fields, name)
  );
}

function isVisible(plan: ExportPlan, column: DatasetColumn): boolean {
  if (column.audience !== 'customer' && !plan.includeInternal) return false;
  return !(column.isTeammate && plan.kind === 'contact' && plan.contactProfile === 'subject');
}

/** Where `customer` was not chosen, messages of contacts do not say whose they are. */
function withoutCustomer({ fields }: ExportPlan, dataset: Dataset, column: DatasetColumn): DatasetColumn {
  if (!namesCustomer(fields, dataset, column.name)) return column;
  return { ...column, sql: `case when t.author_kind <> 'contact' then ${column.sql} end` };
}

/** One person's export starts from rows that are theirs. */
function ownedBySubject(plan: ExportPlan, dataset: Dataset): string[] {
  if (plan.kind !== 'contact' || plan.recordId === null) return [];
  return [ownedRows(dataset, plan.recordId)].filter((condition) => condition !== undefined);
}

/** Columns that stay when a row is somebody else's: what it is and when, not what it says. */
const KEPT_OF_OTHERS = new Set([
  'id',
  'message_id',
  'conversation_id',
  'ticket_id',
  'role',
  'is_internal',
  'created_at',
  'updated_at',
  'edited_at',
  'version',
  'in_reply_to',
]);
/** Of a conversation that belongs to somebody else, these describe the conversation, not that person. */
const KEPT_OF_SHARED = new Set([
  ...KEPT_OF_OTHERS,
  'channel',
  'channel_id',
  'bot_id',
  'widget_id',
  'status',
  'priority',
  'audience',
  'language',
  'started_at',
  'resolved_at',
  'ended_at',
  'assigned_agent.id',
  'assigned_agent.name',
  'agents',
]);

/**
 * In one person's export, other people's contents are blanked: messages of other contacts, and the contact
 * fields of a conversation they only joined (pain 30; GDPR Art. 15(4)). For the person themselves teammates
 * appear by role only.
 */
function mask(plan: ExportPlan, dataset: Dataset, column: DatasetColumn): DatasetColumn {
  if (plan.kind !== 'contact' || plan.recordId === null) return column;
  const id = literal(plan.recordId);
  const blank = (condition: string): DatasetColumn => ({
    ...column,
    sql: `case when ${condition} then null else ${column.sql} end`,
  });
  if (dataset.table.name === 'messages' || dataset.table.name === 'ticket_messages') {
    const isOthers = othersMessage(dataset, id);
    if (!KEPT_OF_OTHERS.has(column.name)) {
      const isSubject = plan.contactProfile === 'subject';
      return blank(isSubject && isAuthorName(column) ? `${isOthers} or ${byTeammate(dataset)}` : isOthers);
    }
  }
  if (dataset.table.name === 'conversations') {
    if (column.name === 'participants') return onlyThemselves(column, id);
    if (!KEPT_OF_SHARED.has(column.name)) return blank(`t.contact_id is distinct from ${id}`);
  }
  return column;
}

const isAuthorName = ({ name }: DatasetColumn) => name === 'author' || name.startsWith('author.');

/** A contact's message that is not known to be this contact's. */
function othersMessage(dataset: Dataset, id: string): string {
  if (dataset.table.name === 'ticket_messages') return `t.author_contact_id <> ${id}`;
  return `(t.author_kind = 'contact' and coalesce(t.author_contact_id, p.contact_id) is distinct from ${id})`;
}

function byTeammate(dataset: Dataset): string {
  if (dataset.table.name === 'ticket_messages') return 't.author_contact_id is null';
  return `t.author_kind = 'teammate'`;
}

function onlyThemselves(column: DatasetColumn, id: string): DatasetColumn {
  return {
    ...column,
    sql: `coalesce((select jsonb_agg(jsonb_build_object('contact_id', o.contact_id, 'role', o.role))
      from conversation_participants o
      where o.workspace_id = t.workspace_id and o.conversation_id = t.id and o.contact_id = ${id}), '[]')`,
  };
}
