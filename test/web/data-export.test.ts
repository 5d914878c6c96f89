import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { OpenPage } from './support/chromium.ts';
import { expectOnlyFor, openForTest } from './support/open-page.ts';
import { readCsv, readNdjson, readZip } from './support/read-files.ts';
import { openSite, type Site } from './support/site.ts';

// Settings ▸ Data export (H-01…H-07, H-11) and Data & privacy ▸ Export workspace (K-01, K-02), down to the files.

/** H-06. */
const contactColumns =
  'id,type,email,name,company,job_title,phone,source,external_id,account_id,source_bot_id,source_conversation_id,notes,metadata,churn_reasons,created_at,last_seen_at,promoted_at,churned_at'.split(
    ',',
  );
/** V-06. */
const conversationColumns =
  'conversation_id,customer_email,channel,started_at,ended_at,status,priority,tags,message_count,agent_assigned,csat_rating,csat_comment,first_message,last_message'.split(
    ',',
  );
/** V-07. */
const messageColumns = 'conversation_id,message_id,created_at,role,author,is_internal,body,citations'.split(
  ',',
);

let site: Site;
let contacts: number;
let conversations: number;
let messages: number;
beforeAll(async () => {
  site = await openSite({ conversations: 25 });
  const [counted] = await site.db.asSuperuser<{ contacts: string; conversations: string; messages: string }>(
    `select (select count(*) from contacts where workspace_id = $1) as contacts,
            (select count(*) from conversations where workspace_id = $1) as conversations,
            (select count(*) from messages where workspace_id = $1) as messages`,
    [site.workspaceId],
  );
  [contacts, conversations, messages] = [counted!.contacts, counted!.conversations, counted!.messages].map(
    Number,
  ) as [number, number, number];
});
afterAll(() => site.close());

const openAs = (...who: Parameters<Site['openAs']>) => openForTest(site, ...who);

/** Presses a button and reads the file that comes of it. */
async function download({ page }: OpenPage, name: string): Promise<{ name: string; bytes: Buffer }> {
  const [file] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name, exact: true }).click(),
  ]);
  // Its notice is taken away: those of many downloads at once cover the page.
  const notice = page.getByRole('alert').filter({ hasText: `${file.suggestedFilename()} is saved` });
  await notice.getByRole('button').click();
  await notice.waitFor({ state: 'detached' });
  return { name: file.suggestedFilename(), bytes: await readFile(await file.path()) };
}

