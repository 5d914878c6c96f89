import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { parse } from 'csv-parse/sync';
import { recordEvent } from '../../src/audit/record-event.ts';
import { plantMember } from '../support/people.ts';
import { createTestDatabase, type TestDatabase } from '../support/test-database.ts';
import { startTestServer, type TestServer } from '../support/test-server.ts';

let db: TestDatabase;
let server: TestServer;
beforeAll(async () => {
  db = await createTestDatabase();
  server = await startTestServer(db.database);
});
afterAll(async () => {
  await server.stop();
  await db.drop();
});

interface Event {
  seq: number;
  action: string;
  [more: string]: unknown;
}

/** A workspace with six events, the third about a person, and its owner. */
async function createLog() {
  const workspaceId = await db.createWorkspace();
  const owner = await plantMember(db, workspaceId, 'owner');
  for (let i = 1; i <= 6; i++) {
    await db.database.inScope({ workspaceId }, (transaction) =>
      recordEvent(transaction, workspaceId, {
        action: i % 2 === 0 ? 'export.requested' : 'member.changed',
        actor: {
          type: i === 6 ? 'system' : 'user',
          ref: `usr_${i % 3}`,
          ...(i === 6 ? {} : { name: `=Ann, "${i}"` }),
        },
        target: { type: 'api_key', ref: `key_${i}` },
        outcome: i === 4 ? 'denied' : 'success',
        interface: 'web',
        details: { i },
        ...(i === 6
          ? {}
          : {
              personal: {
                ip: '203.0.113.9',
                user_agent: 'curl/8',
                names: { member: 'Zoë' },
                changes: { role: { before: 'viewer', after: 'admin' } },
              },
              subjectRef: `con_${i}`,
            }),
      }),
    );
  }
  const get = async (path: string, headers: Record<string, string> = owner.headers) => {
    const reply = await fetch(server.url + path, { headers });
    const text = await reply.text();
    return { reply, status: reply.status, text, json: () => JSON.parse(text) };
  };
  const list = async (query = '') =>
    (await get(`/v1/audit-log${query}`)).json() as { events: Event[]; next_cursor: string | null };
  const seqs = async (query: string) => (await list(query)).events.map(({ seq }) => seq);
  return { workspaceId, owner, get, list, seqs };
}

describe('reading the log', () => {
  test('gives the newest first, with the personal part taken apart', async () => {
    const { list } = await createLog();
    const { events, next_cursor } = await list();
    expect(events.map(({ seq }) => seq)).toEqual([6, 5, 4, 3, 2, 1]);
    expect(next_cursor).toBeNull();
    expect(events[1]).toMatchObject({
      action: 'member.changed',
      actor: { type: 'user', ref: 'usr_2' },
      actor_name: '=Ann, "5"',
      target: { type: 'api_key', ref: 'key_5' },
      ip: '203.0.113.9',
      user_agent: 'curl/8',
      changes: { role: { before: 'viewer', after: 'admin' } },
      personal: { names: { member: 'Zoë' } },
      details: { i: 5 },
      body_erased: false,
    });
    expect(events[0]).toMatchObject({ actor_name: null, ip: null, changes: null, body_erased: false });
    expect(JSON.stringify(events)).not.toContain('salt');
  });

  test('what it can say was done is listed, each action with a sentence', async () => {
    const { get } = await createLog();
    const { actions } = (await get('/v1/audit-log/actions')).json();
    expect(actions).toContainEqual({ action: 'member.removed', doc: 'Somebody is no longer a member.' });
  });

  test('is narrowed by actor, action, prefix, target, outcome and time, and by several together', async () => {
    const { seqs, list, get } = await createLog();
    expect(await seqs('?actor=usr_1')).toEqual([4, 1]);
    expect(await seqs('?action=export.requested')).toEqual([6, 4, 2]);
    expect(await seqs('?action=export.*&action=member.changed&limit=3')).toEqual([6, 5, 4]);
    expect(await seqs('?action=export.*&outcome=success')).toEqual([6, 2]);
    expect(await seqs('?target=key_5')).toEqual([5]);
    expect(await seqs('?outcome=denied')).toEqual([4]);
    expect(await seqs('?actor=usr_2&action=webhook.*')).toEqual([]);
    const { events } = await list();
    const at = events[2]!['at'] as string;
    expect((await seqs(`?to=${at}`)).every((seq) => seq < 4)).toBe(true);
    expect(await seqs(`?from=${at}`)).toContain(4);
    for (const bad of [
      'action=export',
      'action=nothing.*',
      'outcome=good',
      'from=yesterday',
      'limit=0',
      'limit=101',
      'who=x',
      'cursor=%2B',
    ])
      expect((await get(`/v1/audit-log?${bad}`)).json()).toMatchObject({
        status: 400,
        code: 'http.bad_request',
      });
  });

  test('pages with an opaque cursor, and the link goes on with the same filter', async () => {
    const { get, list } = await createLog();
    const first = await get('/v1/audit-log?action=export.*&limit=2');
    expect(first.json().events.map(({ seq }: Event) => seq)).toEqual([6, 4]);
    const [, next] = /<([^>]+)>; rel="next"/.exec(first.reply.headers.get('link')!)!;
    const second = await get(next!);
    expect(second.json().events.map(({ seq }: Event) => seq)).toEqual([2]);
    expect(second.json().next_cursor).toBeNull();
    expect((await list('?limit=6')).next_cursor).toBeNull();
  });

  test('says where a personal part was erased, and still shows who acted on what', async () => {
    const { list, workspaceId } = await createLog();
    await db.asSuperuser(`delete from audit_bodies where workspace_id = $1 and subject_ref = 'con_3'`, [
      workspaceId,
    ]);
    const [event] = (await list('?target=key_3')).events;
    expect(event).toMatchObject({
      seq: 3,
      actor: { ref: 'usr_0' },
      actor_name: null,
      ip: null,
      body_erased: true,
    });
    expect(JSON.stringify(event)).not.toContain('Zoë');
  });

  test('is for those who may: a viewer is refused, another workspace’s owner sees none of it', async () => {
    const { workspaceId, get } = await createLog();
    const viewer = await plantMember(db, workspaceId, 'viewer');
    const elsewhere = await plantMember(db, await db.createWorkspace(), 'owner');
    for (const path of ['', '/export', '/verify', '/checkpoints']) {
      expect((await get(`/v1/audit-log${path}`, viewer.headers)).status).toBe(403);
      expect((await get(`/v1/audit-log${path}`, {})).status).toBe(401);
    }
    expect((await get('/v1/audit-log', elsewhere.headers)).json().events).toEqual([]);
    expect((await get('/v1/audit-log/export?format=ndjson', elsewhere.headers)).text).not.toContain('key_1');
  });
});

