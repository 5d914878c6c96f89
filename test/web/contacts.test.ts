import { readFile } from 'node:fs/promises';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readCsv, readZip } from './support/read-files.ts';
import { openSite, type Site } from './support/site.ts';

// Contacts (K-06, V-09, H-04, H-10): found, looked at, and exported down to what is in the file.

interface Known {
  id: string;
  name: string;
  email: string;
}

let site: Site;
let known: Known;
beforeAll(async () => {
  site = await openSite();
  const [found] = await site.db.asSuperuser<Known>(
    `select c.id, c.name, c.email from contacts c
      where c.workspace_id = $1 and c.name is not null and c.email is not null
      order by (select count(*) from conversations v where v.workspace_id = $1 and v.contact_id = c.id) desc, c.id
      limit 1`,
    [site.workspaceId],
  );
  known = found!;
  const stamp = `timestamptz '2026-03-01Z', now(), 1, pg_current_xact_id()`;
  await site.db.asSuperuser(
    `insert into tickets (workspace_id, id, ref, contact_id, subject, status, priority, created_at, written_at, changed_epoch, changed_xid)
     values ($1, 'tick', 'tkt_tick', $2, 'The printer is on fire', 'open', 'high', ${stamp})`,
    [site.workspaceId, known.id],
  );
  await site.db.asSuperuser(
    `insert into files (workspace_id, id, ref, kind, name, size, media_type, contact_id, created_at, written_at, changed_epoch, changed_xid)
     values ($1, 'scan', 'fil_scan', 'upload', 'scan of the fire.txt', 5, 'text/plain', $2, ${stamp})`,
    [site.workspaceId, known.id],
  );
  const ingest = await site.server.authorize(site.workspaceId, ['ingest']);
  await fetch(`${site.server.url}/v1/files/scan/content`, {
    method: 'PUT',
    headers: { ...ingest, 'content-type': 'application/octet-stream' },
    body: 'smoke',
  });
  await site.db.asSuperuser(
    `update contacts set notes = 'Calls at night.', identities = '[{"channel": "whatsapp", "value": "+49 151 1"}]',
        metadata = '{"plan": "pro"}' where workspace_id = $1 and id = $2`,
    [site.workspaceId, known.id],
  );
});
afterAll(() => site.close());

const path = () => `/contacts/${encodeURIComponent(known.id)}`;

/** Chooses a form of the export in the menu, and gives what came, and its name. */
async function download(page: Page, group: string, format: string): Promise<{ name: string; bytes: Buffer }> {
  await page.getByRole('button', { name: `More for ${known.name}` }).click();
  const [arriving] = await Promise.all([
    page.waitForEvent('download', { timeout: 60_000 }),
    page.getByRole('group', { name: group }).getByRole('menuitem', { name: format }).click(),
  ]);
  const bytes = await readFile(await arriving.path());
  await page.getByText(`${arriving.suggestedFilename()} is saved`).first().waitFor();
  return { name: arriving.suggestedFilename(), bytes };
}

test('somebody is found by a part of their name, and the search stands in the address', async () => {
  const { page, visit, expectAccessible, picture } = await site.openAs('owner');
  await visit('/contacts');
  const [all] = await site.db.asSuperuser<{ n: number }>(
    'select count(*)::int as n from contacts where workspace_id = $1',
    [site.workspaceId],
  );
  await page.getByText(new RegExp(`^${all!.n} contacts$`)).waitFor();
  await expectAccessible();
  await picture('contacts');
  await page.getByRole('searchbox', { name: 'Search contacts' }).fill(known.email.slice(0, -4));
  await expect.poll(() => new URL(page.url()).searchParams.get('q')).toBe(known.email.slice(0, -4));
  await page.getByText(/^1 contact$/).waitFor();
  await page.getByRole('link', { name: known.name }).click();
  await page.getByRole('heading', { level: 1, name: known.name }).waitFor();
});

test('filters are applied, shown as words, kept in the address and taken away again', async () => {
  const { page, visit, expectAccessible, picture } = await site.openAs('viewer');
  await visit('/contacts');
  await page.getByRole('button', { name: 'Filters' }).click();
  await page.getByRole('textbox', { name: 'Email address' }).fill(known.email.toUpperCase());
  await page.getByLabel('Created from').fill('2001-02-03');
  await expectAccessible();
  await picture('contacts-filters');
  await page.getByRole('button', { name: 'Apply' }).click();
  await page.getByText(/^1 contact$/).waitFor();
  await page.getByText('Created from: 2001-02-03').waitFor();
  const link = page.url();
  await page.getByRole('button', { name: 'Remove the filter Email address' }).click();
  await expect.poll(() => new URL(page.url()).searchParams.get('email')).toBe(null);
  await page.goto(link);
  await page.getByText(/^1 contact$/).waitFor();
  await visit('/contacts?q=zzzznobody');
  await page.getByText('No contact fits').waitFor();
});

