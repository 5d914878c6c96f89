import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { IngestResult } from './count-outcomes.ts';
import { type IngestFixture, openIngest, sumOf } from './ingest.fixture.ts';

let test: IngestFixture;
let workspaceId: string;
beforeAll(async () => {
  test = await openIngest();
});
afterAll(() => test.drop());
beforeEach(async () => {
  workspaceId = await test.createWorkspace();
});

const send = async (...lines: object[]): Promise<IngestResult> => {
  const result = await test.send(workspaceId, lines);
  expect(sumOf(result)).toBe(result.received);
  return result;
};
const contact = (id: string, fields: object = {}) => ({ type: 'contact', id, ...fields });
const merge = (id: string, into: string) => ({ type: 'contact', id, op: 'merge', into });
const conversation = (id: string, fields: object = {}) => ({ type: 'conversation', id, ...fields });
const rows = (table: string) => test.rows(workspaceId, table);

describe('merging a contact into another', () => {
  it('leaves its id free for a new contact once the one that stayed is deleted, in the same body too', async () => {
    await send(contact('a'), contact('b'), merge('a', 'b'));
    const result = await send(
      { type: 'contact', id: 'b', op: 'delete' },
      contact('a', { name: 'Anew' }),
      conversation('c', { contact_id: 'a' }),
    );
    expect(result).toMatchObject({ accepted: { deleted: 1, inserted: 2 }, skipped_older: 0, pending: 0 });
    expect(await rows('contacts')).toMatchObject([{ id: 'a', name: 'Anew' }]);
    expect(await rows('contact_aliases')).toEqual([]);
  });

  it('points everything at the one that stays and leaves a tombstone without personal data', async () => {
    await send(
      contact('a'),
      contact('b'),
      conversation('c1', { contact_id: 'a' }),
      conversation('c2', { participants: [{ contact_id: 'a', role: 'cc' }] }),
      conversation('c3', {
        participants: [
          { contact_id: 'a', role: 'cc' },
          { contact_id: 'b', role: 'to' },
        ],
      }),
      conversation('c4', { contact_id: 'b' }),
      { type: 'message', id: 'm', conversation_id: 'c1', role: 'user', author: { id: 'a', contact_id: 'a' } },
      { type: 'ticket', id: 't', contact_id: 'a' },
      { type: 'ticket_message', id: 'tm', ticket_id: 't', author: { contact_id: 'a' } },
      { type: 'file', id: 'f', contact_id: 'a' },
    );
    const before = new Map((await rows('conversations')).map((row) => [row['id'], row['changed_xid']]));
    const [a] = await rows('contacts');
    expect(await send(merge('a', 'b'))).toMatchObject({ accepted: { merged: 1 } });

    expect((await rows('contacts')).map(({ id }) => id)).toEqual(['b']);
    expect(await rows('contact_aliases')).toMatchObject([{ id: 'a', contact_id: 'b' }]);
    const conversations = await rows('conversations');
    expect(conversations.map((row) => row['contact_id'])).toEqual(['b', null, null, 'b']);
    const changed = conversations.filter((row) => row['changed_xid'] !== before.get(row['id']));
    expect(changed.map(({ id }) => id)).toEqual(['c1', 'c2', 'c3']);
    expect(await rows('conversation_participants')).toMatchObject([
      { conversation_id: 'c2', contact_id: 'b', role: 'cc' },
      { conversation_id: 'c3', contact_id: 'b', role: 'to' },
    ]);
    expect(await rows('messages')).toMatchObject([{ author_contact_id: 'b', author_id: 'a' }]);
    expect(await rows('tickets')).toMatchObject([{ contact_id: 'b' }]);
    expect(await rows('ticket_messages')).toMatchObject([{ author_contact_id: 'b' }]);
    expect(await rows('files')).toMatchObject([{ contact_id: 'b' }]);
    expect(await rows('tombstones')).toMatchObject([
      { ref: a!['ref'], dataset: 'contacts', reason: 'merged' },
    ]);
  });

  it('fills what is empty, unites tags, identities and attributes', async () => {
    await send(
      contact('a', {
        name: 'Ann',
        email: 'a@b.example',
        phone: '1',
        tags: ['x', 'y'],
        identities: [
          { channel: 'sms', value: '1' },
          { channel: 'web', value: 'w' },
        ],
        metadata: { one: 1, two: 1 },
        odd: 'a',
        created_at: '2020-01-01',
      }),
      contact('b', {
        kind: 'customer',
        name: 'Bea',
        tags: ['z', 'x'],
        identities: [{ channel: 'web', value: 'w' }],
        metadata: { two: 2 },
        version: 4,
        created_at: '2021-01-01',
      }),
      contact('c'),
    );
    await send(merge('a', 'b'));
    expect((await rows('contacts'))[0]).toMatchObject({
      id: 'b',
      kind: 'customer',
      name: 'Bea',
      email: 'a@b.example',
      phone: '1',
      tags: ['z', 'x', 'y'],
      identities: [
        { channel: 'web', value: 'w' },
        { channel: 'sms', value: '1' },
      ],
      metadata: { one: 1, two: 2 },
      attributes: { odd: 'a' },
      version: '4',
      created_at: new Date('2021-01-01'),
      notes: null,
    });
    await send(merge('b', 'c'));
    expect((await rows('contacts'))[0]).toMatchObject({
      id: 'c',
      name: 'Bea',
      tags: ['z', 'x', 'y'],
      kind: 'contact',
    });
    expect(await rows('contact_aliases')).toMatchObject([
      { id: 'a', contact_id: 'c' },
      { id: 'b', contact_id: 'c' },
    ]);
  });

  it('makes late lines find the right person', async () => {
    await send(contact('b'), contact('a'), merge('a', 'b'));
    const result = await send(
      conversation('c', {
        contact_id: 'a',
        participants: [{ contact_id: 'a', role: 'x' }, { contact_id: 'b' }],
      }),
      { type: 'message', id: 'm', conversation_id: 'c', role: 'user', author: { contact_id: 'a' } },
      contact('a', { name: 'late' }),
      { type: 'contact', id: 'a', op: 'patch', name: 'late' },
    );
    expect(result).toMatchObject({
      accepted: { inserted: 2 },
      rejected_count: 0,
      skipped_older: 1,
      superseded: 1,
    });
    expect(await rows('conversations')).toMatchObject([{ contact_id: 'b' }]);
    expect(await rows('conversation_participants')).toMatchObject([{ contact_id: 'b' }]);
    expect(await rows('messages')).toMatchObject([{ author_contact_id: 'b' }]);
    expect(await rows('contacts')).toMatchObject([{ id: 'b', name: null }]);
  });

  it('may be said again; waits for the one that stays; knows ids of which only the merge is told', async () => {
    expect(await send(merge('a', 'b'), conversation('c', { contact_id: 'a' }))).toMatchObject({ pending: 2 });
    expect(await send(contact('b'))).toMatchObject({ released: 2 });
    expect(await rows('conversations')).toMatchObject([{ contact_id: 'b' }]);
    expect(await send(merge('a', 'b'))).toMatchObject({ unchanged: 1 });
    expect(await send(contact('x'), merge('x', 'a'))).toMatchObject({ accepted: { merged: 1 } });
    expect((await rows('contacts')).map(({ id }) => id)).toEqual(['b']);
  });

  it('that goes in a circle or to a second one is refused by name', async () => {
    await send(contact('a'), contact('b'), contact('c'), merge('a', 'b'));
    expect((await send(merge('b', 'a'))).rejected).toMatchObject([
      { code: 'ingest.bad_merge', field: 'into' },
    ]);
    expect((await send(merge('a', 'c'))).rejected).toMatchObject([{ code: 'ingest.bad_merge', field: 'id' }]);
  });

  it('of a thousand conversations is done in transactions of at most 5,000 rows', async () => {
    const count = 12_000;
    await send(
      contact('a'),
      contact('b'),
      ...Array.from({ length: count }, (_, index) => conversation(`c${index}`, { contact_id: 'a' })),
    );
    expect(await send(merge('a', 'b'))).toMatchObject({ accepted: { merged: 1 } });
    const perTransaction = await test.asSuperuser<{ n: string }>(
      `select count(*) as n from conversations where workspace_id = $1 and contact_id = 'b' group by changed_xid`,
      [workspaceId],
    );
    expect(perTransaction.map(({ n }) => Number(n)).sort((a, b) => a - b)).toEqual([2000, 5000, 5000]);
    await expect(
      test.send(workspaceId, [contact('d'), merge('b', 'd')], { atomic: true }),
    ).rejects.toMatchObject({
      code: 'ingest.change_too_large',
    });
  });
});
