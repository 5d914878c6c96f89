import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { newId } from '../../ids.ts';
import type { IngestResult } from '../count-outcomes.ts';
import { type IngestFixture, openIngest, sumOf } from '../ingest.fixture.ts';

let test: IngestFixture;
let product: string;
let workspaceId: string;
beforeAll(async () => {
  test = await openIngest();
});
afterAll(() => test.drop());
beforeEach(async () => {
  product = newId('prd');
  workspaceId = await test.createWorkspaceOf(product);
});

const sendTo = async (workspace: string, ...lines: object[]): Promise<IngestResult> => {
  const result = await test.send(workspace, lines);
  expect(sumOf(result)).toBe(result.received);
  return result;
};
const send = (...lines: object[]) => sendTo(workspaceId, ...lines);
const thread = (id: string, account = 'ann', fields: object = {}) => ({
  type: 'conversation',
  id,
  workspace_id: null,
  account_id: account,
  ...fields,
});
const message = (id: string, conversation = 't', fields: object = {}) => ({
  type: 'message',
  id,
  conversation_id: conversation,
  role: 'user',
  ...fields,
});
async function personalOf(account: string, ofProduct = product): Promise<string | undefined> {
  const [row] = await test.asSuperuser<{ id: string }>(
    `select id from workspaces where kind = 'personal' and product = $1 and account_id = $2`,
    [ofProduct, account],
  );
  return row?.id;
}
const idsIn = async (workspace: string | undefined, table: string) =>
  (await test.rows(workspace!, table)).map(({ id }) => id);

describe('what an account owns alone', () => {
  it('goes to its personal workspace, made on demand with a stub of the account', async () => {
    const result = await send(
      thread('t'),
      message('m'),
      { type: 'event', id: 'e', conversation_id: 't', kind: 'created' },
      { type: 'file', id: 'f', conversation_id: 't' },
      { type: 'memory', id: 'y', account_id: 'ann', scope: 'user', body: 'likes tea' },
      { type: 'file', id: 'g', workspace_id: null, account_id: 'bob' },
    );
    expect(result).toMatchObject({ accepted: { inserted: 6 }, pending: 0 });
    const ann = await personalOf('ann');
    expect(await idsIn(ann, 'conversations')).toEqual(['t']);
    expect(await idsIn(ann, 'messages')).toEqual(['m']);
    expect(await idsIn(ann, 'events')).toEqual(['e']);
    expect(await idsIn(ann, 'files')).toEqual(['f']);
    expect(await idsIn(ann, 'memories')).toEqual(['y']);
    expect(await test.rows(ann!, 'accounts')).toMatchObject(
      [{ id: 'ann', email: null, ref: /^act_/ }].map((row) => ({
        ...row,
        ref: expect.stringMatching(row.ref),
      })),
    );
    expect(await idsIn(await personalOf('bob'), 'files')).toEqual(['g']);
    for (const table of ['conversations', 'messages', 'events', 'files', 'memories', 'accounts']) {
      expect(await test.rows(workspaceId, table)).toEqual([]);
    }
  });

  it('is found by its children in later bodies, by patches and by deletions', async () => {
    await send(thread('t'), { type: 'memory', id: 'y', account_id: 'ann', scope: 'user' });
    const ann = await personalOf('ann');
    expect(await send(message('m', 't', { body: '1' }))).toMatchObject({ accepted: { inserted: 1 } });
    await send({ type: 'message', id: 'm', op: 'patch', conversation_id: 't', body: '2' });
    await send({ type: 'conversation', id: 't', op: 'patch', subject: 'renamed' });
    await send({ type: 'memory', id: 'y', op: 'patch', account_id: 'ann', workspace_id: null, body: 'new' });
    expect(await test.rows(ann!, 'messages')).toMatchObject([{ body: '2' }]);
    expect(await test.rows(ann!, 'conversations')).toMatchObject([{ subject: 'renamed' }]);
    expect(await test.rows(ann!, 'memories')).toMatchObject([{ body: 'new' }]);

    expect(await send({ type: 'message', id: 'm', op: 'delete', conversation_id: 't' })).toMatchObject({
      accepted: { deleted: 1 },
    });
    expect(
      await send({ type: 'memory', id: 'y', op: 'delete', account_id: 'ann', scope: 'user' }),
    ).toMatchObject({ accepted: { deleted: 1 } });
    expect(await send({ type: 'conversation', id: 't', op: 'delete' })).toMatchObject({
      accepted: { deleted: 1 },
    });
    expect(await send({ type: 'conversation', id: 't', op: 'delete' })).toMatchObject({ unchanged: 1 });
    expect(await test.asSuperuser('select from personal_threads where product = $1', [product])).toEqual([]);
    expect(await send(message('m2'))).toMatchObject({ pending: 1 });
  });

  it('comes after its children, and they follow it', async () => {
    expect(
      await send(message('m'), { type: 'file', id: 'f', message_id: 'm', conversation_id: 't' }),
    ).toMatchObject({ pending: 2 });
    expect(await send(thread('t'))).toMatchObject({ released: 2 });
    const ann = await personalOf('ann');
    expect([await idsIn(ann, 'messages'), await idsIn(ann, 'files')]).toEqual([['m'], ['f']]);
    expect(await test.rows(workspaceId, 'ingest_pending')).toEqual([]);
    expect(await send(message('m2'), thread('t'), thread('t2'), message('m3', 't2'))).toMatchObject({
      pending: 0,
    });
    expect(await idsIn(ann, 'messages')).toEqual(['m', 'm2', 'm3']);
  });

  it('is told apart from a conversation of that id in the team’s workspace', async () => {
    await send({ type: 'conversation', id: 't' }, message('team'));
    await send(thread('t'), message('mine', 't', { workspace_id: null }), message('theirs'));
    expect(await idsIn(await personalOf('ann'), 'messages')).toEqual(['mine']);
    expect(await idsIn(workspaceId, 'messages')).toEqual(['team', 'theirs']);
    expect(await send({ type: 'conversation', id: 't', op: 'delete' })).toMatchObject({
      accepted: { deleted: 1 },
    });
    expect(await idsIn(workspaceId, 'conversations')).toEqual([]);
    expect(await idsIn(await personalOf('ann'), 'conversations')).toEqual(['t']);
  });

  it('is refused for another account while the first one has it', async () => {
    await send(thread('t'));
    expect((await send(thread('t', 'bob'))).rejected).toMatchObject([
      { line: 1, code: 'ingest.thread_taken', field: 'account_id' },
    ]);
    await send({ type: 'conversation', id: 't', op: 'delete' });
    expect(await send(thread('t', 'bob'))).toMatchObject({ accepted: { inserted: 1 } });
  });

  it('of one id may belong to several accounts where it is no thread', async () => {
    const memory = (account: string) => ({
      type: 'memory',
      id: 'y',
      account_id: account,
      scope: 'user',
      body: account,
    });
    await send(memory('ann'), memory('bob'), memory('ann'));
    expect(await test.rows((await personalOf('ann'))!, 'memories')).toMatchObject([{ body: 'ann' }]);
    expect(await test.rows((await personalOf('bob'))!, 'memories')).toMatchObject([{ body: 'bob' }]);
  });

  it('of hundreds of accounts in one body is stored for each', async () => {
    const lines = Array.from({ length: 240 }, (_, index) => [
      message(`m${index}`, `t${index}`),
      thread(`t${index}`, `acc${index % 120}`),
    ]).flat();
    expect(await send(...lines)).toMatchObject({ accepted: { inserted: 480 } });
    expect(await idsIn(await personalOf('acc7'), 'messages')).toEqual(['m127', 'm7']);
    expect(await test.send(workspaceId, lines, { atomic: true })).toMatchObject({
      accepted: { inserted: 0 },
      pending: 0,
    });
  });
});

