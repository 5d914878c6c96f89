import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { ConveyError } from '../errors.ts';
import type { IngestResult } from './count-outcomes.ts';
import { ingest } from './ingest.ts';
import { IngestError } from './ingest.errors.ts';
import { type IngestFixture, openIngest, sumOf, toBody } from './ingest.fixture.ts';

let test: IngestFixture;
let workspaceId: string;
beforeAll(async () => {
  test = await openIngest();
});
afterAll(() => test.drop());
beforeEach(async () => {
  workspaceId = await test.createWorkspace();
});

const send = async (...lines: (object | string)[]): Promise<IngestResult> => {
  const result = await test.send(workspaceId, lines);
  expect(sumOf(result)).toBe(result.received);
  return result;
};
const contact = (id: string, fields: object = {}) => ({ type: 'contact', id, ...fields });
const conversation = (id: string, fields: object = {}) => ({ type: 'conversation', id, ...fields });
const message = (id: string, fields: object = {}) => ({
  type: 'message',
  id,
  conversation_id: 'c',
  role: 'user',
  ...fields,
});
const contacts = () => test.rows(workspaceId, 'contacts');

describe('an upsert', () => {
  it('stores a new record with a ref, the feed’s clock and its defaults', async () => {
    const before = Date.now();
    const result = await send(contact('a', { email: 'a@b.example', tags: ['x', ''], vip: true }));
    expect(result).toMatchObject({ received: 1, accepted: { inserted: 1 }, through_line: 1 });
    expect(result.by_type['contact']).toMatchObject({ inserted: 1, updated: 0 });
    const [row] = await contacts();
    expect(row).toMatchObject({
      kind: 'contact',
      email: 'a@b.example',
      tags: ['x', ''],
      attributes: { vip: true },
      version: null,
      changed_epoch: '1',
    });
    expect(row!['ref']).toMatch(/^con_[0-9a-z]{20}$/);
    const created = row!['created_at'] as Date;
    expect(created.getTime()).toBeGreaterThanOrEqual(before - 1000);
    expect(row!['written_at']).toEqual(created);
  });

  it('replaces every field, keeps ref and creation time, and stamps the row anew', async () => {
    await send(contact('a', { name: 'Ann', phone: '1', odd: 1, created_at: '2020-01-01' }));
    const [before] = await contacts();
    expect(await send(contact('a', { name: 'Bea' }))).toMatchObject({ accepted: { updated: 1 } });
    const [after] = await contacts();
    expect(after).toMatchObject({ name: 'Bea', phone: null, attributes: {}, ref: before!['ref'] });
    expect(after!['created_at']).toEqual(new Date('2020-01-01'));
    expect(BigInt(after!['changed_xid'] as string)).toBeGreaterThan(BigInt(before!['changed_xid'] as string));
  });

  it('that says what is stored already writes nothing', async () => {
    const participants = [{ contact_id: 'a' }, { contact_id: 'b', role: 'cc' }];
    const line = conversation('c', {
      metadata: { a: [1, { b: null }] },
      tags: ['x'],
      participants,
      created_at: '2020-01-01',
    });
    await send(contact('a'), contact('b'), line);
    const before = await test.rows(workspaceId, 'conversations');
    expect(await send(line)).toMatchObject({ unchanged: 1, accepted: { updated: 0 } });
    expect(await send({ ...line, participants: participants.toReversed() })).toMatchObject({
      unchanged: 1,
    });
    expect(await test.rows(workspaceId, 'conversations')).toEqual(before);
  });

  it('older than what is stored is skipped, by version or else by time', async () => {
    const name = async () => (await contacts())[0]!['name'];
    await send(contact('a', { name: 'v5', version: 5, updated_at: '2020-01-05' }));
    expect(await send(contact('a', { name: 'v4', version: 4, updated_at: '2020-01-09' }))).toMatchObject({
      skipped_older: 1,
    });
    expect(await send(contact('a', { name: 'early', updated_at: '2020-01-04' }))).toMatchObject({
      skipped_older: 1,
    });
    expect(await name()).toBe('v5');
    expect(await send(contact('a', { name: 'same', version: 5, updated_at: '2020-01-05' }))).toMatchObject({
      accepted: { updated: 1 },
    });
    expect(await send(contact('a', { name: 'timeless' }))).toMatchObject({ accepted: { updated: 1 } });
    expect(await send(contact('a', { name: 'v1', version: 1 }))).toMatchObject({ accepted: { updated: 1 } });
    expect(await name()).toBe('v1');
  });

  it('without a time takes that of its arrival, one for the whole batch; an event’s own time counts too', async () => {
    await send(
      contact('a'),
      contact('b'),
      conversation('c'),
      { type: 'event', id: 'e1', conversation_id: 'c', kind: 'claimed', at: '2020-01-01' },
      { type: 'event', id: 'e2', conversation_id: 'c', kind: 'claimed', created_at: '2020-01-02' },
    );
    const [a, b] = await contacts();
    expect(a!['created_at']).toEqual(b!['created_at']);
    const [e1, e2] = await test.rows(workspaceId, 'events');
    expect([e1!['created_at'], e1!['occurred_at']]).toEqual([new Date('2020-01-01'), new Date('2020-01-01')]);
    expect([e2!['created_at'], e2!['occurred_at']]).toEqual([new Date('2020-01-02'), new Date('2020-01-02')]);
  });

  it('replaces the participants, of whom a change alone stamps the conversation', async () => {
    const line = conversation('c', { participants: [{ contact_id: 'a', role: 'to' }, { contact_id: 'b' }] });
    await send(contact('a'), contact('b'), contact('d'), line);
    const people = async () =>
      (await test.rows(workspaceId, 'conversation_participants')).map((row) => [
        row['contact_id'],
        row['role'],
      ]);
    expect(await people()).toEqual([
      ['a', 'to'],
      ['b', null],
    ]);
    const changed = { ...line, participants: [{ contact_id: 'b', role: 'cc' }, { contact_id: 'd' }] };
    expect(await send(changed)).toMatchObject({ accepted: { updated: 1 } });
    expect(await people()).toEqual([
      ['b', 'cc'],
      ['d', null],
    ]);
    await send({ type: 'conversation', id: 'c', op: 'patch', subject: 'kept' });
    expect(await people()).toHaveLength(2);
    await send({ ...line, version: 7 });
    await send({ ...changed, version: 6 });
    expect(await people()).toEqual([
      ['a', 'to'],
      ['b', null],
    ]);
    await send(conversation('c', { version: 8 }));
    expect(await people()).toEqual([]);
  });
});