describe('exporting the log', () => {
  test('as CSV has the columns of K-15 and of the chain, newest first', async () => {
    const { get } = await createLog();
    const { text, reply } = await get('/v1/audit-log/export');
    const day = new Date().toISOString().slice(0, 10);
    expect(reply.headers.get('content-disposition')).toContain(
      `attachment; filename="convey-audit-log-${day}.csv"`,
    );
    expect(reply.headers.get('x-content-type-options')).toBe('nosniff');
    const lines = text.split('\r\n');
    expect(lines[0]).toBe(
      'Timestamp,Actor,Action,Target type,Target id,IP,Changes,Seq,Hash,Previous hash,Record',
    );
    expect(lines.at(-1)).toBe('');
    const rows = parse(text, { columns: true, record_delimiter: '\r\n' }) as Record<string, string>[];
    expect(rows.map((row) => row['Seq'])).toEqual(['6', '5', '4', '3', '2', '1']);
    expect(rows[0]).toMatchObject({ Actor: 'system', IP: '', Changes: '' });
    expect(rows[1]).toMatchObject({
      Timestamp: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+00:00$/),
      Actor: '=Ann, "5"',
      Action: 'member.changed',
      'Target type': 'ApiKey',
      'Target id': 'key_5',
      IP: '203.0.113.9',
      Changes: '{"role":{"after":"admin","before":"viewer"}}',
      'Previous hash': rows[2]!['Hash'],
    });
    expect(JSON.parse(rows[1]!['Record']!)).toMatchObject({
      event: { seq: 5 },
      body: { subject_ref: 'con_5' },
    });
    const spreadsheet = (await get('/v1/audit-log/export?profile=spreadsheet')).reply;
    expect(spreadsheet.status).toBe(200);
    expect((await get('/v1/audit-log/export?profile=spreadsheet')).text).toContain(`"'=Ann, ""5"""`);
  });

  test('as JSON and NDJSON says that it is complete', async () => {
    const { get, workspaceId } = await createLog();
    const json = (await get('/v1/audit-log/export?format=json')).json();
    expect(json).toMatchObject({ kind: 'audit_log', workspace_id: workspaceId, complete: true });
    expect(json.counts.events).toBe(json.events.length);
    const ndjson = (await get('/v1/audit-log/export?format=ndjson&action=member.*')).text
      .trimEnd()
      .split('\n');
    expect(ndjson.map((line) => JSON.parse(line).event?.seq)).toEqual([5, 3, 1, undefined]);
    expect(JSON.parse(ndjson[3]!)).toEqual({
      _end: true,
      records: 3,
      sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
    });
    const none = (await get('/v1/audit-log/export?format=json&actor=nobody')).json();
    expect(none).toMatchObject({ events: [], counts: { events: 0 }, complete: true });
  });

  test('as ECS and OCSF puts what fits into their fields', async () => {
    const { get, workspaceId } = await createLog();
    const ecs = JSON.parse(
      (await get('/v1/audit-log/export?format=ecs&outcome=denied')).text.split('\n')[0]!,
    );
    expect(ecs).toMatchObject({
      event: {
        action: 'export.requested',
        outcome: 'failure',
        kind: 'event',
        sequence: 4,
        id: `${workspaceId}:4`,
      },
      user: { id: 'usr_1', name: '=Ann, "4"' },
      source: { ip: '203.0.113.9' },
      organization: { id: workspaceId },
    });
    const ocsf = JSON.parse(
      (await get('/v1/audit-log/export?format=ocsf&target=key_5')).text.split('\n')[0]!,
    );
    expect(ocsf).toMatchObject({
      class_uid: 3001,
      category_uid: 3,
      type_uid: 300_107,
      status_id: 1,
      metadata: { version: '1.3.0', sequence: 5 },
      src_endpoint: { ip: '203.0.113.9' },
    });
  });

  test('is written down with format, lines and bytes; whose events were asked for stays erasable', async () => {
    const { get, list, workspaceId } = await createLog();
    const { text } = await get('/v1/audit-log/export?actor=usr_1&action=export.*');
    const events = await vi.waitFor(
      async () => {
        const { events } = await list('?action=audit.exported');
        expect(events).toHaveLength(1);
        return events;
      },
      { timeout: 20_000 },
    );
    expect(events[0]).toMatchObject({
      outcome: 'success',
      details: {
        format: 'csv',
        lines: 1,
        bytes: Buffer.byteLength(text),
        filtered_by: ['actor', 'actions'],
        upto: { seq: 6 },
      },
      personal: { filter: { actor: 'usr_1' } },
      ip: '127.0.0.1',
    });
    expect(JSON.stringify(events[0]!['details'])).not.toContain('usr_1');
    const verified = (await get('/v1/audit-log/verify')).json();
    expect(verified).toMatchObject({ valid: true, events: 7, last_seq: 7, problem: null });
    expect((await list('?action=audit.verified')).events).toMatchObject([
      { details: { valid: true, events: 7, erased_bodies: 0 } },
    ]);
    await db.asSuperuser(
      `set session_replication_role = replica; update audit_events set outcome = 'failed' where workspace_id = '${workspaceId}' and seq = 2`,
    );
    expect((await get('/v1/audit-log/verify')).json()).toMatchObject({
      valid: false,
      problem: { seq: 2 },
      message: expect.stringContaining('NOT valid, at event 2'),
    });
  });

  test('needs the feature in the workspace’s plan; reading and verifying do not', async () => {
    const { get, workspaceId } = await createLog();
    await db.asSuperuser(`update workspaces set plan_features = '{}' where id = $1`, [workspaceId]);
    expect((await get('/v1/audit-log/export')).json()).toMatchObject({
      status: 403,
      code: 'access.plan_required',
    });
    expect((await get('/v1/audit-log')).status).toBe(200);
    expect((await get('/v1/audit-log/verify')).status).toBe(200);
  });

  test('a log is verified six times a minute by one person, and read as before', async () => {
    const { get } = await createLog();
    const statuses = [];
    for (let i = 0; i < 7; i++) statuses.push((await get('/v1/audit-log/verify')).status);
    expect(statuses).toEqual([200, 200, 200, 200, 200, 200, 429]);
    expect((await get('/v1/audit-log')).status).toBe(200);
  });

  test('cannot be started, nor a verification, by another site in somebody’s browser', async () => {
    const { get, list, owner } = await createLog();
    const headers = { ...owner.headers, 'sec-fetch-site': 'cross-site' };
    for (const path of ['export', 'verify'])
      expect((await get(`/v1/audit-log/${path}`, headers)).json()).toMatchObject({ code: 'http.cross_site' });
    expect((await list('?action=audit.*')).events).toEqual([]);
  });

  test('is refused to HTTP/1.0, which cannot tell a whole file from a short one', async () => {
    const { owner } = await createLog();
    const { hostname, port } = new URL(server.url);
    const answer = await new Promise<string>((resolve, reject) => {
      let text = '';
      const socket = connect(Number(port), hostname, () => {
        const lines = Object.entries(owner.headers).map(([name, value]) => `${name}: ${value}\r\n`);
        socket.write(`GET /v1/audit-log/export HTTP/1.0\r\n${lines.join('')}\r\n`);
      });
      socket.on('data', (chunk) => (text += String(chunk)));
      socket.on('end', () => resolve(text));
      socket.on('error', reject);
    });
    expect(answer).toContain(' 505 ');
    expect(answer).toContain('audit.needs_http_1_1');
    expect(answer).not.toContain('Record');
  });
});

test('a download of an export stands in the log with its bytes and where it went', async () => {
  const { get, list } = await createLog();
  const { text } = await get('/v1/workspace/export');
  await vi.waitFor(
    async () =>
      expect((await list('?action=export.downloaded')).events).toMatchObject([
        { ip: '127.0.0.1', details: { bytes: Buffer.byteLength(text), kind: 'workspace' } },
      ]),
    { timeout: 20_000 },
  );
});