describe('workspaces of one host product', () => {
  it('share the personal ones, even when two make them at once', async () => {
    const sibling = await test.createWorkspaceOf(product);
    const lines = Array.from({ length: 100 }, (_, index) => thread(`t${index}`, `acc${index}`));
    await Promise.all([sendTo(workspaceId, ...lines), sendTo(sibling, ...lines.toReversed())]);
    const made = await test.asSuperuser('select from workspaces where product = $1', [product]);
    expect(made).toHaveLength(102);
    await sendTo(sibling, message('m', 't5'));
    expect(await idsIn(await personalOf('acc5'), 'messages')).toEqual(['m']);
  });

  it('of another one see nothing of them and reach nothing in them', async () => {
    const foreign = await test.createWorkspaceOf(newId('prd'));
    await send(thread('t'), message('m', 't', { body: 'secret' }));
    const ann = await personalOf('ann');
    const before = [await test.rows(ann!, 'conversations'), await test.rows(ann!, 'messages')];
    const results = [
      await sendTo(foreign, message('m', 't', { body: 'x' })),
      await sendTo(foreign, message('n', 't', { workspace_id: null })),
      await sendTo(foreign, { type: 'conversation', id: 't', op: 'patch', subject: 'x' }),
      await sendTo(foreign, { type: 'conversation', id: 't', op: 'delete' }),
      await sendTo(foreign, {
        type: 'conversation',
        id: 't',
        op: 'delete',
        workspace_id: null,
        account_id: 'ann',
      }),
      await sendTo(foreign, { type: 'message', id: 'm', op: 'delete', conversation_id: 't' }),
    ];
    for (const { accepted } of results)
      expect(accepted).toEqual({ inserted: 0, updated: 0, deleted: 0, merged: 0 });
    expect([await test.rows(ann!, 'conversations'), await test.rows(ann!, 'messages')]).toEqual(before);
    expect(await sendTo(foreign, thread('t'))).toMatchObject({ accepted: { inserted: 1 }, released: 1 });
    expect([await test.rows(ann!, 'conversations'), await test.rows(ann!, 'messages')]).toEqual(before);
  });
});