describe('Data export', () => {
  test('an owner gets every bulk export in every format, whole', async () => {
    const open = await openAs('owner');
    await open.visit('/settings/data-export');
    await open.page.getByRole('heading', { name: 'Data export', level: 1 }).waitFor();
    await open.expectAccessible();
    await open.picture('data-export-empty');

    const contactsCsv = await download(open, 'CSV: download Contacts');
    expect(contactsCsv.name).toMatch(/^convey-contacts-acme-\d{4}-\d\d-\d\d\.csv$/);
    expect(readCsv(contactsCsv.bytes)).toEqual({ header: contactColumns, rows: contacts });
    expect(JSON.parse(String((await download(open, 'JSON: download Contacts')).bytes))).toHaveLength(
      contacts,
    );
    const lines = readNdjson((await download(open, 'NDJSON: download Contacts')).bytes);
    expect(lines).toMatchObject({ records: contacts, end: { _end: true, records: contacts } });

    const json = JSON.parse(
      String((await download(open, 'JSON: download Conversations and messages')).bytes),
    ) as { messages: unknown[]; replies: unknown[] }[];
    expect(json).toHaveLength(conversations);
    expect(json.reduce((sum, one) => sum + one.messages.length + one.replies.length, 0)).toBe(messages);
    const rows = await download(open, 'CSV, conversations: download Conversations and messages');
    expect(readCsv(rows.bytes)).toEqual({ header: conversationColumns, rows: conversations });
    const turns = await download(open, 'CSV, messages: download Conversations and messages');
    expect(readCsv(turns.bytes)).toEqual({ header: messageColumns, rows: messages });

    const whole = JSON.parse(String((await download(open, 'JSON: download Whole workspace')).bytes)) as {
      complete: boolean;
      counts: Record<string, number>;
    };
    expect(whole).toMatchObject({ complete: true, counts: { contacts, conversations } });
    const zip = readZip((await download(open, 'CSV: download Whole workspace')).bytes);
    expect(Object.keys(zip)).toEqual(['contacts.csv', 'conversations.csv']);
    expect(readCsv(zip['contacts.csv']!)).toEqual({ header: contactColumns, rows: contacts });

    for (const name of ['Contacts', 'Conversations and messages', 'Whole workspace'])
      await open.page
        .getByRole('region', { name })
        .getByText(/Last downloaded .* by Test owner/)
        .waitFor();
    await open.picture('data-export');
    await open.expectAccessible();
  });

  test('the times follow what others do, by themselves; one person’s export leaves them alone (H-11)', async () => {
    const { page, visit } = await openAs('owner');
    await visit('/settings/data-export');
    const { person } = await openAs('admin');
    const fetchAs = async (path: string) => {
      const reply = await fetch(`${site.server.url}/v1${path}`, { headers: person.headers });
      expect(reply.status).toBe(200);
      await reply.arrayBuffer();
    };
    const {
      contacts: [one],
    } = (await (
      await fetch(`${site.server.url}/v1/contacts?limit=1`, { headers: person.headers })
    ).json()) as { contacts: [{ id: string }] };
    await fetchAs(`/contacts/${encodeURIComponent(one.id)}/export?format=json`);
    await fetchAs('/contacts/export?format=csv');
    const began = Date.now();
    await page
      .getByRole('region', { name: 'Contacts' })
      .getByText(/by Test admin/)
      .waitFor();
    // Two seconds are what is promised; the machine of a test may be busy.
    expect(Date.now() - began).toBeLessThan(4_000);
    expect(await page.getByText(/by Test admin/).count()).toBe(1);
  });

  test('an editor gets conversations, and is told who may have the rest', async () => {
    const { page, visit, picture, expectAccessible } = await openAs('editor');
    await visit('/');
    await page.getByRole('link', { name: 'Settings' }).click();
    await page.getByRole('link', { name: /Data export/ }).click();
    await page.getByRole('button', { name: 'NDJSON: download Conversations and messages' }).waitFor();
    for (const name of ['Contacts', 'Whole workspace']) {
      const card = page.getByRole('region', { name });
      await card.getByText('This is for: Owner, Admin.').waitFor();
      expect(await card.getByRole('button').count()).toBe(0);
    }
    await expectAccessible();
    await picture('data-export-editor');
  });

  test.each(['agent', 'viewer'] as const)('an %s sees no button, and the addresses refuse', async (role) => {
    const { page, visit, person, expectAccessible, picture } = await openAs(role);
    await visit('/settings/data-export');
    await expectOnlyFor(page, 'Owner, Admin, Editor');
    expect(await page.getByText('Last downloaded').count()).toBe(0);
    for (const path of ['contacts', 'conversations', 'workspace']) {
      const reply = await fetch(`${site.server.url}/v1/${path}/export`, { headers: person.headers });
      expect([reply.status, ((await reply.json()) as { code: string }).code]).toEqual([
        403,
        'access.forbidden',
      ]);
    }
    await expectAccessible();
    await picture(`data-export-${role}`);
  });

  test('a refusal by the server is told, and no file comes', async () => {
    const { page, visit, person } = await openAs('admin');
    await visit('/settings/data-export');
    await page.getByRole('button', { name: 'CSV: download Contacts' }).waitFor();
    await site.db.asSuperuser(`update members set role = 'viewer' where user_id = $1`, [person.userId]);
    let hasFile = false;
    page.on('download', () => (hasFile = true));
    await page.getByRole('button', { name: 'CSV: download Contacts' }).click();
    await page.getByRole('alert').getByText('access.forbidden').waitFor();
    expect(hasFile).toBe(false);
  });
});

describe('Data & privacy', () => {
  test('an admin sees what is in the workspace’s files and what not, and downloads both', async () => {
    const open = await openAs('admin');
    const { page } = open;
    await open.visit('/settings/data-privacy');
    const csv = page.getByRole('region', { name: 'CSV' });
    await csv.getByText(/messages.*a table has a row for one thing/).waitFor();
    const json = page.getByRole('region', { name: 'JSON' });
    await json.getByText('audit events').waitFor();
    await json
      .getByText(String(messages))
      .or(json.getByText('messages', { exact: true }))
      .first()
      .waitFor();
    await open.expectAccessible();
    await open.picture('data-privacy');

    const file = await download(open, 'Download JSON');
    expect(file.name).toMatch(/^convey-workspace-acme-.*\.json$/);
    expect(JSON.parse(String(file.bytes))).toMatchObject({ complete: true, counts: { contacts } });
    const zip = readZip((await download(open, 'Download CSV')).bytes);
    expect(Object.keys(zip)).toEqual(['contacts.csv', 'conversations.csv']);

    await page.getByRole('link', { name: 'Earlier exports of the workspace' }).click();
    await page.getByRole('heading', { name: 'Exports', level: 1 }).waitFor();
    expect(new URL(page.url()).searchParams.get('kind')).toBe('workspace');
  });

  test('an editor is told why not', async () => {
    const { page, visit, expectAccessible, picture } = await openAs('editor');
    await visit('/settings/data-privacy');
    await expectOnlyFor(page, 'Owner, Admin');
    expect(await page.getByRole('button', { name: /Download/ }).count()).toBe(0);
    await expectAccessible();
    await picture('data-privacy-editor');
  });

  test('in German', async () => {
    const { page, visit, expectAccessible } = await openAs('owner', { language: 'de' });
    await visit('/settings/data-privacy');
    await page.getByRole('heading', { name: 'Daten & Datenschutz' }).waitFor();
    await page.getByRole('button', { name: 'JSON herunterladen' }).waitFor();
    await expectAccessible();
  });
});
