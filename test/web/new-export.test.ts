import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { askAs } from './support/exports.ts';
import { openForTest } from './support/open-page.ts';
import { openSite, type Site } from './support/site.ts';

// An export that begins on the page of exports (V-02, V-11), and what the dialog keeps from the last time.

let site: Site;
beforeAll(async () => {
  site = await openSite({ conversations: 12 });
});
afterAll(() => site.close());

const kinds = async (page: Page) => {
  await page.getByRole('button', { name: 'New export' }).click();
  const items = page.getByRole('menuitem');
  await items.first().waitFor();
  return items.locator('.mantine-Menu-itemLabel').allInnerTexts();
};
const named = (texts: string[]) => texts.map((text) => text.split('\n')[0]);

test('on the empty page: what to export, then how, then it is on its way', async () => {
  const open = await openForTest(site, 'owner');
  const { page, person } = open;
  await open.visit('/exports');
  await page.getByText('Nothing was exported yet').waitFor();
  expect(await page.getByRole('button', { name: 'New export' }).count()).toBe(1);
  expect(named(await kinds(page))).toEqual(['Conversations', 'All contacts', 'Whole workspace', 'Audit log']);
  await open.expectAccessible();
  await open.picture('new-export', 'in sight');
  await page.getByRole('menuitem', { name: /^All contacts/ }).click();
  const dialog = page.getByRole('dialog', { name: 'Export all contacts' });
  await dialog.getByRole('button', { name: 'Export', exact: true }).click();
  await page.getByRole('row', { name: /All contacts/ }).waitFor();
  const { told } = await askAs(site, person, 'GET', '/v1/exports?mine=true');
  expect(told.exports).toMatchObject([{ kind: 'contacts' }]);
  // With a list the button stands beside the title, once.
  expect(await page.getByRole('button', { name: 'New export' }).count()).toBe(1);
});

test('the conversations that one looked at last are offered with their filter', async () => {
  const open = await openForTest(site, 'editor');
  const { page } = open;
  await open.visit('/conversations?status=resolved');
  await page.getByRole('link', { name: 'Exports' }).click();
  expect(named(await kinds(page))).toEqual(['Conversations you last looked at', 'Conversations']);
  await page.getByRole('menuitem', { name: /^Conversations you last looked at/ }).click();
  const dialog = page.getByRole('dialog', { name: 'Export conversations' });
  await dialog.getByRole('listitem').filter({ hasText: 'State Resolved' }).waitFor();
});

test('an agent, who exports single conversations only, has no such button', async () => {
  const { page, visit } = await openForTest(site, 'agent');
  await visit('/exports');
  await page.getByText('Nothing was exported yet').waitFor();
  expect(await page.getByRole('button', { name: 'New export' }).count()).toBe(0);
});

test('what is still on from the last time is named, and one click goes back to the usual', async () => {
  const open = await openForTest(site, 'owner');
  const { page, person } = open;
  const begin = async () => {
    await open.visit('/exports');
    await kinds(page);
    await page.getByRole('menuitem', { name: /^Conversations/ }).click();
    const dialog = page.getByRole('dialog', { name: 'Export conversations' });
    await dialog.locator('[aria-busy="false"]').waitFor();
    return dialog;
  };
  const first = await begin();
  expect(await first.getByRole('note').count()).toBe(0);
  await first.getByRole('radio', { name: 'CSV', exact: true }).check();
  await first.getByRole('checkbox', { name: 'Anonymise' }).check();
  await first.getByRole('checkbox', { name: 'Skills' }).check();
  // What one chooses now is no surprise: only the warning about anonymising is there.
  expect(await first.getByText('As you chose the last time').count()).toBe(0);
  await first.getByRole('button', { name: 'Export', exact: true }).click();
  await first.waitFor({ state: 'hidden' });

  const again = await begin();
  const note = again.getByRole('note').filter({ hasText: 'As you chose the last time' });
  await expect
    .poll(() => note.getByRole('listitem').allInnerTexts())
    .toEqual([
      'CSV as the format',
      expect.stringMatching(/^your own choice of each conversation: Messages, .*Skills/),
      'anonymised',
    ]);
  await open.expectAccessible();
  await open.picture('export-dialog-last-time');
  await note.getByRole('button', { name: 'Use the usual settings' }).click();
  await expect.poll(() => note.count()).toBe(0);
  expect(await again.getByRole('radio', { name: 'JSON', exact: true }).isChecked()).toBe(true);
  expect(await again.getByRole('checkbox', { name: 'Anonymise' }).isChecked()).toBe(false);
  await again.getByRole('button', { name: 'Export', exact: true }).click();
  await again.waitFor({ state: 'hidden' });
  const { told } = await askAs(site, person, 'GET', '/v1/exports?mine=true&limit=1');
  expect(told.exports[0].order).toMatchObject({ format: 'json', anonymize: false });
});