describe('a patch', () => {
  it('changes the given fields alone; null clears, or brings the default back', async () => {
    await send(
      contact('a', {
        kind: 'lead',
        name: 'Ann',
        phone: '1',
        tags: ['x'],
        odd: 1,
        other: 2,
        created_at: '2020-01-01',
      }),
    );
    const patch = {
      type: 'contact',
      id: 'a',
      op: 'patch',
      phone: '2',
      tags: null,
      kind: null,
      odd: { now: 1 },
    };
    expect(await send(patch)).toMatchObject({ accepted: { updated: 1 } });
    expect((await contacts())[0]).toMatchObject({
      kind: 'contact',
      name: 'Ann',
      phone: '2',
      tags: null,
      attributes: { odd: { now: 1 }, other: 2 },
      created_at: new Date('2020-01-01'),
    });
    expect(await send(patch)).toMatchObject({ unchanged: 1 });
  });

  it('of what is not there is refused', async () => {
    const result = await send(contact('a'), { type: 'contact', id: 'b', op: 'patch', name: 'x' });
    expect(result.rejected).toEqual([
      { line: 2, code: 'ingest.unknown_record', field: 'id', detail: expect.any(String) },
    ]);
    expect(await contacts()).toHaveLength(1);
  });
});

describe('lines about one record in one body', () => {
  it('have the effect of one after the other', async () => {
    const result = await send(
      contact('a', { name: '1', created_at: '2020-01-01' }),
      contact('a', { name: '2' }),
      { type: 'contact', id: 'a', op: 'patch', phone: '3' },
      { type: 'contact', id: 'a', op: 'patch', name: '4', odd: 1 },
      { type: 'contact', id: 'b', op: 'delete' },
      contact('b', { name: 'late' }),
      contact('d', { version: 3, name: 'v3' }),
      contact('d', { version: 2, name: 'v2' }),
      { type: 'contact', id: 'd', op: 'patch', version: 1, name: 'v1' },
    );
    expect(result.rejected).toEqual([]);
    expect(await contacts()).toMatchObject([
      { id: 'a', name: '4', phone: '3', attributes: { odd: 1 }, created_at: new Date('2020-01-01') },
      { id: 'b', name: 'late' },
      { id: 'd', name: 'v3' },
    ]);
    await send(contact('a', { name: 'x' }), { type: 'contact', id: 'a', op: 'delete' });
    expect((await contacts()).map(({ id }) => id)).toEqual(['b', 'd']);
  });

  it('cost no transaction each, however many they are', async () => {
    const transactions = vi.spyOn(test.database, 'inScope');
    const lines = Array.from({ length: 4000 }, (_, index) =>
      contact('hot', { name: `n${index}`, version: index }),
    );
    expect(await send(...lines)).toMatchObject({ accepted: { inserted: 1 }, superseded: 3999 });
    expect(transactions.mock.calls.length).toBeLessThan(10);
    transactions.mockRestore();
    expect(await contacts()).toMatchObject([{ name: 'n3999' }]);
  });
});

