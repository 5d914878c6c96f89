import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { API_KEY_SCOPES, ROLES, type Role } from '../../src/access/permissions.ts';
import { isPublicRoute } from '../../src/http/route-config.ts';
import { plantMember } from '../support/people.ts';
import { createTestDatabase, type TestDatabase } from '../support/test-database.ts';
import { startTestServer, type TestServer } from '../support/test-server.ts';
import {
  type Case,
  cases,
  contract,
  type ContractRow,
  OWNERS_EXPORT,
  type RowName,
  type Thing,
} from './access-matrix.fixture.ts';
import {
  type Headers,
  plantKeys,
  plantPeople,
  plantThings,
  type Things,
  unknownThings,
} from './access-matrix-askers.fixture.ts';

// Walls 1 and 2: every operation × every role and every key scope × own and foreign workspace. What is expected
// is the contract's table, written down by hand in the fixture.

interface Operation {
  id: string;
  method: string;
  path: string;
  hasBody: boolean;
  permission: string | undefined;
  roles: string[];
  scopes: string[];
}

interface Answer {
  status: number;
  text: string;
  code: string;
  detail: string;
}

/** Refusals of the guard; other 401 and 403 (a wrong password) come from a handler that was reached. */
const REFUSALS = ['unauthenticated', 'forbidden', 'plan_required', 'no_workspace', 'network_refused'].map(
  (reason) => `access.${reason}`,
);
const AT_ONCE = 4;
const ROLES_AND_SCOPES: readonly string[] = [...ROLES, ...API_KEY_SCOPES];
/** Some 1,500 requests: ten seconds, but much more on a machine that does other things. */
const WALK_MS = 300_000;

let db: TestDatabase;
let server: TestServer;
let operations: Operation[];
let foreignWorkspace: string;
let foreign: Things;

beforeAll(async () => {
  db = await createTestDatabase();
  server = await startTestServer(db.database, { CONVEY_WEBHOOK_ALLOW: '127.0.0.0/8' });
  operations = await readOperations();
  foreignWorkspace = await db.createWorkspace('foreign');
  foreign = await plantThings(db, server.url, foreignWorkspace, 'foreign');
});
afterAll(async () => {
  await server?.stop();
  await db.drop();
});

async function readOperations(): Promise<Operation[]> {
  interface Described {
    operationId: string;
    requestBody?: object;
    security?: Record<string, string[]>[];
    'x-permission'?: string;
    'x-roles'?: string[];
  }
  const reply = await fetch(`${server.url}/openapi.json`);
  const { paths } = (await reply.json()) as { paths: Record<string, Record<string, Described>> };
  return Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, described]) => ({
      id: described.operationId,
      method: method.toUpperCase(),
      path,
      hasBody: described.requestBody !== undefined,
      permission: described['x-permission'],
      roles: described['x-roles'] ?? [],
      scopes: (described.security ?? []).flatMap(({ apiKey = [] }) => apiKey),
    })),
  );
}

const guarded = () => operations.filter(({ permission }) => permission !== undefined);
/** Those that can be asked: the first test says which others there are. */
const known = () => guarded().filter(({ id }) => cases[id] !== undefined);
const caseOf = ({ id }: Operation): Case => cases[id]!;

function addressOf(operation: Operation, things: Things): string {
  const { path = {}, query = '' } = caseOf(operation);
  const address = operation.path.replaceAll(/\{(\w+)\}/g, (_whole, name: string) => {
    const given = path[name];
    if (given === undefined) throw new Error(`${operation.id}: nothing stands for {${name}}`);
    return encodeURIComponent(given.startsWith('=') ? given.slice(1) : things[given as Thing]);
  });
  return query === '' ? address : `${address}?${query}`;
}

