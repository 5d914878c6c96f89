import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { signDueCheckpoint } from '../../src/audit/checkpoints/sign-due-checkpoint.ts';
import { type Person, plantMember } from '../support/people.ts';
import type { OpenPage } from './support/chromium.ts';
import { readCsv, readNdjson } from './support/read-files.ts';
import { expectOnlyFor } from './support/open-page.ts';
import { openSite, type Site } from './support/site.ts';

// Settings ▸ Security ▸ Audit log (K-04, K-05, K-14…K-18, H-15, H-16).

const soon = { timeout: 15_000 };

let site: Site;
let owner: Person;
let keyId: string;
beforeAll(async () => {
  site = await openSite({ conversations: 3 });
  owner = await plantMember(site.db, site.workspaceId, 'owner');
  const agent = await plantMember(site.db, site.workspaceId, 'agent');
  const key = await ask('POST', '/v1/api-keys', { name: 'Nightly sync', scopes: ['export:read'] });
  keyId = ((await key.json()) as { id: string }).id;
  await ask('PATCH', `/v1/members/${agent.userId}`, { role: 'editor', audiences: ['public', 'internal'] });
  await ask('PATCH', `/v1/members/${agent.userId}`, { role: 'editor', audiences: ['public', 'partners'] });
  await ask('DELETE', `/v1/api-keys/${keyId}`);
  await (await ask('GET', '/v1/contacts/export?format=csv')).text();
});
afterAll(() => site.close());

