import { expect, test } from 'vitest';
import { findLeftOut } from './find-left-out.ts';
import { type ExportRequest, planExport } from '../plan-export.ts';

const plan = (request: ExportRequest) =>
  planExport(request, {
    workspace: { id: 'wsp_1', slug: 'acme', name: 'Acme' },
    productName: 'convey',
    includeInternal: true,
    audiences: null,
  });
const told = (request: ExportRequest) => findLeftOut(plan(request)).map(({ what }) => what);

test('CSV of a workspace names all that JSON of it has: messages, tickets, and fields of what is there', () => {
  const [datasets, ...fields] = told({ kind: 'workspace', format: 'csv' });
  expect(datasets?.split(', ')).toEqual([
    'accounts',
    'workspace_memberships',
    'subscriptions',
    'knowledge_sources',
    'flows',
    'messages',
    'replies',
    'citations',
    'events',
    'tickets',
    'ticket_messages',
    'files',
    'memories',
    'audit_log',
  ]);
  expect(fields).toEqual([
    expect.stringMatching(/^of contacts: /),
    expect.stringMatching(/^of conversations: /),
  ]);
  expect(fields[1]).toMatch(/\bsummary|title|subject|attributes\b/);
  expect(fields[1]).not.toMatch(/\b(status|channel|tags)\b/);
});

test('CSV of conversations and of messages each name what they lack and not what they have', () => {
  const conversations = told({ kind: 'conversations', format: 'csv' });
  expect(conversations[0]).toBe('messages, replies, citations, events, files');
  const messages = told({ kind: 'conversations', format: 'csv', mode: 'messages' });
  expect(messages[0]).toBe('conversations, events, files');
  expect(messages[1]).toMatch(/^of messages: /);
});

test('JSON of everything lacks only what was not asked for', () => {
  expect(told({ kind: 'workspace', format: 'json' })).toEqual(['contents of files']);
  const keep = { files: true, partConversations: 10 };
  expect(told({ kind: 'workspace', format: 'ndjson', keep })).toEqual([]);
});

test('every reason and list fits a manifest', () => {
  for (const kind of ['workspace', 'contacts', 'conversations', 'conversation', 'contact'] as const)
    for (const mode of ['messages', 'conversations'] as const)
      for (const { what, why } of findLeftOut(plan({ kind, format: 'csv', mode, recordId: 'x' })))
        expect(`${what}${why}`).toMatch(/^[^\p{Cc}]{1,1000}$/u);
});

test('documents say that JSON has more, and a zip of one person does not miss the contents of files', () => {
  for (const format of ['html', 'pdf'] as const) {
    expect(told({ kind: 'conversation', recordId: 'v1', format })).toEqual([
      'contents of files',
      'metadata and other fields of records',
    ]);
  }
  expect(told({ kind: 'contact', recordId: 'c1', format: 'zip' })).toEqual(['other people’s data']);
});
