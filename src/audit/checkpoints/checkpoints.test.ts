import { appendFile, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../../test/support/test-database.ts';
import { MasterKeys } from '../../keys/master-keys.ts';
import { SealedTexts } from '../../keys/sealed-texts.ts';
import { SigningKeys } from '../../keys/signing-keys.ts';
import { createLog } from '../../log.ts';
import { Mailer, type MailTemplate } from '../../notify/mail/mailer.ts';
import { renderMail } from '../../notify/mail/render-mail.ts';
import { openMail } from '../../notify/mail/send-mails.ts';
import { type ChainFixture, createChain, EVENTS } from '../chain-fixture.ts';
import { readLastCheckpoint } from './checkpoint-file.ts';
import { type CheckpointDocument, readCheckpoint } from './checkpoint.ts';
import { listCheckpoints } from './list-checkpoints.ts';
import { readCheckpoints } from './read-checkpoints.ts';
import { runCheckpoints } from './run-checkpoints.ts';
import { type CheckpointDependencies, signDueCheckpoint } from './sign-due-checkpoint.ts';
import { describeReport, verifyLog } from './verify-log.ts';

const HOUR_MS = 3_600_000;
let db: TestDatabase;
let folder: string;
let dependencies: CheckpointDependencies;
let signingKeys: SigningKeys;
let sealedTexts: SealedTexts;
let chain: ChainFixture;
beforeAll(async () => {
  db = await createTestDatabase();
  const masterKeys = new MasterKeys({ keys: [randomBytes(32)] });
  signingKeys = new SigningKeys(db.database, masterKeys);
  sealedTexts = new SealedTexts(masterKeys);
  folder = await mkdtemp(join(tmpdir(), 'convey-checkpoints-'));
  dependencies = {
    database: db.database,
    signingKeys,
    mailer: new Mailer(sealedTexts, false),
    everyEvents: 5,
    everyMs: HOUR_MS,
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
});

const sign = (more: Partial<CheckpointDependencies> = {}, now?: Date) =>
  signDueCheckpoint({ ...dependencies, ...more }, chain.workspaceId, now);
const list = () =>
  db.database.inScope({ workspaceId: chain.workspaceId }, (transaction) =>
    listCheckpoints(transaction, chain.workspaceId, { limit: 10 }),
  );
const verify = (expectedHeads: CheckpointDocument[] = [], own?: string) =>
  verifyLog(db.database, chain.workspaceId, { expectedHeads, folder: own });

describe('a checkpoint', () => {
  test('is due after so many events, or after a time in which anything was recorded, and not before', async () => {
    const tenMinutesLater = new Date(Date.now() + HOUR_MS / 6);
    const hourLater = new Date(Date.now() + HOUR_MS + 1000);
    expect(await sign({ everyEvents: EVENTS + 1 }, tenMinutesLater)).toBeUndefined();
    expect(await sign({ everyEvents: EVENTS })).toBeDefined();
    expect(await sign({ everyEvents: 1 }, hourLater)).toBeUndefined(); // nothing new: nothing to sign, for ever
    await chain.record(11);
    expect(await sign({ everyEvents: 2 }, tenMinutesLater)).toBeUndefined();
    expect(await sign({ everyEvents: 2 }, hourLater)).toBeDefined();
    expect((await list()).map(({ seq }) => seq)).toEqual([11, 10]);
  });

  test('says where the chain and the checkpoint before stood, signed, and records no event', async () => {
    const first = (await sign())!;
    for (let i = 11; i <= 15; i++) await chain.record(i);
    const second = (await sign())!;
    const { fingerprint } = await signingKeys.current();
    const head = chain.heads.at(-1)!;
    expect(readCheckpoint(second)).toEqual({
      format: 'convey.audit.checkpoint.v1',
      workspace_id: chain.workspaceId,
      seq: 15,
      hash: expect.stringMatching(/^[0-9a-f]{64}$/),
      at: expect.any(String),
      previous: head,
      signed_by: fingerprint,
    });
    expect(readCheckpoint(first)).toMatchObject({ ...head, previous: null });
    expect(readCheckpoint({ ...second, document: second.document.replace('15', '14') })).toBeUndefined();
    expect(readCheckpoint({ ...second, signature: first.signature })).toBeUndefined();
    expect(await verify()).toMatchObject({
      valid: true,
      events: 15,
      checkpoints: { compared: 2, lastSeq: 15, fingerprints: [fingerprint] },
    });
  });

  test('goes to a file, to webhooks that want it and by mail, without personal data', async () => {
    await db.asSuperuser(
      `insert into webhooks (workspace_id, id, url, description, events, sealed_secret, sealed_private_key, public_key, created_by)
       values ($1, 'whk_1', 'https://example.com', '', '{audit.checkpoint}', '', '', '', 'x')`,
      [chain.workspaceId],
    );
    const signed = await sign();
    const file = await readFile(join(folder, `${chain.workspaceId}.ndjson`), 'utf8');
    expect(JSON.parse(file)).toEqual(signed);
    expect(await readCheckpoints(folder, chain.workspaceId)).toMatchObject([chain.heads.at(-1)!]);
    const [delivery] = await db.asSuperuser<{ payload: string; event: string }>(
      'select payload, event from webhook_deliveries where workspace_id = $1',
      [chain.workspaceId],
    );
    expect(delivery!.event).toBe('audit.checkpoint');
    expect(JSON.parse(delivery!.payload)).toMatchObject({ data: { ...chain.heads.at(-1)!, ...signed } });
    const mails = await db.asSuperuser('select recipient, template from mails where workspace_id = $1', [
      chain.workspaceId,
    ]);
    expect(mails).toEqual([{ recipient: 'auditor@example.com', template: 'audit_checkpoint' }]);
    expect(file + delivery!.payload).not.toMatch(/203\.0\.113|usr_|con_1/);
  });

  test('is signed once, however many servers look at the same time', async () => {
    const results = await Promise.all(Array.from({ length: 8 }, () => sign()));
    expect(results.filter((result) => result !== undefined)).toHaveLength(1);
    expect(await list()).toHaveLength(1);
  });

  test('that cannot be written to its folder does not stand, and is tried again', async () => {
    const blocked = join(folder, 'a-file');
    await writeFile(blocked, '');
    await expect(sign({ folder: blocked })).rejects.toThrow();
    expect(await list()).toEqual([]);
    expect(await sign()).toBeDefined();
  });

  test('of every workspace is signed by the loop, which goes on when one fails and ends when it is told to', async () => {
    const other = await createChain(db);
    const blocked = join(folder, `${chain.workspaceId}.ndjson`, 'x');
    await rm(join(folder, `${chain.workspaceId}.ndjson`), { force: true });
    await mkdir(blocked, { recursive: true });
    const logged: string[] = [];
    const stop = runCheckpoints({ ...dependencies, log: createLog((line) => logged.push(line)) });
    await vi.waitFor(
      async () => {
        expect(await readCheckpoints(folder, other.workspaceId)).toHaveLength(1);
        expect(logged.join()).toContain('a checkpoint could not be signed');
      },
      { timeout: 20_000 },
    );
    await stop();
    expect(await list()).toEqual([]);
  });
});

describe('a log against its checkpoints (wall 8)', () => {
  test('rewritten with all hashes recomputed: sound in itself, only a checkpoint shows it', async () => {
    await chain.rewriteFrom(5);
    expect(await verify()).toMatchObject({ valid: true, events: EVENTS }); // no checkpoint had been signed
    chain = await createChain(db);
    await sign();
    await chain.rewriteFrom(5);
    expect(await chain.verify()).toMatchObject({ valid: true, events: EVENTS });
    expect(await verify()).toMatchObject({ valid: false, problem: { seq: EVENTS } });
  });

  test('cut off at the end: only a checkpoint shows it', async () => {
    await sign();
    await chain.tamper(
      'delete from audit_bodies where :ws and seq > 8; delete from audit_events where :ws and seq > 8',
    );
    expect(await chain.verify()).toMatchObject({ valid: true, events: 8 });
    expect(await verify()).toMatchObject({ valid: false, problem: { seq: 9 } });
  });

  test('checkpoints that were rewritten with it are not signed; deleted ones are missed by those outside', async () => {
    await sign();
    const outside = await readCheckpoints(folder, chain.workspaceId);
    await chain.rewriteFrom(5);
    await chain.tamper(
      `update audit_checkpoints set hash = (select hash from audit_events where :ws and seq = ${EVENTS}) where :ws`,
    );
    const report = await verify();
    expect(report).toMatchObject({ valid: false, problem: { seq: EVENTS } });
    expect(JSON.stringify(report)).toContain('not signed');
    await chain.tamper('delete from audit_checkpoints where :ws');
    expect(await verify()).toMatchObject({ valid: true, checkpoints: { compared: 0 } });
    expect(await verify(outside)).toMatchObject({ valid: false, problem: { seq: EVENTS } });
    expect(await verify([], folder)).toMatchObject({ valid: false, problem: { seq: EVENTS } });
  });

  test('a checkpoint counts once, wherever it lies; a folder without any changes nothing, a damaged one does', async () => {
    await sign();
    const outside = await readCheckpoints(folder, chain.workspaceId);
    expect(await verify(outside, folder)).toMatchObject({ valid: true, checkpoints: { compared: 1 } });
    expect(await verify([], join(folder, 'none'))).toMatchObject({
      valid: true,
      checkpoints: { compared: 1 },
    });
    await writeFile(join(folder, 'README.txt'), 'Checkpoints of our logs');
    expect(await verify([], folder)).toMatchObject({ valid: true });
    await rm(join(folder, 'README.txt'));
    await appendFile(join(folder, `${chain.workspaceId}.ndjson`), '{}\n');
    const report = await verify([], folder);
    expect(report).toMatchObject({ valid: false, problem: { seq: 0 } });
    expect(describeReport(report)).toMatch(/^NOT valid: The folder of checkpoints .* Line 2 of/);
  });

  test('a line that a crash left unfinished does not spoil the next one', async () => {
    const first = await sign();
    await appendFile(join(folder, `${chain.workspaceId}.ndjson`), '{"document":"{');
    expect(await readLastCheckpoint(folder, chain.workspaceId)).toEqual(readCheckpoint(first!));
    for (let i = 11; i <= 15; i++) await chain.record(i);
    const second = await sign();
    expect(await readLastCheckpoint(folder, chain.workspaceId)).toEqual(readCheckpoint(second!));
  });

  test('a webhook’s JSON, the API’s list and a mail, saved as files, are checkpoints to compare with', async () => {
    await db.asSuperuser(
      `insert into webhooks (workspace_id, id, url, description, events, sealed_secret, sealed_private_key, public_key, created_by)
       values ($1, 'whk_2', 'https://example.com', '', '{audit.checkpoint}', '', '', '', 'x')`,
      [chain.workspaceId],
    );
    const signed = (await sign())!;
    const expected = [readCheckpoint(signed)!];
    const [delivery] = await db.asSuperuser<{ payload: string }>(
      'select payload from webhook_deliveries where workspace_id = $1',
      [chain.workspaceId],
    );
    const [mail] = await db.asSuperuser<{ id: string; sealed_content: string; template: MailTemplate }>(
      'select id, sealed_content, template from mails where workspace_id = $1',
      [chain.workspaceId],
    );
    const { text } = renderMail(await openMail(sealedTexts, mail!), 'https://convey.example.com');
    const wrapped = text.replaceAll(/[^\s]{70}/g, '$&\r\n');
    const quoted = text.replaceAll('=', '=3D').replaceAll(/[^\s]{70}/g, '$&=\r\n');
    const saved = join(folder, 'saved');
    for (const [name, content] of [
      ['webhook.json', JSON.stringify(JSON.parse(delivery!.payload), null, 2)],
      ['list.json', JSON.stringify({ checkpoints: [signed], next_cursor: null })],
      ['mail.txt', wrapped],
      ['mail.eml', `Content-Transfer-Encoding: quoted-printable\r\n\r\n${quoted}`],
    ] as const) {
      await rm(saved, { recursive: true, force: true });
      await mkdir(saved);
      await writeFile(join(saved, name), content);
      expect(await readCheckpoints(join(saved, name), undefined), name).toEqual(expected);
      expect(await readCheckpoints(saved, chain.workspaceId), name).toEqual(expected);
      await writeFile(
        join(saved, name),
        content.replace(`${EVENTS}`, `${EVENTS - 1}`).replaceAll('seq', 'sep'),
      );
      await expect(readCheckpoints(saved, undefined), name).rejects.toMatchObject({
        code: 'audit.bad_checkpoints',
      });
    }
    expect(await verify(expected)).toMatchObject({ valid: true, checkpoints: { compared: 1 } });
  });

  test('checkpoints that were changed outside are refused by their line', async () => {
    await sign();
    const path = join(folder, `${chain.workspaceId}.ndjson`);
    const text = await readFile(path, 'utf8');
    await writeFile(path, `${text}${text.replace(`\\"seq\\":${EVENTS}`, '\\"seq\\":9')}`);
    await expect(readCheckpoints(path, undefined)).rejects.toMatchObject({
      code: 'audit.bad_checkpoints',
      message: expect.stringContaining('Line 2'),
    });
    await expect(readCheckpoints(join(folder, 'none'), undefined)).rejects.toMatchObject({
      code: 'audit.bad_checkpoints',
    });
  });
});
