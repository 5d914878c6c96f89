import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { holdExports, orderExport } from './support/exports.ts';
import { expectOnlyFor, markPage } from './support/open-page.ts';
import { openSite, type Site } from './support/site.ts';

// The list of exports (V-10, V-11, V-30; pains 1, 4): what was made by whom, and what is happening.

vi.setConfig({ testTimeout: 120_000 }); // on a machine that does much else

let site: Site;
beforeAll(async () => {
  site = await openSite();
});
afterAll(() => site.close());

test('an empty list says what will be there', async () => {
  const { page, visit, expectAccessible, picture } = await site.openAs('owner');
  await visit('/exports');
  await page.getByText('Nothing was exported yet').waitFor();
  await expectAccessible();
  await picture('exports-empty');
});

test('an export that somebody orders shows up by itself, moves, and is ready, without another page load', async () => {
  const { page, visit, person, expectAccessible, picture } = await site.openAs('owner');
  await visit('/exports');
  const isSamePage = await markPage(page);
  const release = await holdExports(site);
  await orderExport(site, person, { filter: { status: ['open', 'resolved'] } }, 0);
  const row = page.getByRole('row', { name: /Conversations · NDJSON/ });
  await row.getByText('Running').waitFor();
  await row.getByRole('progressbar').waitFor();
  await expectAccessible();
  await picture('exports-running');
  await release();
  await row.getByText('Ready').waitFor();
  await expect.poll(() => row.getByRole('progressbar').count()).toBe(0);
  await row.getByRole('cell', { name: /kB|bytes/ }).waitFor();
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    row.getByRole('button', { name: 'Download: Conversations · NDJSON' }).click(),
  ]);
  expect(download.suggestedFilename()).toMatch(/^convey-conversations-acme-.*\.zip$/);
  expect(await isSamePage()).toBe(true);
});

test('one that runs is cancelled from the list, after a question that says what happens', async () => {
  const { page, visit, person } = await site.openAs('owner');
  await holdExports(site);
  await orderExport(site, person, {}, 0);
  await visit('/exports?status=running');
  await page.getByRole('button', { name: 'Cancel export' }).click();
  const dialog = page.getByRole('dialog', { name: 'Cancel this export?' });
  await dialog.getByText('What was written so far is deleted.').waitFor();
  await dialog.getByRole('button', { name: 'Cancel export' }).click();
  await page.getByText('The export was cancelled.').waitFor();
  // It is none that runs any more.
  await page.getByText('No export is like that').waitFor();
  await page.getByRole('button', { name: 'Show all' }).first().click();
  await page.getByRole('row', { name: /Cancelled/ }).waitFor();
});

test('state, kind and one’s own are chosen, and stand in the address', async () => {
  const other = await site.openAs('admin');
  await orderExport(site, other.person, { kind: 'contacts', format: 'csv' });
  await site.db.asSuperuser(
    `update exports set status = 'failed', error_code = 'exports.storage_full' where kind = 'contacts'`,
  );
  const { page, visit, person, picture } = await site.openAs('owner');
  await orderExport(site, person, { kind: 'workspace', format: 'json' });
  await visit('/exports');
  const rows = page.getByRole('row').filter({ has: page.getByRole('cell') });
  await page.getByRole('row', { name: /Whole workspace · JSON/ }).waitFor();
  await picture('exports');
  await page.getByRole('combobox', { name: 'State' }).selectOption('Failed');
  await expect.poll(() => rows.count()).toBe(1);
  await rows.getByText('There is no room left to write the export.').waitFor();
  expect(new URL(page.url()).search).toBe('?status=failed');
  await page.getByRole('button', { name: 'Show all' }).click();
  await page.getByRole('switch', { name: 'Only mine' }).click();
  await expect.poll(() => rows.count()).toBe(1);
  await rows.getByText('Test owner (you)').waitFor();

  await visit('/exports?kind=contacts');
  await rows.getByText('All contacts · CSV').waitFor();
  expect(await rows.count()).toBe(1);
});

test('a list that is longer than a page goes on', async () => {
  const { page, visit, person } = await site.openAs('admin');
  for (let i = 0; i < 31; i++)
    await (await fetch(`${site.server.url}/v1/contacts/export`, { headers: person.headers })).text();
  await visit('/exports?mine=true');
  const rows = page.getByRole('row').filter({ has: page.getByRole('cell') });
  expect(await rows.count()).toBe(30);
  await page.getByRole('button', { name: 'Show more' }).click();
  await expect.poll(() => rows.count()).toBe(31);
  // What was sent at once cannot be cancelled, and is ready.
  expect(await page.getByRole('button', { name: 'Cancel export' }).count()).toBe(0);
});

test('without a stream the page asks again, and says so', async () => {
  const { page, visit, person } = await site.openAs('owner');
  await page.route('**/v1/exports/events', (route) => route.abort());
  await visit('/exports?mine=true');
  await page.getByRole('status').getByText('interrupted').waitFor();
  await orderExport(site, person, { kind: 'contacts', format: 'json' });
  await page.getByRole('row', { name: /All contacts · JSON/ }).waitFor();
});

test('an agent sees their own and nobody else’s; a viewer is refused', async () => {
  const agent = await site.openAs('agent');
  await agent.visit('/exports');
  await agent.page.getByText('Nothing was exported yet').waitFor();
  expect(await agent.page.getByRole('row').count()).toBe(0);

  const viewer = await site.openAs('viewer');
  await viewer.page.goto('/exports');
  await expectOnlyFor(viewer.page, 'Owner, Admin, Editor, Agent');
  expect(await viewer.page.getByRole('link', { name: 'Exports' }).count()).toBe(0);
  await viewer.expectAccessible();
  await viewer.picture('exports-refused');
});

test('in German', async () => {
  const { page, visit } = await site.openAs('owner', { language: 'de' });
  await visit('/exports?kind=workspace');
  await page.getByText('Bestellt von').waitFor();
  await page.getByText('Ganzer Workspace · JSON').waitFor();
});
