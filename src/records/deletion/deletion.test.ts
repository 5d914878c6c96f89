import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { recordTables, tables } from '../../catalog/catalog.ts';
import { shapes } from '../grammar/record-shape.ts';
import { type IngestFixture, openIngest, sumOf } from '../ingest.fixture.ts';
import { deleteRecords } from './delete-records.ts';

let test: IngestFixture;
let workspaceId: string;
beforeAll(async () => {
  test = await openIngest();
});
afterAll(() => test.drop());
beforeEach(async () => {
  workspaceId = await test.createWorkspace();
  test.deletedObjects.length = 0;
});

const send = async (...lines: object[]) => {
  const result = await test.send(workspaceId, lines);
  expect(sumOf(result)).toBe(result.received);
  return result;
};
const remove = (type: string, id: string, fields: object = {}) => ({ type, id, op: 'delete', ...fields });
const idsIn = async (table: string) =>
  (await test.rows(workspaceId, table)).map((row) => row['id'] ?? row['contact_id']);
const tombstones = async () =>
  (await test.rows<Record<string, string>>(workspaceId, 'tombstones'))
    .map((row) => row['ref']!.slice(0, 3))
    .sort();

/** Two people with everything there is, one of them in the other's conversation too. */
async function plant(): Promise<void> {
  await send(
    { type: 'account', id: 'acc' },
    { type: 'workspace_membership', id: 'mb', account_id: 'acc' },
    { type: 'subscription', id: 'sb', account_id: 'acc' },
    { type: 'memory', id: 'me', account_id: 'acc' },
    { type: 'conversation', id: 'thread', account_id: 'acc' },
    { type: 'contact', id: 'a' },
    { type: 'contact', id: 'b' },
    { type: 'knowledge_source', id: 'k', kind: 'text' },
    { type: 'flow', id: 'fl' },
    { type: 'conversation', id: 'ca', contact_id: 'a', participants: [{ contact_id: 'b' }] },
    { type: 'conversation', id: 'cb', contact_id: 'b', participants: [{ contact_id: 'a' }] },
    { type: 'message', id: 'ma', conversation_id: 'ca', role: 'user', author: { contact_id: 'a' } },
    { type: 'message', id: 'mb', conversation_id: 'cb', role: 'user', author: { contact_id: 'a' } },
    { type: 'event', id: 'e', conversation_id: 'ca', kind: 'created' },
    { type: 'ticket', id: 't', contact_id: 'a', conversation_id: 'cb' },
    { type: 'ticket', id: 'tb', contact_id: 'b', conversation_id: 'ca' },
    { type: 'ticket_message', id: 'tm', ticket_id: 't' },
    { type: 'file', id: 'f1', conversation_id: 'ca', contact_id: 'a' },
    { type: 'file', id: 'f2', message_id: 'ma' },
    { type: 'file', id: 'f3', contact_id: 'a' },
    { type: 'file', id: 'f4', contact_id: 'b' },
  );
  await test.asSuperuser(`update files set content_key = 'key-' || id where workspace_id = $1`, [
    workspaceId,
  ]);
}