describe('a body', () => {
  it('stores what is good and lists what is not, a thousand of them, all counted', async () => {
    const lines = Array.from({ length: 1500 }, (_, index) =>
      index % 3 === 0 ? contact(`c${index}`) : 'nonsense',
    );
    const result = await send(...lines);
    expect(result).toMatchObject({ received: 1500, rejected_count: 1000, accepted: { inserted: 500 } });
    const more = await send(...lines, ...lines.map(() => '{}'));
    expect(more.rejected_count).toBe(2500);
    expect(more.rejected).toHaveLength(1000);
    expect(more.rejected[0]).toMatchObject({ line: 2, code: 'ingest.bad_json' });
  });

  it('may be empty', async () => {
    expect(await send()).toMatchObject({ received: 0, through_line: 0, rejected: [] });
    expect(await send('', '  ', '\r')).toMatchObject({ received: 0 });
  });

  it('is taken while another one changes the same records: both are stored, one after the other', async () => {
    const lines = (name: string) =>
      Array.from({ length: 12_000 }, (_, index) => contact(`c${index}`, { name }));
    const results = await Promise.all([send(...lines('one')), send(...lines('two'))]);
    const sum = results.reduce((all, { accepted }) => all + accepted.inserted + accepted.updated, 0);
    expect(sum).toBe(24_000);
    expect(results[0]!.accepted.inserted + results[1]!.accepted.inserted).toBe(12_000);
    expect(await contacts()).toHaveLength(12_000);
  });

  it('never touches or sees another workspace', async () => {
    const other = await test.createWorkspace();
    await test.send(other, [contact('a', { name: 'theirs' }), conversation('c', { contact_id: 'a' })]);
    const before = await test.rows(other, 'contacts');
    await send(contact('a', { name: 'ours' }), { type: 'contact', id: 'zz', op: 'delete' });
    expect(await send(message('m'))).toMatchObject({ pending: 1 });
    expect(await send({ type: 'conversation', id: 'c', op: 'delete' })).toMatchObject({ unchanged: 1 });
    const patched = await send({ type: 'conversation', id: 'c', op: 'patch', subject: 'x' });
    expect(patched).toMatchObject({ rejected_count: 1 });
    expect(await test.rows(other, 'contacts')).toEqual(before);
    expect(await test.rows(other, 'conversations')).toHaveLength(1);
    expect(await test.rows(other, 'messages')).toEqual([]);
  });

  it('that fails midway says what was committed, which stays', async () => {
    async function* failing() {
      yield* toBody(Array.from({ length: 12_000 }, (_, index) => contact(`c${index}`)));
      await sleep(0);
      throw new Error('cut off');
    }
    const error = await ingest(test.dependencies, { workspaceId }, failing()).catch(
      (thrown: unknown) => thrown,
    );
    expect(error).toBeInstanceOf(IngestError);
    const { code, result, detail } = error as IngestError;
    expect(code).toBe('ingest.interrupted');
    expect(result).toMatchObject({ received: 10_000, accepted: { inserted: 10_000 }, through_line: 10_000 });
    expect(detail).toContain('go on from line 10001');
    expect(await contacts()).toHaveLength(10_000);
  });

  it('keeps the code of an error of its source, and stops on a cancel', async () => {
    const kind = { code: 'test.source', status: 413, title: 'Too much.' };
    async function* failing() {
      yield Buffer.from(`${JSON.stringify(contact('a'))}\n`);
      throw new ConveyError(kind, 'Enough.');
    }
    const error = await ingest(test.dependencies, { workspaceId }, failing()).catch(
      (thrown: unknown) => thrown,
    );
    expect(error).toMatchObject({ code: 'test.source', detail: 'Enough. Nothing was committed.' });
    const signal = AbortSignal.abort(new Error('stop'));
    await expect(test.send(workspaceId, [contact('a')], { signal })).rejects.toMatchObject({
      code: 'ingest.interrupted',
      cause: new Error('stop'),
    });
    expect(await contacts()).toEqual([]);
  });

  it('that the database fails in says what was committed', async () => {
    await test.asSuperuser(`alter table contacts add constraint bad_luck check (id <> 'c17000')`);
    const lines = Array.from({ length: 20_000 }, (_, index) => contact(`c${index}`));
    const error = await test.send(workspaceId, lines).catch((thrown: unknown) => thrown);
    await test.asSuperuser('alter table contacts drop constraint bad_luck');
    expect(error).toBeInstanceOf(IngestError);
    const { result, kind } = error as IngestError;
    expect(kind.status).toBe(503);
    expect(result.accepted.inserted).toBe(result.through_line);
    expect(await contacts()).toHaveLength(result.through_line);
    expect(result.through_line).toBe(15_000);
  });

  it('reports its progress after every commit', async () => {
    const seen: number[] = [];
    const lines = Array.from({ length: 11_000 }, (_, index) => contact(`c${index}`));
    await test.send(workspaceId, lines, { onProgress: ({ accepted }) => seen.push(accepted.inserted) });
    expect(seen).toEqual([5000, 10_000, 11_000]);
  });

  it('may refuse records that a screen names, in the transaction that would store them', async () => {
    const dependencies: typeof test.dependencies = {
      ...test.dependencies,
      screen: async (_transaction, _workspaceId, records) =>
        new Map(
          records
            .filter(({ id }) => id === 'erased')
            .map((record) => [record, { code: 'privacy.erased_subject', field: 'id', detail: 'No.' }]),
        ),
    };
    const lines = [contact('a'), contact('erased'), conversation('c', { contact_id: 'erased' })];
    const result = await ingest(dependencies, { workspaceId }, toBody(lines));
    expect(result).toMatchObject({ accepted: { inserted: 1 }, pending: 1, rejected_count: 1 });
    expect(result.rejected).toMatchObject([{ line: 2, code: 'privacy.erased_subject' }]);
    expect((await contacts()).map(({ id }) => id)).toEqual(['a']);
  });
});

