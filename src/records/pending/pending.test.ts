import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { IngestResult } from '../count-outcomes.ts';
import { type IngestFixture, openIngest, sumOf } from '../ingest.fixture.ts';
import { listPending } from './list-pending.ts';
import { sweepPending } from './sweep-pending.ts';

let test: IngestFixture;
let workspaceId: string;
beforeAll(async () => {
  test = await openIngest();
});
afterAll(() => test.drop());
beforeEach(async () => {
  await test.asSuperuser('delete from ingest_pending'); // the sweep looks at every workspace
  workspaceId = await test.createWorkspace();
});

const send = async (...lines: object[]): Promise<IngestResult> => {
  const result = await test.send(workspaceId, lines);
  expect(sumOf(result)).toBe(result.received);
  return result;
};
const message = (id: string, fields: object = {}) => ({
  type: 'message',
  id,
  conversation_id: 'c',
  role: 'user',
  ...fields,
});
const conversation = (id: string, fields: object = {}) => ({ type: 'conversation', id, ...fields });
const contact = (id: string, fields: object = {}) => ({ type: 'contact', id, ...fields });
const idsOf = async (table: string) => (await test.rows(workspaceId, table)).map(({ id }) => id);
const waiting = () => test.rows<Record<string, string>>(workspaceId, 'ingest_pending');
const HOUR_MS = 3_600_000;
const sweep = (hours: number) =>
  sweepPending({ ...test.dependencies, pendingMs: 24 * HOUR_MS }, new Date(Date.now() + hours * HOUR_MS));

describe('a child before its parent', () => {
  it('waits, and is stored when the parent comes in another body', async () => {
    expect(await send(message('m', { body: 'hi' }))).toMatchObject({ pending: 1, accepted: { inserted: 0 } });
    expect(await waiting()).toMatchObject([
      { type: 'message', record_id: 'm', parent_table: 'conversations', parent_id: 'c', given_up_at: null },
    ]);
    expect(await idsOf('messages')).toEqual([]);
    expect(await send(conversation('c'))).toMatchObject({ released: 1, accepted: { inserted: 1 } });
    expect(await test.rows(workspaceId, 'messages')).toMatchObject([{ id: 'm', body: 'hi' }]);
    expect(await waiting()).toEqual([]);
  });

  it('waits through a chain: files for messages for conversations for contacts', async () => {
    const file = { type: 'file', id: 'f', message_id: 'm', conversation_id: 'c' };
    await send(file);
    await send(message('m'), message('m2'));
    expect(
      await send(conversation('c', { contact_id: 'a', participants: [{ contact_id: 'b' }] })),
    ).toMatchObject({
      pending: 1,
      released: 0,
    });
    await send(contact('b'));
    expect(await idsOf('conversations')).toEqual([]);
    expect(await send(contact('a'))).toMatchObject({ released: 4 });
    expect([await idsOf('conversations'), await idsOf('messages'), await idsOf('files')]).toEqual([
      ['c'],
      ['m', 'm2'],
      ['f'],
    ]);
    expect(await waiting()).toEqual([]);
  });

  it('in one body is no matter, in whatever order', async () => {
    const result = await send(
      { type: 'ticket_message', id: 'tm', ticket_id: 't' },
      { type: 'ticket', id: 't', contact_id: 'a', conversation_id: 'c' },
      message('m'),
      { type: 'memory', id: 'y', account_id: 'x' },
      conversation('c', { contact_id: 'a', account_id: 'x' }),
      contact('a'),
      { type: 'account', id: 'x' },
    );
    expect(result).toMatchObject({ pending: 0, accepted: { inserted: 7 } });
  });

  it('lets an author or a message it answers be unknown', async () => {
    await send(conversation('c'));
    const line = message('m', { author: { contact_id: 'nobody' }, in_reply_to: 'nothing' });
    expect(await send(line)).toMatchObject({ accepted: { inserted: 1 } });
  });

  it('is not stored by a parent of that id in another workspace', async () => {
    const other = await test.createWorkspace();
    await send(message('m'));
    expect(await test.send(other, [conversation('c')])).toMatchObject({ released: 0 });
    expect(await test.rows(other, 'messages')).toEqual([]);
    expect(await waiting()).toHaveLength(1);
  });
});

