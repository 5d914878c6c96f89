import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { recordTables, tables } from '../../src/catalog/catalog.ts';
import { Database, type Transaction } from '../../src/database/connect.ts';
import type { Scope } from '../../src/database/scope.ts';
import { Snapshot } from '../../src/database/snapshot.ts';
import { createTestDatabase, type TestDatabase } from '../support/test-database.ts';

// Wall 2, inside a workspace: what a scope with audiences, or without internal rows, sees of every record table.
// No statement here names an audience: the database alone keeps rows back.

let db: TestDatabase;
let workspaceId: string;

/** Which rows of a table a scope sees, by id. */
interface Verdict {
  /** All rows, which a scope without limits sees. */
  all: string[];
  /** What a scope of audience `a` sees. */
  ofA: string[];
  /** Rows that a scope without internal ones does not see. */
  internal?: string[];
}

/** A new record table needs a verdict here, and a policy in the migration that makes it. */
const VERDICTS: Readonly<Record<string, Verdict>> = {
  accounts: { all: ['acc'], ofA: [] },
  workspace_memberships: { all: ['mem'], ofA: [] },
  subscriptions: { all: ['sub'], ofA: [] },
  // pa owns a conversation of a, pj joined one; pb and pk are the same of b; pn talked to nobody.
  contacts: { all: ['pa', 'pb', 'pj', 'pk', 'pn'], ofA: ['pa', 'pj'] },
  knowledge_sources: { all: ['ka', 'kb'], ofA: ['ka'] },
  flows: { all: ['flow'], ofA: [] },
  conversations: { all: ['ca', 'cb'], ofA: ['ca'] },
  conversation_participants: { all: ['ca/pj', 'cb/pk'], ofA: ['ca/pj'] },
  messages: {
    all: ['ma', 'ma-note', 'mb', 'mb-note'],
    ofA: ['ma', 'ma-note'],
    internal: ['ma-note', 'mb-note'],
  },
  events: { all: ['ea', 'eb'], ofA: ['ea'], internal: ['ea', 'eb'] },
  tickets: { all: ['ta', 'tb', 'tn'], ofA: ['ta'] },
  ticket_messages: { all: ['ra', 'ra-note', 'rb', 'rn'], ofA: ['ra', 'ra-note'], internal: ['ra-note'] },
  files: { all: ['fa', 'fb', 'fn'], ofA: ['fa'] },
  memories: { all: ['memory'], ofA: [] },
};
/** Convey's own rows that name records. */
const WORKINGS: Readonly<Record<string, string>> = {
  contact_aliases: 'id',
  tombstones: 'ref',
  ingest_pending: 'id',
};

