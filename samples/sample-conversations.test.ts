import { expect, test } from 'vitest';
import { generateSample } from './generate-sample.ts';
import { languages } from './phrases/phrases.ts';
import type { SampleRecord } from './sample-record.ts';

const usual = [...generateSample()];
const ofType = (type: string): SampleRecord[] => usual.filter((record) => record.type === type);

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
  for (const { type, ...record } of usual) {
    // Renewals alone lie ahead.
    for (const [, time] of JSON.stringify({ ...record, renews_at: undefined }).matchAll(
      /"(\d{4}-\d\d-\d\dT[^"]*Z)"/g,
    )) {
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
