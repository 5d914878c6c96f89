import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { countSample, generateSample } from './generate-sample.ts';
import { languages } from './phrases/phrases.ts';
import type { SampleRecord } from './sample-record.ts';
import type { SampleOptions } from './sample-size.ts';

const usual = [...generateSample()];
const ofType = (type: string): SampleRecord[] => usual.filter((record) => record.type === type);

function countByType(records: Iterable<SampleRecord>): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { type } of records) counts[type] = (counts[type] ?? 0) + 1;
  return counts;
}

function digestOf(options: SampleOptions): string {
  const hash = createHash('sha256');
  for (const record of generateSample(options)) hash.update(`${JSON.stringify(record)}\n`);
  return hash.digest('hex');
}

test('the same options give the same bytes, on every machine and for ever', () => {
  expect(digestOf({ conversations: 120 })).toBe(
    '14c2db61380445bbb5c6625d180ef666ad2859518903c9307ed2f58734ba1c9b',
  );
  expect(digestOf({ conversations: 120, seed: 2 })).not.toBe(digestOf({ conversations: 120 }));
});

test('without options there are exactly 3,000 conversations, 20,000 messages and 2,000 contacts', () => {
  expect(countByType(usual)).toEqual(countSample());
  expect(countSample()).toEqual({
    account: 60,
    workspace_membership: 54,
    subscription: 45,
    contact: 2000,
    knowledge_source: 90,
    flow: 5,
    conversation: 3000,
    message: 20_000,
    event: 14_246,
    ticket: 331,
    ticket_message: 834,
    file: 60,
    memory: 80,
  });
});

test.each<SampleOptions>([
  { conversations: 0 },
  { conversations: 1 },
  { conversations: 7, messagesPerConversation: 0 },
  { conversations: 65, messagesPerConversation: 0.5, seed: -3 },
  { conversations: 1000, messagesPerConversation: 2.345, until: new Date('2024-02-29T13:14:15.016Z') },
  { conversations: 42, messagesPerConversation: 100 },
])('the counts are known before anything is made: %o', (options) => {
  const all = countSample(options);
  expect({ ...countSample({ conversations: 0 }), ...countByType(generateSample(options)) }).toEqual(all);
  expect(all.message).toBe(Math.round(options.conversations! * (options.messagesPerConversation ?? 20 / 3)));
  const inside = [...generateSample(options)].filter((record) => record.workspace_id !== null);
  expect({ ...countSample({ conversations: 0 }), ...countByType(inside) }).toEqual(
    countSample(options, 'workspace'),
  );
});

test('bad options are refused', () => {
  expect(() => countSample({ conversations: 1.5 })).toThrow(RangeError);
  expect(() => countSample({ messagesPerConversation: -1 })).toThrow(RangeError);
  expect(() => countSample({ seed: 0.1 })).toThrow(RangeError);
  expect(() => countSample({ until: new Date('never') })).toThrow(RangeError);
});

const PARENTS: Record<string, string> = {
  account_id: 'account',
  contact_id: 'contact',
  conversation_id: 'conversation',
  message_id: 'message',
  ticket_id: 'ticket',
};

test.each([{}, { conversations: 37, seed: 9 }])(
  'parents come before their children, and no id comes twice: %o',
  (options) => {
    const seen = new Set<string>();
    for (const record of generateSample(options)) {
      for (const [field, parent] of Object.entries(PARENTS)) {
        if (record[field] !== undefined && !seen.has(`${parent} ${record[field] as string}`)) {
          throw new Error(`${record.type} ${record.id}: no ${parent} before it`);
        }
      }
      for (const { contact_id } of (record.participants ?? []) as { contact_id: string }[]) {
        expect(seen.has(`contact ${contact_id}`)).toBe(true);
        expect(contact_id).not.toBe(record.contact_id);
      }
      if (record.in_reply_to !== undefined)
        expect(seen.has(`message ${record.in_reply_to as string}`)).toBe(true);
      const author = (record.author as { contact_id?: string } | undefined)?.contact_id;
      if (author !== undefined) expect(seen.has(`contact ${author}`)).toBe(true);
      expect(seen.has(`${record.type} ${record.id}`)).toBe(false);
      seen.add(`${record.type} ${record.id}`);
    }
  },
);