beforeAll(async () => {
  db = await createTestDatabase();
  workspaceId = await db.createWorkspace('scoped');
  const stamp = `now(), 1, pg_current_xact_id()`;
  const insert = (table: string, columns: string, ...rows: string[]) =>
    db.asSuperuser(
      `insert into ${table} (workspace_id, ref, created_at, written_at, changed_epoch, changed_xid, ${columns})
       values ${rows.map((row) => `('${workspaceId}', gen_random_uuid()::text, now(), ${stamp}, ${row})`).join(', ')}`,
    );
  const plain = (table: string, columns: string, ...rows: string[]) =>
    db.asSuperuser(
      `insert into ${table} (workspace_id, ${columns}) values ${rows.map((row) => `('${workspaceId}', ${row})`).join(', ')}`,
    );
  await insert('accounts', 'id', `'acc'`);
  await insert('workspace_memberships', 'id, account_id', `'mem', 'acc'`);
  await insert('subscriptions', 'id, account_id', `'sub', 'acc'`);
  await insert('memories', 'id, account_id, scope', `'memory', 'acc', 'workspace'`);
  await insert('flows', 'id', `'flow'`);
  await insert('knowledge_sources', 'id, kind, audience', `'ka', 'text', 'a'`, `'kb', 'text', 'b'`);
  await insert('contacts', 'id, kind', ...['pa', 'pb', 'pj', 'pk', 'pn'].map((id) => `'${id}', 'customer'`));
  await insert(
    'conversations',
    'id, contact_id, status, audience',
    `'ca', 'pa', 'open', 'a'`,
    `'cb', 'pb', 'open', 'b'`,
  );
  await plain('conversation_participants', 'conversation_id, contact_id', `'ca', 'pj'`, `'cb', 'pk'`);
  await insert(
    'messages',
    'id, conversation_id, author_kind, is_internal',
    `'ma', 'ca', 'contact', false`,
    `'ma-note', 'ca', 'teammate', true`,
    `'mb', 'cb', 'contact', false`,
    `'mb-note', 'cb', 'teammate', true`,
  );
  await insert(
    'events',
    'id, conversation_id, kind, occurred_at',
    `'ea', 'ca', 'created', now()`,
    `'eb', 'cb', 'created', now()`,
  );
  await insert(
    'tickets',
    'id, contact_id, conversation_id',
    `'ta', 'pa', 'ca'`,
    `'tb', 'pb', 'cb'`,
    `'tn', 'pa', null`,
  );
  await insert(
    'ticket_messages',
    'id, ticket_id, is_internal',
    `'ra', 'ta', false`,
    `'ra-note', 'ta', true`,
    `'rb', 'tb', false`,
    `'rn', 'tn', false`,
  );
  await insert(
    'files',
    'id, kind, conversation_id, contact_id',
    `'fa', 'upload', 'ca', 'pa'`,
    `'fb', 'upload', 'cb', 'pb'`,
    `'fn', 'upload', null, 'pa'`,
  );
  await plain('contact_aliases', 'id, contact_id, merged_at', `'old', 'pa', now()`);
  await plain(
    'tombstones',
    'ref, dataset, reason, deleted_at, changed_epoch, changed_xid',
    `'gone', 'messages', 'deleted', now(), 1, pg_current_xact_id()`,
  );
  await plain(
    'ingest_pending',
    'id, type, record_id, parent_table, parent_id, received_at',
    `'late', 'message', 'mx', 'conversations', 'cx', now()`,
  );
});
afterAll(() => db.drop());

const idOf = (table: string) =>
  table === 'conversation_participants' ? `conversation_id || '/' || contact_id` : (WORKINGS[table] ?? 'id');

async function visible(transaction: Transaction, table: string): Promise<string[]> {
  const rows = await transaction.query<{ id: string }>(`select ${idOf(table)} as id from ${table}`);
  return rows.map(({ id }) => id).sort();
}

const seen = (scope: Omit<Scope, 'workspaceId'>, table: string) =>
  db.database.inScope({ workspaceId, ...scope }, (transaction) => visible(transaction, table));

test('every record table has a verdict', () => {
  expect(Object.keys(VERDICTS).sort()).toEqual(recordTables.map(({ name }) => name).sort());
});

test('every table with internal rows has a verdict on them', () => {
  const withInternal = tables.filter(
    ({ internalRows, name }) => internalRows !== undefined || name === 'events',
  );
  expect(withInternal.map(({ name }) => name).sort()).toEqual(
    Object.keys(VERDICTS)
      .filter((name) => VERDICTS[name]!.internal !== undefined)
      .sort(),
  );
});

describe.each(Object.entries(VERDICTS))('%s', (table, { all, ofA, internal = [] }) => {
  const shown = (ids: string[]) => ids.filter((id) => !internal.includes(id));

  test('a scope without limits sees all, one of audience a what belongs to it, one of none nothing', async () => {
    expect(await seen({}, table)).toEqual(all);
    expect(await seen({ audiences: ['a'] }, table)).toEqual(ofA);
    expect(await seen({ audiences: ['a', 'none'] }, table)).toEqual(ofA);
    expect(await seen({ audiences: [] }, table)).toEqual([]);
    expect(await seen({ audiences: ['A'] }, table)).toEqual([]);
  });

  test('a scope that hides what is internal sees the rest', async () => {
    expect(await seen({ hidesInternal: true }, table)).toEqual(shown(all));
    expect(await seen({ hidesInternal: true, audiences: ['a'] }, table)).toEqual(shown(ofA));
    expect(await seen({ hidesInternal: false }, table)).toEqual(all);
  });

  test('another workspace’s scope sees nothing, whatever its audiences', async () => {
    for (const scope of [{}, { audiences: ['a', 'b'] }]) {
      const rows = await db.database.inScope({ workspaceId: 'wsp_other', ...scope }, (transaction) =>
        visible(transaction, table),
      );
      expect(rows).toEqual([]);
    }
  });

  test('without a scope nothing is seen', async () => {
    expect(await db.database.inSystem((transaction) => visible(transaction, table))).toEqual([]);
  });
});

