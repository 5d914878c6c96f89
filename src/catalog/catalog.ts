import type { Table } from './declare.ts';
import { conversationParticipants, conversations, events, messages } from './tables/conversations.ts';
import { accounts, contactAliases, contacts, subscriptions, workspaceMemberships } from './tables/people.ts';
import {
  apiKeys,
  feedState,
  jobs,
  personalThreads,
  schemaMigrations,
  signingKeys,
  workspaces,
} from './tables/system.ts';
import {
  exportDownloads,
  exportLinks,
  fieldSets,
  idempotencyKeys,
  notices,
  scheduleOccurrences,
  schedules,
} from './tables/bulk-exports.ts';
import { imports } from './tables/imports.ts';
import { savedViews } from './tables/saved-views.ts';
import { auditCheckpoints, mails, webhookDeliveries, webhooks } from './tables/outgoing.ts';
import { members, oneTimeLinks, rateCounters, sessions, userIdentities, users } from './tables/users.ts';
import { files, flows, knowledgeSources, memories, ticketMessages, tickets } from './tables/work.ts';
import {
  auditBodies,
  auditEvents,
  exportParts,
  exportsTable,
  ingestPending,
  tombstones,
} from './tables/workings.ts';

/** Tables of ingested records, owners before what they own: the order in which a batch is merged. */
export const recordTables: readonly Table[] = [
  accounts,
  workspaceMemberships,
  subscriptions,
  contacts,
  knowledgeSources,
  flows,
  conversations,
  conversationParticipants,
  messages,
  events,
  tickets,
  ticketMessages,
  files,
  memories,
];

/** Every table of the database. One that is not here stops the start. */
export const tables: readonly Table[] = [
  ...recordTables,
  contactAliases,
  tombstones,
  ingestPending,
  imports,
  savedViews,
  exportsTable,
  exportParts,
  exportDownloads,
  exportLinks,
  fieldSets,
  schedules,
  scheduleOccurrences,
  notices,
  idempotencyKeys,
  auditEvents,
  auditBodies,
  auditCheckpoints,
  webhooks,
  webhookDeliveries,
  mails,
  workspaces,
  users,
  userIdentities,
  sessions,
  oneTimeLinks,
  members,
  rateCounters,
  personalThreads,
  apiKeys,
  signingKeys,
  jobs,
  feedState,
  schemaMigrations,
];

const byName = new Map(tables.map((table) => [table.name, table]));

/** The declared table of that name; throws when there is none, since that is a programming error. */
export function getTable(name: string): Table {
  const table = byName.get(name);
  if (table === undefined) throw new Error(`table ${name} is not in the catalogue`);
  return table;
}