async function ask(operation: Operation, things: Things, headers: Headers): Promise<Answer> {
  const { body } = caseOf(operation);
  const isText = body !== undefined && 'text' in body && 'type' in body;
  const reply = await fetch(server.url + addressOf(operation, things), {
    method: operation.method,
    headers: {
      ...headers,
      ...(body === undefined ? {} : { 'content-type': isText ? body.type : 'application/json' }),
    },
    ...(body === undefined ? {} : { body: isText ? body.text : JSON.stringify(body) }),
  });
  const text = Buffer.from(await reply.arrayBuffer()).toString('latin1');
  const isProblem = reply.headers.get('content-type') === 'application/problem+json';
  const problem = isProblem ? (JSON.parse(text) as { code: string; detail?: string }) : undefined;
  return {
    status: reply.status,
    text,
    code: problem?.code ?? '',
    detail: Buffer.from(problem?.detail ?? '', 'latin1').toString(),
  };
}

/** Asks the operations, a few at once. */
async function forEachOperation(work: (operation: Operation, index: number) => Promise<void>): Promise<void> {
  const all = known().map((operation, index) => ({ operation, index }));
  // One after the other: of these only a few at once are answered.
  const isDirectExport = ({ operation: { path } }: (typeof all)[number]) => path.endsWith('/export');
  const rest = all.filter((one) => !isDirectExport(one));
  const workOff = async (queue: typeof all) => {
    for (let next = queue.shift(); next !== undefined; next = queue.shift())
      await work(next.operation, next.index);
  };
  const workers = Array.from({ length: AT_ONCE - 1 }, () => workOff(rest));
  await Promise.all([...workers, workOff(all.filter(isDirectExport))]);
}

interface Walk {
  /** One line for each operation that was not as the contract says. */
  wrong: string[];
  table: string;
}

/** Asks everything as everybody in a workspace, and compares with the contract's table. */
async function walk(
  workspaceId: string,
  table: Record<RowName, ContractRow>,
  planFeatures: 'all' | readonly string[],
): Promise<Walk> {
  const things = await plantThings(db, server.url, workspaceId, '');
  // Whose export it is and what it holds decides as well (test/access/sessions.test.ts): here it is of nobody.
  const own = { ...things, export: unknownThings(things).export };
  const people = await plantPeople(
    db,
    workspaceId,
    known().flatMap(() => ROLES),
  );
  const keys = await plantKeys(db, workspaceId);
  const wrong: string[] = [];
  const lines: string[][] = known().map(() => []);
  const denied: { asker: string; operation: string; permission: string }[] = [];

  await forEachOperation(async (operation, index) => {
    const { names = operation.permission! } = caseOf(operation);
    const row = table[caseOf(operation).row];
    const isInPlan =
      row.feature === undefined || planFeatures === 'all' || planFeatures.includes(row.feature);
    const check = (who: string, isAllowed: boolean, { status, code, detail }: Answer, asker: string) => {
      const isRefused = REFUSALS.includes(code);
      const fine = isAllowed
        ? isInPlan
          ? !isRefused && status < 500
          : status === 403 && code === 'access.plan_required'
        : status === 403 && code === 'access.forbidden' && detail.includes(`“${names}”`);
      const got = `${status} ${code} ${detail}`;
      if (!fine) wrong.push(`${operation.id} as ${who}: ${isAllowed ? 'may' : 'may not'}, got ${got}`);
      if (!isAllowed) denied.push({ asker, operation: operation.id, permission: names });
      return isRefused ? '–' : who === 'editor' && row.isByAudience === true ? 'own' : '✓';
    };

    const nobody = await ask(operation, own, {});
    if (nobody.status !== 401 || nobody.code !== 'access.unauthenticated')
      wrong.push(`${operation.id} without credentials: ${nobody.status} ${nobody.code}`);
    const cells = [`${operation.method} ${operation.path}`, String(nobody.status)];
    const owner = people[index * ROLES.length]!;
    const elsewhere = await ask(operation, own, { ...owner.headers, 'convey-workspace': foreignWorkspace });
    if (elsewhere.status !== 404) wrong.push(`${operation.id} in a foreign workspace: ${elsewhere.status}`);
    cells.push(String(elsewhere.status));
    // As whoever may do it at all: a foreign id is not found, either.
    const [scope] = row.scopes;
    const able = scope === undefined ? owner : keys.get(scope)!;
    const isAboutThing = Object.values(caseOf(operation).path ?? {}).some((part) => !part.startsWith('='));
    const strange = isAboutThing ? String((await ask(operation, foreign, able.headers)).status) : '';
    if (isAboutThing && strange !== '404') wrong.push(`${operation.id} with a foreign id: ${strange}`);
    cells.push(strange);
    // The owner comes last: what they remove is there for the others.
    const marks = new Map<Role, string>();
    for (const role of ROLES.toReversed()) {
      const asker = people[index * ROLES.length + ROLES.indexOf(role)]!;
      const answer = await ask(operation, own, asker.headers);
      marks.set(role, check(role, row.roles.includes(role), answer, asker.id));
    }
    cells.push(...ROLES.map((role) => marks.get(role)!));
    for (const [scope, asker] of keys) {
      const answer = await ask(operation, own, asker.headers);
      cells.push(check(`key with ${scope}`, row.scopes.includes(scope), answer, asker.id));
    }
    lines[index] = cells;
  });

  const events = await db.asSuperuser<{ asker: string; operation: string; permission: string }>(
    `select actor_ref as asker, details->>'operation' as operation, details->>'permission' as permission
       from audit_events where workspace_id = $1 and action = 'access.denied' and outcome = 'denied'`,
    [workspaceId],
  );
  const lineOf = (one: { asker: string; operation: string; permission: string }) =>
    `${one.operation} ${one.permission} ${one.asker}`;
  const written = new Set(events.map(lineOf));
  for (const one of denied) {
    if (!written.delete(lineOf(one))) wrong.push(`no audit event access.denied: ${lineOf(one)}`);
  }
  wrong.push(...[...written].map((line) => `an audit event access.denied too much: ${line}`));
  const head = [
    'operation',
    'nobody',
    'elsewhere',
    'foreign id',
    ...ROLES,
    ...API_KEY_SCOPES.map((scope) => scope.replace('conversations', 'convs')),
  ];
  return { wrong, table: drawTable([head, ...lines]) };
}