test.each(Object.keys(WORKINGS))(
  '%s tells no audience, so a limited scope sees none of it',
  async (table) => {
    expect(await seen({}, table)).toHaveLength(1);
    expect(await seen({ audiences: ['a', 'b'] }, table)).toEqual([]);
    expect(await db.database.inSystem((transaction) => visible(transaction, table))).toEqual([]);
  },
);

describe('odd names of audiences', () => {
  const ODD = [
    'NULL',
    'null',
    '',
    ' ',
    '{}',
    '{',
    '}',
    ',',
    'x,y',
    '"',
    '\\',
    '\\"',
    `'`,
    `''; drop table contacts; --`,
    'x","y',
    'x"',
    '"x"',
    '{"x"}',
    '(x)',
    '\n',
    '\t',
    'é',
    '漢字',
    '🙂',
    '%',
    '$1',
    'x\\,y',
    'on',
    'x ',
  ];

  beforeAll(async () => {
    for (const [index, audience] of ODD.entries()) {
      await db.asSuperuser(
        `insert into conversations (workspace_id, id, ref, status, audience, created_at, written_at, changed_epoch, changed_xid)
         values ($1, $2, $2, 'open', $3, now(), now(), 1, pg_current_xact_id())`,
        [workspaceId, `odd-${index}`, audience],
      );
    }
  });
  afterAll(() => db.asSuperuser(`delete from conversations where id like 'odd-%'`));

  const of = (audiences: string[]) =>
    db.database.inScope({ workspaceId, audiences }, (transaction) =>
      transaction.query<{ audience: string }>('select audience from conversations'),
    );

  test.each(ODD.map((name) => [name]))('%j opens its own audience and no other', async (audience) => {
    expect(await of([audience])).toEqual([{ audience }]);
  });

  test('all of them together open all of them, and neither a nor b', async () => {
    expect((await of(ODD)).map(({ audience }) => audience).sort()).toEqual([...ODD].sort());
  });

  test('a name that PostgreSQL cannot hold is refused, not cut', async () => {
    for (const name of ['a\0', 'a\ud800']) {
      await expect(of([name])).rejects.toMatchObject({ code: 'database.bad_text' });
    }
  });
});

describe('a scope ends with its transaction', () => {
  const limited = { audiences: ['a'], hidesInternal: true } as const;
  const settings = `select coalesce(current_setting('convey.workspace_id', true), '') || '|' ||
    coalesce(current_setting('convey.audiences', true), '') || '|' ||
    coalesce(current_setting('convey.hides_internal', true), '') as settings, pg_backend_pid() as pid`;

  test('the next transaction on the same connection inherits nothing, however the one before ended', async () => {
    const one = new Database(db.url, { maxConnections: 1 });
    const pids = new Set<number>();
    const look = async (transaction: Transaction) => {
      const [row] = await transaction.query<{ settings: string; pid: number }>(settings);
      pids.add(row!.pid);
      return row!.settings;
    };
    const isNothing = '||';
    try {
      const first = await one.inScope({ workspaceId, ...limited }, async (transaction) => ({
        settings: await look(transaction),
        messages: await visible(transaction, 'messages'),
      }));
      expect(first).toEqual({ settings: `${workspaceId}|{"a"}|on`, messages: ['ma'] });
      expect(await one.inSystem(look)).toBe(isNothing);
      expect(await one.inScope({ workspaceId }, look)).toBe(`${workspaceId}||`);
      expect(
        await one.inScope({ workspaceId }, (transaction) => visible(transaction, 'messages')),
      ).toHaveLength(4);

      const failing = one.inScope({ workspaceId, ...limited }, (transaction) =>
        transaction.query('select no_such_column from messages'),
      );
      await expect(failing).rejects.toThrow('no_such_column');
      expect(await one.inSystem(look)).toBe(isNothing);
      expect(await one.inSystem((transaction) => visible(transaction, 'messages'))).toEqual([]);
      const threw = one.inScope({ workspaceId }, () => Promise.reject(new Error('work failed')));
      await expect(threw).rejects.toThrow('work failed');
      const rows = await one.querySystem<{ settings: string; pid: number }>(settings);
      expect(rows[0]!.settings).toBe(isNothing);
      expect(await one.querySystem('select id from messages')).toEqual([]);
      pids.add(rows[0]!.pid);
      expect(pids.size).toBe(1);
    } finally {
      await one.close();
    }
  });

  test('nor does the next snapshot on the same connection', async () => {
    const pids = new Set<number>();
    const through = async (scope: Omit<Scope, 'workspaceId'>) => {
      const snapshot = await Snapshot.open({
        url: db.url,
        scope: { workspaceId, ...scope },
        signal: new AbortController().signal,
        maxAgeMs: 60_000,
        givesWay: false,
      });
      const rows = await snapshot.query<{ id: string }>('select id from messages order by id');
      for (const pid of snapshot.backendPids) pids.add(pid);
      await snapshot.close({ isClean: true });
      return rows.map(({ id }) => id);
    };
    expect(await through(limited)).toEqual(['ma']);
    expect(await through({})).toEqual(['ma', 'ma-note', 'mb', 'mb-note']);
    expect(await through({ audiences: [] })).toEqual([]);
    expect(await through({ audiences: ['b'] })).toEqual(['mb', 'mb-note']);
    expect(pids.size).toBe(1);
  });

  test('a setting that is no array is an error, never “all”', async () => {
    // An array that PostgreSQL cannot read is an error, never “all”.
    const forged = db.database.inScope({ workspaceId, audiences: ['a'] }, async (transaction) => {
      await transaction.query(`select set_config('convey.audiences', 'not an array', true)`);
      return visible(transaction, 'conversations');
    });
    await expect(forged).rejects.toThrow('malformed array literal');
  });
});

