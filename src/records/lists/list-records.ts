import type { Dataset } from '../../catalog/datasets.ts';
import { ownedRows } from '../../catalog/owned-rows.ts';
import type { Selection } from '../../catalog/stream-sql.ts';
import type { Database, Transaction } from '../../database/connect.ts';
import { literal } from '../../database/literal.ts';
import type { Scope } from '../../database/scope.ts';
import { ConveyError } from '../../errors.ts';
import { unknownRecord } from './lists.errors.ts';
import { type ListName, readCursor, writeCursor } from './cursor.ts';
import {
  contactRecords,
  conversationRecords,
  eventRecords,
  fileRecords,
  messageRecords,
  ticketRecords,
} from './list-schemas.ts';
import { countAll, readPage, selectVisible } from './read-page.ts';

/** Which page of a list. */
export interface PageQuery {
  /** At most this many records. */
  limit: number;
  cursor?: string | undefined;
  /** With the number of records on all pages, which takes longer the more there are. */
  count?: boolean;
}

/** A page as it is answered: JSON, and the cursor of the next page. */
export interface ListReply {
  json: Buffer;
  nextCursor: string | null;
}

/**
 * A page of contacts or conversations, newest first.
 * @throws http.bad_request naming `cursor` when it is none of this list
 */
export async function listRecords(
  database: Database,
  scope: Scope,
  list: 'contacts' | 'conversations',
  selection: Selection,
  query: PageQuery,
): Promise<ListReply> {
  const after = readCursor(list, query.cursor);
  return database.inScope(scope, (transaction) =>
    answerPage(transaction, list, selection, { ...query, after, newestFirst: true }),
  );
}

const ofConversation = { messages: messageRecords, events: eventRecords, files: fileRecords };
/** What a conversation has, by the name of its list. */
export type ConversationList = keyof typeof ofConversation;

/**
 * A page of one conversation's messages (with replies and notes), events or files, the oldest first. Whoever sees
 * nothing internal finds no events.
 * @throws records.not_found for a conversation that the scope does not see, http.bad_request
 */
export async function listOfConversation(
  database: Database,
  scope: Scope,
  list: ConversationList,
  conversationId: string,
  query: PageQuery,
): Promise<ListReply> {
  const after = readCursor(list, query.cursor);
  const id = literal(conversationId);
  const dataset = ofConversation[list];
  const owner = selectVisible(conversationRecords, scope, { condition: `t.id = ${id}` });
  const selection = selectVisible(dataset, scope, { condition: `t.conversation_id = ${id}` });
  return database.inScope(scope, async (transaction) => {
    if ((await countAll(transaction, owner)) === 0) throw new ConveyError(unknownRecord);
    if (dataset.audience === 'internal' && scope.hidesInternal === true)
      return { json: Buffer.from(JSON.stringify({ [list]: [], next_cursor: null })), nextCursor: null };
    return answerPage(transaction, list, selection, { ...query, after, newestFirst: false });
  });
}

/**
 * A page of what one contact has, newest first.
 * @throws records.not_found for a contact that the scope does not see, http.bad_request
 */
export async function listOfContact(
  database: Database,
  scope: Scope,
  list: 'tickets' | 'files',
  contactId: string,
  query: PageQuery,
): Promise<ListReply> {
  const after = readCursor(list, query.cursor);
  const dataset = { tickets: ticketRecords, files: fileRecords }[list];
  const condition = (of: Dataset) => ({ condition: ownedRows(of, contactId)! });
  const owner = selectVisible(contactRecords, scope, condition(contactRecords));
  const selection = selectVisible(dataset, scope, condition(dataset));
  return database.inScope(scope, async (transaction) => {
    if ((await countAll(transaction, owner)) === 0) throw new ConveyError(unknownRecord);
    return answerPage(transaction, list, selection, { ...query, after, newestFirst: true });
  });
}

/**
 * One record, as JSON.
 * @throws records.not_found for one that the scope does not see, be it another workspace's, of another audience
 *   or nobody's
 */
export async function getRecord(
  database: Database,
  scope: Scope,
  dataset: Selection['dataset'],
  id: string,
): Promise<Buffer> {
  const selection = selectVisible(dataset, scope, { condition: `t.id = ${literal(id)}` });
  const { records, count } = await database.inScope(scope, (transaction) =>
    readPage(transaction, selection, { after: undefined, limit: 1, newestFirst: true }),
  );
  if (count === 0) throw new ConveyError(unknownRecord);
  return records;
}

async function answerPage(
  transaction: Transaction,
  list: ListName,
  selection: Selection,
  page: Parameters<typeof readPage>[2] & { count?: boolean },
): Promise<ListReply> {
  const { records, next } = await readPage(transaction, selection, page);
  const count = page.count === true ? await countAll(transaction, selection) : undefined;
  const nextCursor = next === undefined ? null : writeCursor(list, next);
  const tail = JSON.stringify({ next_cursor: nextCursor, count });
  const json = Buffer.concat([Buffer.from(`{"${list}":[`), records, Buffer.from(`],${tail.slice(1)}`)]);
  return { json, nextCursor };
}