describe('lines about a record that waits', () => {
  it('have the effect of one after the other when the parent comes', async () => {
    await send(message('m', { body: '1', edited_at: '2020-01-01' }));
    await send({ type: 'message', id: 'm', op: 'patch', body: '2' });
    await send({ type: 'message', id: 'm', op: 'patch', body: '3' });
    expect(await waiting()).toHaveLength(3);
    expect(await send(conversation('c'))).toMatchObject({ released: 3 });
    expect(await test.rows(workspaceId, 'messages')).toMatchObject([
      { body: '3', edited_at: new Date('2020-01-01') },
    ]);
  });

  it('replace it, unless they are older', async () => {
    await send(message('m', { body: 'v5', version: 5 }));
    await send(message('m', { body: 'v4', version: 4 }));
    expect(await waiting()).toHaveLength(2);
    await send(message('m', { body: 'v6', version: 6 }));
    expect(await waiting()).toHaveLength(1);
    await send(message('m', { body: 'elsewhere', conversation_id: 'd', version: 7 }), conversation('d'));
    expect(await waiting()).toEqual([]);
    await send(conversation('c'));
    expect(await test.rows(workspaceId, 'messages')).toMatchObject([
      { body: 'elsewhere', conversation_id: 'd' },
    ]);
  });

  it('delete it', async () => {
    await send(message('m'));
    expect(await send({ type: 'message', id: 'm', op: 'delete' })).toMatchObject({ unchanged: 1 });
    await send(conversation('c'));
    expect(await idsOf('messages')).toEqual([]);
  });

  it('are refused when it is gone by then', async () => {
    await send(conversation('c'), message('m'));
    await send({ type: 'message', id: 'm', op: 'patch', conversation_id: 'd' });
    expect(await waiting()).toHaveLength(1);
    await send({ type: 'conversation', id: 'c', op: 'delete' });
    await send(conversation('d'));
    expect(await idsOf('messages')).toEqual([]);
    expect(await waiting()).toMatchObject([{ record_id: 'm', line: null, given_up_at: expect.any(Date) }]);
  });
});

describe('the sweep', () => {
  it('gives up what has waited for 24 hours: the line is emptied, its name stays for 30 days', async () => {
    await send(message('m'), message('n', { conversation_id: 'd' }));
    expect(await sweep(23)).toMatchObject({ givenUp: 0 });
    expect(await sweep(25)).toMatchObject({ givenUp: 2, forgotten: 0 });
    expect(await waiting()).toMatchObject([
      { record_id: 'm', line: null },
      { record_id: 'n', line: null },
    ]);
    expect(await send(conversation('c'))).toMatchObject({ released: 0 });
    expect(await send(message('m'))).toMatchObject({ accepted: { inserted: 1 } });
    expect((await waiting()).map((row) => row['record_id'])).toEqual(['n']);
    expect(await sweep(24 * 32)).toMatchObject({ forgotten: 1 });
    expect(await waiting()).toEqual([]);
  });

  it('sets free what was overlooked', async () => {
    await send(message('m'), message('n', { conversation_id: 'd' }));
    await test.asSuperuser(
      `insert into conversations (workspace_id, id, ref, status, created_at, written_at, changed_epoch, changed_xid)
       values ($1, 'c', 'cnv_x', 'open', now(), now(), 1, pg_current_xact_id())`,
      [workspaceId],
    );
    expect(await sweep(0)).toMatchObject({ released: 1, givenUp: 0 });
    expect(await idsOf('messages')).toEqual(['m']);
    expect(await waiting()).toHaveLength(1);
  });
});

describe('the list of what waits', () => {
  it('counts by parent and names records page by page, given up ones too', async () => {
    await send(...Array.from({ length: 5 }, (_, index) => message(`m${index}`)));
    await sweep(25);
    await send(...Array.from({ length: 4 }, (_, index) => message(`n${index}`, { conversation_id: 'd' })));
    await send({ type: 'ticket', id: 't', contact_id: 'a' });
    const page = (cursor?: string) =>
      test.database.inScope({ workspaceId }, (transaction) =>
        listPending(transaction, workspaceId, { cursor, limit: 6 }),
      );
    const first = await page();
    expect(first).toMatchObject({ waiting: 5, givenUp: 5, nextCursor: expect.any(String) });
    expect(first.parents).toMatchObject([
      { type: 'conversation', id: 'd', waiting: 4 },
      { type: 'contact', id: 'a', waiting: 1 },
    ]);
    const second = await page(first.nextCursor!);
    expect(second.nextCursor).toBeNull();
    const records = [...first.records, ...second.records];
    expect(records.map(({ id }) => id)).toEqual(['m0', 'm1', 'm2', 'm3', 'm4', 'n0', 'n1', 'n2', 'n3', 't']);
    expect(records.at(0)).toMatchObject({
      type: 'message',
      parent: { type: 'conversation', id: 'c' },
      givenUpAt: expect.any(Date),
    });
    expect(records.at(-1)).toMatchObject({ type: 'ticket', givenUpAt: null });
  });
});