describe('an atomic body', () => {
  const sendAtomic = (...lines: (object | string)[]) => test.send(workspaceId, lines, { atomic: true });

  it('stores everything, children before parents included', async () => {
    const result = await sendAtomic(
      message('m'),
      conversation('c', { contact_id: 'a' }),
      contact('a'),
      contact('b'),
      { type: 'contact', id: 'b', op: 'delete' },
      contact('b', { name: 'again' }),
      { type: 'contact', id: 'b', op: 'merge', into: 'a' },
    );
    expect(result).toMatchObject({
      received: 7,
      accepted: { inserted: 5, deleted: 1, merged: 1 },
      pending: 0,
    });
    expect(sumOf(result)).toBe(7);
    expect(await contacts()).toMatchObject([{ id: 'a', name: 'again' }]);
    expect(await test.rows(workspaceId, 'messages')).toHaveLength(1);
  });

  it.each([
    ['a line that cannot be read', ['nonsense'], { line: 2, code: 'ingest.bad_json' }],
    [
      'a patch of nothing',
      [{ type: 'contact', id: 'x', op: 'patch' }],
      { line: 2, code: 'ingest.unknown_record' },
    ],
    [
      'a child without its parent',
      [message('m')],
      { line: 2, code: 'ingest.unknown_parent', field: 'conversation_id' },
    ],
    [
      'a merge into nobody',
      [{ type: 'contact', id: 'x', op: 'merge', into: 'y' }],
      { line: 2, code: 'ingest.unknown_parent' },
    ],
  ])('with %s stores nothing and says why', async (_what, lines, expected) => {
    const error = (await sendAtomic(contact('a'), ...lines).catch(
      (thrown: unknown) => thrown,
    )) as IngestError;
    expect(error.code).toBe('ingest.atomic_refused');
    expect(error.kind.status).toBe(422);
    expect(error.result).toMatchObject({ received: 2, accepted: { inserted: 0 }, rejected_count: 1 });
    expect(error.result.rejected).toMatchObject([expected]);
    expect(error.fields).toHaveLength(1);
    expect(await contacts()).toEqual([]);
    expect(await test.rows(workspaceId, 'ingest_pending')).toEqual([]);
  });

  it('takes 5,000 lines and no more', async () => {
    const lines = Array.from({ length: 5001 }, (_, index) => contact(`c${index}`));
    await expect(sendAtomic(...lines)).rejects.toMatchObject({ code: 'ingest.atomic_too_long' });
    expect(await contacts()).toEqual([]);
    expect(await sendAtomic(...lines.slice(1))).toMatchObject({ accepted: { inserted: 5000 } });
    expect(await sendAtomic(...lines.slice(1), '')).toMatchObject({ unchanged: 5000 });
  });

  it('does not delete more than a transaction may', async () => {
    await send(conversation('c'), ...Array.from({ length: 6000 }, (_, index) => message(`m${index}`)));
    const deletion = { type: 'conversation', id: 'c', op: 'delete' };
    await expect(sendAtomic(contact('a'), deletion)).rejects.toMatchObject({
      code: 'ingest.change_too_large',
    });
    expect(await test.rows(workspaceId, 'messages')).toHaveLength(6000);
    expect(await contacts()).toEqual([]);
  });
});