const ask = (method: string, path: string, body?: object) =>
  fetch(site.server.url + path, {
    method,
    headers: { ...owner.headers, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });

const rows = ({ page }: OpenPage) => page.getByRole('list', { name: 'Audit log' }).getByRole('listitem');

async function exportAs(open: OpenPage, file: RegExp): Promise<{ name: string; bytes: Buffer }> {
  await open.page.getByRole('button', { name: 'Export' }).click();
  const arriving = open.page.waitForEvent('download');
  await open.page.getByRole('menuitem', { name: file }).click();
  const download = await arriving;
  return { name: download.suggestedFilename(), bytes: await readFile(await download.path()) };
}

describe('reading', () => {
  test('an owner reads what was done in sentences, and sees what changed line by line', async () => {
    const open = await site.openAs('owner');
    const { page, visit } = open;
    await visit('/');
    await page.getByRole('link', { name: 'Settings' }).click();
    await page.getByRole('link', { name: /^Audit log/ }).click();
    await page.getByRole('heading', { name: 'Audit log', level: 1 }).waitFor();
    await rows(open).filter({ hasText: 'Test owner made the API key “Nightly sync”' }).waitFor();
    await open.expectAccessible();

    const change = rows(open).filter({ hasText: 'changed what Test agent sees' });
    await change.getByRole('button', { name: 'Details' }).click();
    const lines = change.getByRole('group', { name: 'What changed of audiences' });
    expect(await lines.locator('del').allInnerTexts()).toEqual([expect.stringContaining('"internal"')]);
    expect(await lines.locator('ins').allInnerTexts()).toEqual([expect.stringContaining('"partners"')]);
    expect(new URL(page.url()).searchParams.get('event')).toMatch(/^\d+$/);
    await open.expectAccessible();
    await open.picture('audit-log');
    await page.reload();
    await lines.waitFor();
  });

  test('filters narrow together and stay in the address', async () => {
    const open = await site.openAs('admin');
    const { page, visit } = open;
    await visit('/settings/audit-log?action=api_key.*');
    await expect.poll(() => rows(open).count(), soon).toBe(3); // the sample's is one of them
    await page.getByRole('combobox', { name: 'Action' }).click();
    await page.getByRole('option', { name: 'api_key.revoked' }).click();
    await expect.poll(() => rows(open).count(), soon).toBe(1);
    expect(await rows(open).innerText()).toContain('revoked the API key “Nightly sync”');
    await rows(open).getByRole('button', { name: 'Details' }).click();
    await page.getByRole('button', { name: 'Clear filters' }).click();
    await page.getByRole('textbox', { name: 'On what (id)' }).fill(keyId);
    await page.keyboard.press('Enter');
    await expect.poll(() => rows(open).count(), soon).toBe(2);
    expect(new URL(page.url()).searchParams.get('target')).toBe(keyId);
    await page.getByLabel('Up to and including').fill('2001-01-01');
    await page.getByText('No event fits').waitFor();
    await page
      .getByLabel('Up to and including')
      .fill(new Date(Date.now() + 86_400_000).toISOString().slice(0, 10));
    await expect.poll(() => rows(open).count(), soon).toBe(2);
    await page.getByRole('combobox', { name: 'Outcome' }).click();
    await page.getByRole('option', { name: 'Refused' }).click();
    await page.getByText('No event fits').waitFor();
  });

  test('in German the sentences are German', async () => {
    const open = await site.openAs('owner', { language: 'de' });
    await open.visit('/settings/audit-log?action=api_key.created');
    await open.page.getByText('hat den API-Schlüssel „Nightly sync“ erzeugt').waitFor();
    await open.expectAccessible();
  });

  test('agents and viewers find no way to it, and an address of it tells them whom it is for', async () => {
    for (const role of ['agent', 'viewer'] as const) {
      const open = await site.openAs(role);
      await open.visit('/');
      expect(await open.page.getByRole('link', { name: 'Settings' }).count()).toBe(0);
      await open.visit('/settings/audit-log');
      await expectOnlyFor(open.page, 'Owner, Admin');
      expect(await rows(open).count()).toBe(0);
    }
  });
});

describe('exporting', () => {
  test('the whole log, or what the filters leave, in the format that is chosen', async () => {
    const open = await site.openAs('owner');
    await open.visit('/settings/audit-log');
    const csv = await exportAs(open, /^CSV A row/);
    expect(csv.name).toMatch(/^convey-audit-log-\d{4}-\d\d-\d\d\.csv$/);
    expect(String(csv.bytes)).toMatch(/^Timestamp,Actor,Action,/);
    const { header, rows: count } = readCsv((await exportAs(open, /^CSV for spreadsheets/)).bytes);
    expect(header.slice(0, 7)).toEqual([
      'Timestamp',
      'Actor',
      'Action',
      'Target type',
      'Target id',
      'IP',
      'Changes',
    ]);
    expect(count).toBeGreaterThan(5);
    await open.visit('/settings/audit-log?action=api_key.*');
    const lines = readNdjson((await exportAs(open, /^NDJSON A line/)).bytes);
    expect(lines).toMatchObject({ records: 3, end: { _end: true, records: 3 } });
    const json = JSON.parse(String((await exportAs(open, /^JSON/)).bytes)) as { events: unknown[] };
    expect(json.events).toHaveLength(3);
  });

  test('where the plan lacks it the log is still read, and exporting is refused by name', async () => {
    const setPlan = (features: string) =>
      site.db.asSuperuser(`update workspaces set plan_features = ${features} where id = $1`, [
        site.workspaceId,
      ]);
    await setPlan(`'{}'`);
    const open = await site.openAs('owner');
    await open.visit('/settings/audit-log');
    await rows(open).first().waitFor();
    await open.page.getByRole('button', { name: 'Export' }).click();
    await open.page.getByRole('menuitem', { name: /^CSV A row/ }).click();
    await open.page.getByRole('alert').filter({ hasText: 'access.plan_required' }).first().waitFor();
    await setPlan('null');
  });
});

describe('the chain', () => {
  test('is verified in plain language, with the checkpoints to compare with', async () => {
    const { installation } = site.server;
    await signDueCheckpoint(
      {
        database: site.db.database,
        signingKeys: installation.signingKeys,
        mailer: installation.mailer,
        everyEvents: 1,
        everyMs: 1,
        folder: undefined,
        mailTo: undefined,
      },
      site.workspaceId,
    );
    const open = await site.openAs('owner');
    const { page } = open;
    await open.visit('/settings/audit-log');
    await page.getByRole('link', { name: 'Verify the log' }).click();
    await page.getByRole('button', { name: 'Verify now' }).click();
    await page.getByText('The log is intact').waitFor();
    await page.getByText('Compared with 1 signed checkpoint.').waitFor();
    expect(await page.getByRole('table', { name: 'Signed checkpoints' }).getByRole('row').count()).toBe(2);
    await open.expectAccessible();
    await open.picture('audit-chain');
  });

  test('says where somebody changed an event behind the server’s back', async () => {
    const [row] = await site.db.asSuperuser<{ seq: string }>(
      `select seq from audit_events where workspace_id = $1 and action = 'api_key.created'`,
      [site.workspaceId],
    );
    await site.db.asSuperuser(
      `set session_replication_role = replica;
       update audit_events set outcome = 'failed' where workspace_id = '${site.workspaceId}' and seq = ${row!.seq}`,
    );
    const open = await site.openAs('admin');
    const { page } = open;
    await open.visit('/settings/audit-log/chain');
    await page.getByRole('button', { name: 'Verify now' }).click();
    await page.getByText('The log is not what was recorded').waitFor();
    await page.getByText(`It shows first at event ${row!.seq}.`).waitFor();
    await open.picture('audit-chain-broken');
  });
});
