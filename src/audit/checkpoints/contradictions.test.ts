import { randomBytes } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../../test/support/test-database.ts';
import { acceptContradiction } from '../../access/audit/accept-contradiction.ts';
import { operator } from '../../access/access.commands.ts';
import { MasterKeys } from '../../keys/master-keys.ts';
import { SealedTexts } from '../../keys/sealed-texts.ts';
import { SigningKeys } from '../../keys/signing-keys.ts';
import { createLog } from '../../log.ts';
import { Mailer } from '../../notify/mail/mailer.ts';
import { type ChainFixture, createChain, EVENTS } from '../chain-fixture.ts';
import { appendCheckpoint, readLastCheckpoint } from './checkpoint-file.ts';
import { readCheckpoint, signCheckpoint } from './checkpoint.ts';
import { runCheckpoints } from './run-checkpoints.ts';
import { type CheckpointDependencies, signDueCheckpoint } from './sign-due-checkpoint.ts';
import { describeReport, verifyLog } from './verify-log.ts';

let db: TestDatabase;
let folder: string;
let dependencies: CheckpointDependencies;
let chain: ChainFixture;
beforeAll(async () => {
  db = await createTestDatabase();
  const masterKeys = new MasterKeys({ keys: [randomBytes(32)] });
  folder = await mkdtemp(join(tmpdir(), 'convey-contradictions-'));
  dependencies = {
    database: db.database,
    signingKeys: new SigningKeys(db.database, masterKeys),
    mailer: new Mailer(new SealedTexts(masterKeys), false),
    everyEvents: 5,
    everyMs: 3_600_000,
    folder,
    mailTo: 'auditor@example.com',
  };
});
afterAll(async () => {
  await rm(folder, { recursive: true });
  await db.drop();
});
beforeEach(async () => {
  chain = await createChain(db);
  await sign();
  await db.asSuperuser(
    `insert into webhooks (workspace_id, id, url, description, events, sealed_secret, sealed_private_key, public_key, created_by)
     values ($1, 'whk_' || $1, 'https://example.com', '', '{audit.contradiction}', '', '', '', 'x')`,
    [chain.workspaceId],
  );
});

const sign = (more: Partial<CheckpointDependencies> = {}) =>
  signDueCheckpoint({ ...dependencies, ...more }, chain.workspaceId);
const accept = (reason = 'Restored the backup of Monday') =>
  acceptContradiction(db.database, folder, chain.workspaceId, { actor: operator, reason });
const cut = () =>
  chain.tamper(
    'delete from audit_bodies where :ws and seq > 8; delete from audit_events where :ws and seq > 8',
  );
const rowsOf = (table: string, what: string) =>
  db.asSuperuser(`select ${what} from ${table} where workspace_id = $1`, [chain.workspaceId]);
const told = () =>
  db.asSuperuser<{ details: object }>(
    `select details from audit_events where workspace_id = $1 and action = 'audit.contradicted'`,
    [chain.workspaceId],
  );

test.each<[string, () => Promise<unknown>, object]>([
  ['rewritten', () => chain.rewriteFrom(5), { noted_seq: EVENTS, noted_in: 'folder' }],
  ['cut off', cut, { noted_seq: EVENTS, noted_in: 'folder', found_hash: null, last_seq: 8 }],
  [
    'cut off, with its checkpoints in the database',
    async () => {
      await cut();
      await chain.tamper('delete from audit_checkpoints where :ws');
    },
    { noted_seq: EVENTS, noted_in: 'folder' },
  ],
])('a log that was %s is not signed over: that is told once, and recorded', async (_, damage, details) => {
  await damage();
  for (let i = 11; i <= 17; i++) await chain.record(i);
  const lines = await readFile(join(folder, `${chain.workspaceId}.ndjson`), 'utf8');
  const checkpoints = await rowsOf('audit_checkpoints', 'seq');
  for (let look = 0; look < 3; look++)
    await expect(sign()).rejects.toMatchObject({ code: 'audit.contradicted' });
  expect(await rowsOf('audit_checkpoints', 'seq')).toEqual(checkpoints);
  expect(await readFile(join(folder, `${chain.workspaceId}.ndjson`), 'utf8')).toBe(lines);
  const { found_hash: _hash, last_seq: _last, ...rest } = details as Record<string, unknown>;
  expect(await told()).toMatchObject([{ details: rest }]);
  expect(
    (await rowsOf('webhook_deliveries', 'event, payload')).filter(
      (row) => (row as { event: string }).event === 'audit.contradiction',
    ),
  ).toMatchObject([{ payload: expect.stringContaining(`"noted_seq":${EVENTS}`) }]);
  expect(await rowsOf('mails', 'template')).toEqual([
    { template: 'audit_checkpoint' },
    { template: 'audit_contradiction' },
  ]);
});