test('a contact shows what is known, their conversations, tickets and files', async () => {
  const { page, visit, expectAccessible, picture } = await site.openAs('owner');
  await visit(path());
  await page.getByText('Calls at night.').waitFor();
  await page.getByText('+49 151 1').waitFor();
  await page.getByRole('table', { name: 'Conversations' }).getByRole('link').first().waitFor();
  await expectAccessible();
  await picture('contact');
  await page.getByRole('tab', { name: 'Tickets' }).click();
  await page.getByText('The printer is on fire').waitFor();
  await page.getByRole('tab', { name: 'Files' }).click();
  expect(new URL(page.url()).searchParams.get('tab')).toBe('files');
  const [file] = await Promise.all([
    page.waitForEvent('download', { timeout: 60_000 }),
    page.getByRole('button', { name: 'scan of the fire.txt' }).click(),
  ]);
  expect(await readFile(await file.path(), 'utf8')).toBe('smoke');
  await expectAccessible();
});

test('the owner gets the complete record, and what the person gets, in every form', async () => {
  const { page, visit, expectAccessible, picture } = await site.openAs('owner');
  await visit(path());
  const json = await download(page, 'For your records', 'JSON');
  const record = JSON.parse(json.bytes.toString()) as {
    contact: { id: string; notes: string };
    tickets: { id: string }[];
  };
  expect(record.contact).toMatchObject({ id: known.id, notes: 'Calls at night.' });
  expect(record.tickets.map(({ id }) => id)).toContain('tick');
  const csv = await download(page, 'For your records', 'CSV');
  expect(readCsv(csv.bytes).header.slice(0, 2)).toEqual(['conversation_id', 'message_id']);
  const zip = readZip((await download(page, 'For your records', 'Zip')).bytes);
  expect(Object.values(zip).some((bytes) => bytes.toString() === 'smoke')).toBe(true);
  const pdf = Object.entries(readZip((await download(page, 'For your records', 'PDF')).bytes));
  expect(pdf.length).toBeGreaterThan(0);
  for (const [, bytes] of pdf.filter(([name]) => name.endsWith('.pdf')))
    expect(bytes.subarray(0, 5).toString()).toBe('%PDF-');
  const html = Object.keys(readZip((await download(page, 'For the person', 'HTML')).bytes));
  expect(html.some((name) => name.endsWith('.html'))).toBe(true);
  const subject = await download(page, 'For the person', 'JSON');
  expect(subject.bytes.toString()).not.toContain('Calls at night.');
  await page.getByRole('button', { name: `More for ${known.name}` }).click();
  await page.getByText('For your records').waitFor();
  await expectAccessible();
  await picture('contact-menu');
  // Kept, with more to choose.
  await page.getByRole('menuitem', { name: 'More choices …' }).click();
  await page
    .getByRole('dialog', { name: 'Export this contact' })
    .getByRole('button', { name: 'Export', exact: true })
    .click();
  await page.getByText('The export is on its way').waitFor();
});

test('an agent gets what is for the person only; an editor and a viewer get nothing, from the server neither', async () => {
  const agent = await site.openAs('agent');
  await agent.visit(path());
  expect(await agent.page.getByText('Calls at night.').count()).toBe(0);
  const { bytes } = await download(agent.page, 'For the person', 'JSON');
  expect(bytes.toString()).not.toContain('Calls at night.');
  await agent.page.getByRole('button', { name: `More for ${known.name}` }).click();
  await agent.page.getByRole('menuitem').first().waitFor();
  expect(await agent.page.getByText('For your records').count()).toBe(0);
  for (const role of ['editor', 'viewer'] as const) {
    const { page, visit, person } = await site.openAs(role);
    await visit('/contacts');
    expect(await page.getByRole('button', { name: 'Export all' }).count()).toBe(0);
    await visit(path());
    expect(await page.getByRole('button', { name: /More for/ }).count()).toBe(0);
    const reply = await fetch(`${site.server.url}/v1${path()}/export`, { headers: person.headers });
    expect([reply.status, await reply.json()]).toMatchObject([403, { code: 'access.forbidden' }]);
  }
});

test('all contacts come as a table, for those who may', async () => {
  const { page, visit } = await site.openAs('admin');
  await visit('/contacts');
  await page.getByRole('button', { name: 'Export all' }).click();
  const [arriving] = await Promise.all([
    page.waitForEvent('download', { timeout: 60_000 }),
    page.getByRole('menuitem', { name: /CSV/ }).click(),
  ]);
  const bytes = await readFile(await arriving.path());
  const [all] = await site.db.asSuperuser<{ n: number }>(
    'select count(*)::int as n from contacts where workspace_id = $1',
    [site.workspaceId],
  );
  const { header, rows } = readCsv(bytes);
  expect([header.slice(0, 4), rows]).toEqual([['id', 'type', 'email', 'name'], all!.n]);
  expect(bytes.toString()).toContain(known.email);
});

test('an id that nobody has is told in the server’s words; a phone shows all without scrolling sideways', async () => {
  const { page, visit, picture } = await site.openAs('owner', { language: 'de', isPhone: true });
  await visit('/contacts/nobody');
  await page.getByText('records.not_found').waitFor();
  await visit(path());
  await page.getByRole('tab', { name: 'Gespräche' }).waitFor();
  await picture('contact-german');
  const sideways = () =>
    page.evaluate('document.documentElement.scrollWidth > document.documentElement.clientWidth');
  expect(await sideways()).toBe(false);
  await visit('/contacts');
  expect(await sideways()).toBe(false);
});