function drawTable(lines: string[][]): string {
  const widths = lines[0]!.map((_cell, i) => Math.max(...lines.map((line) => line[i]?.length ?? 0)));
  return lines
    .map((line) =>
      line
        .map((cell, i) => cell.padEnd(widths[i]!))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

describe('the table of operations', () => {
  test('holds every operation that is not public, each with a body if it takes one, and none that is gone', () => {
    const ids = guarded().map(({ id }) => id);
    expect(ids.filter((id) => cases[id] === undefined)).toEqual([]);
    expect(Object.keys(cases).filter((id) => !ids.includes(id))).toEqual([]);
    const withoutBody = guarded().filter((one) => one.hasBody && cases[one.id]?.body === undefined);
    expect(withoutBody.map(({ id }) => id)).toEqual([]);
  });

  test('what has no permission is on the list of public routes', () => {
    const open = operations.filter(({ permission }) => permission === undefined);
    const asRoute = ({ method, path }: Operation) => ({
      method,
      url: path.replaceAll(/\{(\w+|\*)\}/g, (_whole, name: string) => (name === '*' ? '*' : `:${name}`)),
    });
    expect(open.map(asRoute).filter((route) => !isPublicRoute(route))).toEqual([]);
  });

  const sorted = (names: readonly string[]) => ROLES_AND_SCOPES.filter((name) => names.includes(name));

  test('the OpenAPI document says of every operation what the contract says', () => {
    const said = known()
      .filter((one) => caseOf(one).names === undefined)
      .map(({ id, roles, scopes }) => ({ id, roles: sorted(roles), scopes: sorted(scopes) }));
    const expected = said.map(({ id }) => {
      const { roles, scopes } = contract[cases[id]?.row ?? 'own'];
      return { id, roles: sorted(roles), scopes: sorted(scopes) };
    });
    expect(said).toEqual(expected);
  });
});

test(
  'walls 1 and 2: every operation × every role and key scope is as contract §5 says, and each denial is in the audit log',
  async () => {
    const workspaceId = await db.createWorkspace('own');
    const { wrong, table } = await walk(workspaceId, contract, 'all');
    // oxlint-disable-next-line no-console -- the table is what the wall has to show
    console.log(
      `Who may do what (own: as far as one’s audiences reach; –: 403 and an audit event; elsewhere: an owner in a workspace they are no member of)\n${table}`,
    );
    expect(wrong).toEqual([]);
  },
  WALK_MS,
);

test(
  'walls 1 and 2: the same where exports are for owners only and the plan lacks audit_export.use',
  async () => {
    const workspaceId = await db.createWorkspace('tightened');
    const owner = await plantMember(db, workspaceId, 'owner');
    const reply = await fetch(`${server.url}/v1/settings`, {
      method: 'PATCH',
      headers: { ...owner.headers, 'content-type': 'application/json' },
      body: JSON.stringify({ tightening: OWNERS_EXPORT.tightening }),
    });
    expect(reply.status).toBe(200);
    await db.asSuperuser(`update workspaces set plan_features = '{}' where id = $1`, [workspaceId]);
    const tightened: Record<RowName, ContractRow> = { ...contract };
    for (const row of OWNERS_EXPORT.rows) tightened[row] = { ...contract[row], roles: ['owner'] };
    const { wrong, table } = await walk(workspaceId, tightened, []);
    // oxlint-disable-next-line no-console -- the table is what the wall has to show
    console.log(`The same, exports for owners only, plan without audit_export.use\n${table}`);
    expect(wrong).toEqual([]);
  },
  WALK_MS,
);

test('wall 2: a foreign id answers byte for byte like an unknown one, but for the request’s id', async () => {
  const workspaceId = await db.createWorkspace('asking');
  const wrong: string[] = [];
  const unknown = unknownThings(foreign);
  const withIds = known().filter(({ path }) => path.includes('{'));
  const people = await plantPeople(
    db,
    workspaceId,
    withIds.map(() => 'owner'),
  );
  const key = await server.authorize(workspaceId, API_KEY_SCOPES);
  const ids = [...Object.values(foreign), ...Object.values(unknown)].filter(Boolean);
  const masked = (text: string) =>
    ids.reduce((masking, id) => masking.replaceAll(id, 'ID'), text.replaceAll(/req_[a-z0-9]+/g, 'req'));
  for (const [index, operation] of withIds.entries()) {
    const { roles, scopes }: ContractRow = contract[caseOf(operation).row];
    const askers: Headers[] = [
      ...(roles.length > 0 ? [people[index]!.headers] : []),
      ...(scopes.length > 0 ? [{ ...key }] : []),
    ];
    for (const headers of askers) {
      const one = await ask(operation, foreign, headers);
      const other = await ask(operation, unknown, headers);
      if (one.status !== 404 || masked(one.text) !== masked(other.text))
        wrong.push(
          `${operation.id}: foreign ${one.status} ${one.text}; unknown ${other.status} ${other.text}`,
        );
    }
  }
  expect(wrong).toEqual([]);
  expect(withIds.length).toBeGreaterThan(10);
});

test('wall 2: a workspace that one is no member of answers like one that is not there, on every operation', async () => {
  const workspaceId = await db.createWorkspace('member-of');
  const wrong: string[] = [];
  const people = await plantPeople(
    db,
    workspaceId,
    known().flatMap(() => ['owner', 'viewer'] as const),
  );
  await forEachOperation(async (operation, index) => {
    for (const { headers } of people.slice(index * 2, index * 2 + 2)) {
      const named = async (name: string) => {
        const answer = await ask(operation, foreign, { ...headers, 'convey-workspace': name });
        return { ...answer, text: answer.text.replaceAll(/req_[a-z0-9]+/g, 'req') };
      };
      const one = await named(foreignWorkspace);
      const other = await named('nowhere');
      if (one.code !== 'access.unknown_workspace' || one.status !== 404 || one.text !== other.text)
        wrong.push(`${operation.id}: ${one.status} ${one.text} / ${other.status} ${other.text}`);
    }
  });
  expect(wrong).toEqual([]);
});