test('without a folder, the newest checkpoint in the database is compared, and so is its signature', async () => {
  await chain.rewriteFrom(5);
  await expect(sign({ folder: undefined })).rejects.toMatchObject({ code: 'audit.contradicted' });
  expect(await told()).toMatchObject([{ details: { noted_in: 'database', forged: false } }]);
  await chain.tamper(
    `update audit_checkpoints set hash = (select hash from audit_events where :ws and seq = ${EVENTS}) where :ws`,
  );
  await expect(sign({ folder: undefined })).rejects.toMatchObject({
    code: 'audit.contradicted',
    message: expect.stringContaining('not signed by a key of this server'),
  });
});

test('a line that a foreign key signed does not hide in the folder what the server noted', async () => {
  const outside = (await readLastCheckpoint(folder, chain.workspaceId))!;
  const foreign = await createTestDatabase();
  const signer = await new SigningKeys(
    foreign.database,
    new MasterKeys({ keys: [randomBytes(32)] }),
  ).current();
  await foreign.drop();
  const { seq, hash } = outside;
  const said = { workspaceId: chain.workspaceId, head: { seq, hash }, previous: null, at: new Date() };
  await appendCheckpoint(folder, chain.workspaceId, signCheckpoint(signer, said));
  await expect(sign()).rejects.toMatchObject({
    code: 'audit.contradicted',
    message: expect.stringContaining('in the folder, of event 10, is not signed by a key of this server'),
  });
});

test('a log that ends before what was noted is told although nothing is due', async () => {
  await cut();
  await expect(sign({ everyEvents: 1000 })).rejects.toMatchObject({
    code: 'audit.contradicted',
    message: expect.stringContaining('the log ends at event 8'),
  });
});

test('the loop says it in the log of the server', async () => {
  await cut();
  const logged: string[] = [];
  const stop = runCheckpoints({ ...dependencies, log: createLog((line) => logged.push(line)) });
  const ofThis = () => logged.find((line) => line.includes(chain.workspaceId));
  await vi.waitFor(() => expect(ofThis()).toContain('is not the one that was noted before'), {
    timeout: 20_000,
  });
  await stop();
  expect(await told()).toHaveLength(1);
});

test('once the operator has accepted it, with a reason, signing begins anew; verifying still says it', async () => {
  await expect(accept()).rejects.toMatchObject({ code: 'audit.nothing_to_accept' });
  await cut();
  await expect(sign()).rejects.toMatchObject({ code: 'audit.contradicted' });
  expect(await accept()).toMatchObject({ noted: { seq: EVENTS } });
  expect(await sign()).toBeUndefined(); // an old checkpoint has that number
  await chain.record(11);
  const signed = (await sign())!;
  expect(readCheckpoint(signed)).toMatchObject({ seq: 11, previous: null });
  expect(await readLastCheckpoint(folder, chain.workspaceId)).toMatchObject({ seq: 11 });
  expect(await sign()).toBeUndefined();
  for (let i = 12; i <= 16; i++) await chain.record(i);
  expect(readCheckpoint((await sign())!)).toMatchObject({ seq: 16, previous: { seq: 11 } });
  const [accepted] = await db.asSuperuser(
    `select e.actor_type, e.details, b.body from audit_events e join audit_bodies b using (workspace_id, seq)
      where workspace_id = $1 and action = 'audit.contradiction_accepted'`,
    [chain.workspaceId],
  );
  expect(accepted).toMatchObject({
    actor_type: 'operator',
    details: { noted_seq: EVENTS },
    body: { reason: 'Restored the backup of Monday' },
  });
  const report = await verifyLog(db.database, chain.workspaceId, { folder });
  expect(report).toMatchObject({ valid: false, problem: { seq: EVENTS } });
  expect(describeReport(report)).toMatch(/The operator accepted a contradiction on .*: event 10 says why\.$/);
});

test('what is cut after an acceptance is told again', async () => {
  await cut();
  await expect(sign()).rejects.toMatchObject({ code: 'audit.contradicted' });
  await accept();
  for (let i = 11; i <= 16; i++) await chain.record(i);
  expect(await sign()).toBeDefined();
  await chain.tamper(
    'delete from audit_bodies where :ws and seq > 12; delete from audit_events where :ws and seq > 12',
  );
  await expect(sign()).rejects.toMatchObject({ code: 'audit.contradicted' });
  expect(await told()).toHaveLength(2);
});
