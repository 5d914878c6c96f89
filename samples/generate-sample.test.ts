import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { countSample, generateSample } from './generate-sample.ts';
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
    '04289bc443a1356fadde26f51c2ca015868fb8d46a6bcdb17a6ac058ab3fe56d',
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