describe('deleting a record', () => {
  it('is possible for every type; what is not there counts as unchanged', async () => {
    await plant();
    for (const { type, table } of [...shapes.values()].toReversed()) {
      for (const id of await idsIn(table.name)) {
        expect(await send(remove(type, id as string))).toMatchObject({ accepted: { deleted: 1 } });
        expect(await send(remove(type, id as string))).toMatchObject({ unchanged: 1 });
      }
      expect(await idsIn(table.name)).toEqual([]);
    }
    expect(test.deletedObjects.sort()).toEqual(['key-f1', 'key-f2', 'key-f3', 'key-f4']);
  });

  it('takes a person’s conversations, tickets, files and places in others’ conversations along', async () => {
    await plant();
    const stamp = async (table: string, id: string) =>
      (await test.rows(workspaceId, table)).find((row) => row['id'] === id)!['changed_xid'];
    const before = await stamp('conversations', 'cb');
    await send(remove('contact', 'a'));
    expect(await idsIn('contacts')).toEqual(['b']);
    expect(await idsIn('conversations')).toEqual(['cb', 'thread']);
    expect(await idsIn('messages')).toEqual(['mb']);
    expect(await idsIn('events')).toEqual([]);
    expect(await idsIn('tickets')).toEqual(['tb']);
    expect(await idsIn('ticket_messages')).toEqual([]);
    expect(await idsIn('files')).toEqual(['f4']);
    expect(await idsIn('conversation_participants')).toEqual([]);
    expect(await test.rows(workspaceId, 'messages')).toMatchObject([{ author_contact_id: null }]);
    expect(await test.rows(workspaceId, 'tickets')).toMatchObject([{ conversation_id: null }]);
    expect(await stamp('conversations', 'cb')).not.toBe(before);
    expect(await tombstones()).toEqual(['cnv', 'con', 'fil', 'tkt']);
    expect(test.deletedObjects.sort()).toEqual(['key-f1', 'key-f2', 'key-f3']);
  });

  it('leaves one tombstone for a conversation, its messages go with it; a single message leaves its own', async () => {
    await plant();
    await send(remove('message', 'mb'), remove('conversation', 'ca'));
    expect(await tombstones()).toEqual(['cnv', 'msg']);
    const rows = await test.rows(workspaceId, 'tombstones');
    expect(Object.keys(rows[0]!).sort()).toEqual(
      ['changed_epoch', 'changed_xid', 'dataset', 'deleted_at', 'reason', 'ref', 'workspace_id'].sort(),
    );
  });

  it('takes an account’s memberships, subscriptions, memories and threads along', async () => {
    await plant();
    await send(remove('account', 'acc'));
    for (const table of ['accounts', 'workspace_memberships', 'subscriptions', 'memories']) {
      expect(await idsIn(table)).toEqual([]);
    }
    expect(await idsIn('conversations')).toEqual(['ca', 'cb']);
    expect(await tombstones()).toEqual(['act', 'cnv', 'mbr', 'mem', 'sub']);
  });

  it('is skipped when the stored record is newer', async () => {
    await send({ type: 'contact', id: 'a', version: 5, updated_at: '2020-01-05' });
    expect(await send(remove('contact', 'a', { version: 4 }))).toMatchObject({ skipped_older: 1 });
    expect(await send(remove('contact', 'a', { updated_at: '2020-01-04' }))).toMatchObject({
      skipped_older: 1,
    });
    expect(await send(remove('contact', 'a', { version: 5, updated_at: '2020-01-01' }))).toMatchObject({
      accepted: { deleted: 1 },
    });
  });

  it('stands in its place among the other lines', async () => {
    const message = { type: 'message', id: 'm', conversation_id: 'c', role: 'user' };
    const result = await send(
      { type: 'conversation', id: 'c' },
      message,
      remove('conversation', 'c'),
      { ...message, id: 'late' },
      { type: 'flow', id: 'f' },
      remove('flow', 'f'),
      { type: 'flow', id: 'g' },
      remove('flow', 'f'),
    );
    expect(result).toMatchObject({ accepted: { inserted: 4, deleted: 2 }, unchanged: 1, pending: 1 });
    expect([await idsIn('conversations'), await idsIn('messages'), await idsIn('flows')]).toEqual([
      [],
      [],
      ['g'],
    ]);
  });
});

describe('a big deletion', () => {
  it('touches at most 5,000 rows a transaction, and says after each what it did', async () => {
    const count = 23_000;
    await send(
      { type: 'conversation', id: 'c' },
      ...Array.from({ length: count }, (_, index) => ({
        type: 'message',
        id: `m${index}`,
        conversation_id: 'c',
        role: 'user',
      })),
      ...Array.from({ length: 100 }, (_, index) => ({
        type: 'file',
        id: `f${index}`,
        message_id: `m${index * 9}`,
      })),
      { type: 'conversation', id: 'other' },
    );
    const steps: { rows: number; ms: number }[] = [];
    let startedAt = Date.now();
    const deletion = { feedEpoch: 1, table: 'conversations', ids: ['c'], reason: 'retention' as const };
    for await (const { rows } of deleteRecords(test.database, { workspaceId }, deletion)) {
      steps.push({ rows: [...rows.values()].reduce((sum, n) => sum + n, 0), ms: Date.now() - startedAt });
      startedAt = Date.now();
    }
    expect(steps.reduce((sum, { rows }) => sum + rows, 0)).toBe(count + 101);
    for (const { rows, ms } of steps) {
      expect(rows).toBeLessThanOrEqual(5000);
      expect(ms).toBeLessThan(1000);
    }
    expect(await idsIn('conversations')).toEqual(['other']);
    expect(await idsIn('messages')).toEqual([]);
    expect(await test.rows(workspaceId, 'tombstones')).toMatchObject([
      { dataset: 'conversations', reason: 'retention' },
    ]);
  });

  it('goes on where it was stopped', async () => {
    const deletion = { feedEpoch: 1, table: 'conversations', ids: ['c'], reason: 'deleted' as const };
    await send(
      { type: 'conversation', id: 'c' },
      ...Array.from({ length: 7000 }, (_, index) => ({
        type: 'message',
        id: `m${index}`,
        conversation_id: 'c',
        role: 'user',
      })),
    );
    for await (const { isDone } of deleteRecords(test.database, { workspaceId }, deletion)) {
      expect(isDone).toBe(false);
      break;
    }
    expect(await idsIn('messages')).toHaveLength(2000);
    expect(await send(remove('conversation', 'c'))).toMatchObject({ accepted: { deleted: 1 } });
    expect(await idsIn('messages')).toEqual([]);
  });
});

describe('the deletion plan', () => {
  it('reaches every table that references a record table', () => {
    const referring = tables.filter(({ references }) => references.length > 0).map(({ name }) => name);
    expect(referring).toEqual(expect.arrayContaining(['contact_aliases', 'personal_threads']));
    for (const { references } of tables) {
      for (const { table } of references) expect(recordTables.map(({ name }) => name)).toContain(table);
    }
  });
});