test('a lead was captured by a conversation of their own, which came after them; sources cited exist', () => {
  const conversations = new Map(ofType('conversation').map((record) => [record.id, record]));
  const sources = new Set(ofType('knowledge_source').map(({ id }) => id));
  const contacts = new Map(ofType('contact').map((record) => [record.id, record]));
  const captured = ofType('contact').filter((record) => record.source_conversation_id !== undefined);
  expect(captured.length).toBeGreaterThan(100);
  for (const record of captured) {
    expect(conversations.get(record.source_conversation_id as string)?.contact_id).toBe(record.id);
  }
  for (const { contact_id, created_at } of conversations.values()) {
    const contact = contacts.get(contact_id as string);
    if (contact?.created_at) expect(contact.created_at <= created_at!).toBe(true);
  }
  for (const { citations = [] } of ofType('message')) {
    for (const { source_id } of citations as { source_id?: string }[]) {
      if (source_id !== undefined) expect(sources.has(source_id)).toBe(true);
    }
  }
});

test('message times never go back within a conversation, some are equal, and nothing lies outside the 14 months', () => {
  const last = new Map<string, string>();
  let ties = 0;
  for (const record of ofType('message')) {
    const before = last.get(record.conversation_id as string) ?? '';
    const at = record.created_at as string;
    expect(before <= at).toBe(true);
    if (before === at) ties++;
    last.set(record.conversation_id as string, at);
  }
  expect(ties).toBeGreaterThan(50);
  expect(ties).toBeLessThan(2000);
  for (const { type, renews_at, ...record } of usual) {
    for (const [, time] of JSON.stringify(record).matchAll(/"(\d{4}-\d\d-\d\dT[^"]*Z)"/g)) {
      expect(
        time! >= '2025-08-31T00:00:00.000Z' && time! <= '2026-10-31T00:00:00.000Z',
        `${type} ${time}`,
      ).toBe(true);
    }
  }
  const months = new Set(ofType('conversation').map((record) => (record.created_at as string).slice(0, 7)));
  expect(months.size).toBe(14);
  const byHour = (hour: string): number =>
    ofType('conversation').filter((record) => (record.created_at as string).slice(11, 13) === hour).length;
  expect(byHour('10')).toBeGreaterThan(5 * byHour('03'));
});

test('resolved conversations, and only they, say when', () => {
  for (const { status, resolved_at, created_at } of ofType('conversation')) {
    expect(resolved_at !== undefined).toBe(status === 'resolved' || status === 'archived');
    if (resolved_at !== undefined) expect((resolved_at as string) >= (created_at as string)).toBe(true);
  }
});

test('threads belong to accounts; a few lie outside the workspace with their messages and memories', () => {
  const conversations = ofType('conversation');
  const threads = conversations.filter((record) => record.contact_id === undefined);
  expect(threads.length).toBe(66);
  expect(threads.every((record) => record.account_id !== undefined)).toBe(true);
  expect(
    conversations.every((record) => record.contact_id === undefined || record.account_id === undefined),
  ).toBe(true);
  const general = new Set(threads.filter((record) => record.workspace_id === null).map(({ id }) => id));
  expect(general.size).toBe(6);
  for (const record of usual) {
    if (record.type === 'memory') expect(record.workspace_id === null).toBe(record.scope === 'user');
    else if (record.type !== 'conversation')
      expect(record.workspace_id === null).toBe(general.has(record.conversation_id as string));
  }
});

test('in a conversation of several contacts each of them writes', () => {
  const authors = new Map<string, Set<string>>();
  for (const { conversation_id, author } of ofType('message')) {
    const id = (author as { contact_id?: string } | undefined)?.contact_id;
    if (id === undefined) continue;
    const known = authors.get(conversation_id as string) ?? new Set();
    authors.set(conversation_id as string, known.add(id));
  }
  const groups = ofType('conversation').filter((record) => record.participants !== undefined);
  expect(groups.length).toBeGreaterThan(50);
  expect(
    groups.filter(({ id, participants }) => authors.get(id)!.size === (participants as unknown[]).length + 1)
      .length,
  ).toBeGreaterThan(20);
  const [first] = groups;
  expect([...authors.get(first!.id)!].slice(1)).toEqual(
    (first!.participants as { contact_id: string }[]).map((who) => who.contact_id),
  );
});

test('two contacts share a whole name; one visitor and one contact are nothing but an id', () => {
  const contacts = ofType('contact');
  expect(contacts[30]!.name).toBe(contacts[31]!.name);
  expect(contacts[30]!.id).not.toBe(contacts[31]!.id);
  expect(contacts[40]).toEqual({ type: 'contact', id: contacts[40]!.id, kind: 'visitor' });
  expect(contacts[41]).toEqual({ type: 'contact', id: contacts[41]!.id });
});

test('all fifteen languages are written in', () => {
  expect(new Set(ofType('conversation').map((record) => record.language))).toEqual(
    new Set(languages.map(({ language }) => language)),
  );
});
