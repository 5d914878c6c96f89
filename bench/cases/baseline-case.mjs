// The careful baseline: keyset batches, children by `= any(ids)`, a Map, JSON.stringify, back-pressure. While
// one batch is written the next is being fetched. Messages are read once and told apart here.
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { finished } from 'node:stream/promises';
import pg from 'pg';
import { getDataset } from '../../dist/src/catalog/datasets.js';
import { args, tell } from './child.mjs';

const BATCH = 200;
const INT8 = 20;
const types = new pg.TypeOverrides();
types.setTypeParser(INT8, Number);

const columnsOf = ({ columns }) => columns.map(({ name, sql }) => `${sql} as "${name}"`).join(', ');
const conversations = getDataset('conversations_with_contact');
const messages = getDataset('messages');
const events = getDataset('events');
const files = getDataset('conversation_files');

const CONVERSATIONS = `select t.created_at::text as "$at", ${columnsOf(conversations)}
  from conversations t ${conversations.joins}
  where t.workspace_id = $1 and (t.created_at, t.id) > ($2, $3) order by t.created_at, t.id limit ${BATCH}`;
const childSql = (dataset, order) => `select t.conversation_id as "$parent", ${columnsOf(dataset)}
  from ${dataset.table.name} t where t.workspace_id = $1 and t.conversation_id = any($2)
  order by t.conversation_id, t.${order}, t.id`;
const CHILDREN = [
  { name: 'messages', text: childSql(messages, 'created_at') },
  { name: 'events', text: childSql(events, 'occurred_at') },
  { name: 'files', text: childSql(files, 'created_at') },
];

const client = new pg.Client({ connectionString: args.databaseUrl, types });
const start = performance.now();
await client.connect();
await client.query('begin isolation level repeatable read read only');
await client.query(`select set_config('convey.workspace_id', $1, true)`, [args.workspaceId]);
const out = createWriteStream(args.target, { highWaterMark: 1 << 20 });
const counts = { conversations: 0, messages: 0, replies: 0, citations: 0, events: 0, files: 0 };
let next = fetchBatch('-infinity', '');
for (;;) {
  const batch = await next;
  if (batch.rows.length === 0) break;
  const last = batch.rows.at(-1);
  next = fetchBatch(last.$at, last.id);
  if (!out.write(render(batch))) await once(out, 'drain');
}
out.end();
await finished(out);
await client.end();
tell({ seconds: (performance.now() - start) / 1000, bytes: out.bytesWritten, counts, path: args.target });

async function fetchBatch(at, id) {
  const values = [args.workspaceId, at, id];
  const { rows } = await client.query({ name: 'conversations', text: CONVERSATIONS, values });
  const ids = rows.map((row) => row.id);
  const children = await Promise.all(
    CHILDREN.map(({ name, text }) => client.query({ name, text, values: [args.workspaceId, ids] })),
  );
  return { rows, children: children.map((result) => result.rows) };
}

function render({ rows, children }) {
  const lists = new Map();
  for (const { id } of rows)
    lists.set(id, { messages: [], replies: [], citations: [], events: [], files: [] });
  for (const row of children[0]) {
    const { $parent, ...message } = row;
    const of = lists.get($parent);
    const nested = nest(message);
    (message.role === 'teammate' ? of.replies : of.messages).push(nested);
    if (message.citations !== null) of.citations.push({ message_id: message.id, sources: message.citations });
  }
  for (const { $parent, ...event } of children[1]) lists.get($parent).events.push(nest(event));
  for (const { $parent, ...file } of children[2]) lists.get($parent).files.push(nest(file));
  let text = '';
  for (const { $at: _at, ...conversation } of rows) {
    const of = lists.get(conversation.id);
    counts.conversations++;
    for (const [name, list] of Object.entries(of)) counts[name] += list.length;
    text += `${JSON.stringify({ type: 'conversation', ...nest(conversation), ...of })}\n`;
  }
  return text;
}

/** `author.id` becomes `author: { id }`. */
function nest(row) {
  const nested = {};
  for (const name in row) {
    const dot = name.indexOf('.');
    if (dot < 0) nested[name] = row[name];
    else (nested[name.slice(0, dot)] ??= {})[name.slice(dot + 1)] = row[name];
  }
  return nested;
}