describe('writing in a limited scope', () => {
  const write = (sql: string, scope: Omit<Scope, 'workspaceId'> = { audiences: ['a'] }) =>
    db.database.inScope({ workspaceId, ...scope }, (transaction) => transaction.query(sql));
  const stamps = `gen_random_uuid()::text, now(), now(), 1, pg_current_xact_id()`;
  const columns = 'workspace_id, ref, created_at, written_at, changed_epoch, changed_xid';
  const refused = { code: '42501' };

  test('what would lie outside of the scope is refused', async () => {
    const values = (rest: string) => `values ('${workspaceId}', ${stamps}, ${rest})`;
    for (const sql of [
      `insert into conversations (${columns}, id, status, audience) ${values(`'new', 'open', 'b'`)}`,
      `insert into messages (${columns}, id, conversation_id, author_kind) ${values(`'new', 'cb', 'contact'`)}`,
      `insert into events (${columns}, id, conversation_id, kind, occurred_at) ${values(`'new', 'cb', 'tagged', now()`)}`,
      `insert into accounts (${columns}, id) ${values(`'new'`)}`,
      `insert into contacts (${columns}, id, kind) ${values(`'new', 'lead'`)}`,
      `insert into files (${columns}, id, kind) ${values(`'new', 'upload'`)}`,
      `update conversations set audience = 'b'`,
      `update knowledge_sources set audience = 'b'`,
      `update messages set conversation_id = 'cb'`,
    ]) {
      await expect(write(sql), sql).rejects.toMatchObject(refused);
    }
    const note = `insert into messages (${columns}, id, conversation_id, author_kind, is_internal) ${values(`'new', 'ca', 'teammate', true`)}`;
    await expect(write(note, { hidesInternal: true })).rejects.toMatchObject(refused);
    await expect(
      write(`update messages set is_internal = true`, { hidesInternal: true }),
    ).rejects.toMatchObject(refused);
  });

  test('rows outside of the scope are neither changed nor deleted', async () => {
    for (const table of ['messages', 'events', 'files', 'tickets', 'knowledge_sources', 'accounts']) {
      const foreign = VERDICTS[table]!.all.filter((id) => !VERDICTS[table]!.ofA.includes(id));
      const list = foreign.map((id) => `'${id}'`).join(', ');
      expect(
        await write(`update ${table} set attributes = '{"x": 1}' where id in (${list}) returning id`),
      ).toEqual([]);
      expect(await write(`delete from ${table} where id in (${list}) returning id`)).toEqual([]);
      const still = await db.asSuperuser(
        `select id from ${table} where id in (${list}) and attributes = '{}' and workspace_id = $1`,
        [workspaceId],
      );
      expect(still, table).toHaveLength(foreign.length);
    }
  });
});
