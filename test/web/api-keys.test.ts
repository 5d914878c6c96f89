import { afterAll, beforeAll, expect, test } from 'vitest';
import { expectOnlyFor } from './support/open-page.ts';
import { openSite, type Site } from './support/site.ts';

// Settings ▸ API keys (K-29, contract §2).

const soon = { timeout: 15_000 };

let site: Site;
beforeAll(async () => {
  site = await openSite({ conversations: 0 });
});
afterAll(() => site.close());

const whoami = (key: string) =>
  fetch(`${site.server.url}/v1/whoami`, { headers: { authorization: `Bearer ${key}` } });

test('an admin makes a key that can do what was ticked, sees it once, and revokes it', async () => {
  const open = await site.openAs('admin');
  const { page } = open;
  await open.visit('/settings/api-keys');
  await page.getByText('No key yet').waitFor();
  await open.expectAccessible();
  await page.getByRole('button', { name: 'New key' }).click();
  await page.getByRole('textbox', { name: 'Name' }).fill('Nightly sync');
  await page.getByRole('checkbox', { name: 'export:read' }).check();
  await page.getByRole('checkbox', { name: 'contacts:read' }).check();
  expect(await page.getByRole('checkbox', { name: 'privacy:erase' }).count()).toBe(0); // it opens nothing yet
  await page.getByRole('combobox', { name: 'Only from these networks' }).fill('127.0.0.0/8');
  await page.keyboard.press('Enter');
  await page.getByLabel('Ends on').fill('2099-12-31');
  await open.expectAccessible();
  await open.picture('api-keys-new');
  await page.getByRole('button', { name: 'Make the key' }).click();
  await page.getByText('Copy the key now').waitFor();
  const key =
    /ak_convey_\S+/.exec(await page.getByRole('dialog').locator('pre').first().innerText())?.[0] ?? '';
  await open.expectAccessible();
  await open.picture('api-keys-made');
  const known = (await (await whoami(key)).json()) as { scopes: string[] };
  expect(known.scopes).toEqual(['export:read', 'contacts:read']);
  await page.keyboard.press('Escape'); // by mistake: it stays
  await page.getByRole('button', { name: 'I have it' }).click();
  expect(await page.getByText(key).count()).toBe(0);

  const row = page.getByRole('row').filter({ hasText: 'Nightly sync' });
  await page.reload();
  expect(await row.innerText()).toContain('127.0.0.0/8');
  expect(await row.innerText()).toMatch(/Works until\s+31 Dec 2099/);
  await open.expectAccessible();
  await open.picture('api-keys');
  await page.getByRole('button', { name: 'Revoke Nightly sync' }).click();
  await page.getByRole('button', { name: 'Revoke', exact: true }).click();
  await expect.poll(() => row.count(), soon).toBe(0);
  expect((await whoami(key)).status).toBe(401);
  await page.getByRole('button', { name: 'Show 1 that has ended' }).click();
  expect(await row.innerText()).toContain('Revoked');
});

test('a network that is none is refused at its place, and nothing is made', async () => {
  const open = await site.openAs('owner');
  const { page } = open;
  await open.visit('/settings/api-keys');
  await page.getByRole('button', { name: 'New key' }).click();
  await page.getByRole('textbox', { name: 'Name' }).fill('Odd');
  await page.getByRole('checkbox', { name: 'ingest' }).check();
  await page.getByRole('combobox', { name: 'Only from these networks' }).fill('nowhere');
  await page.keyboard.press('Enter');
  await page.getByRole('button', { name: 'Make the key' }).click();
  await page.getByRole('alert').filter({ hasText: 'access.bad_network' }).waitFor();
});

test('what one may not do oneself cannot be given to a key', async () => {
  const taken = { 'export.workspace': ['owner'] };
  await site.db.asSuperuser(`update workspaces set tightening = $2 where id = $1`, [
    site.workspaceId,
    JSON.stringify(taken),
  ]);
  const open = await site.openAs('admin');
  const { page } = open;
  await open.visit('/settings/api-keys');
  await page.getByRole('button', { name: 'New key' }).click();
  await page.getByText('You cannot give this: you lack export.workspace.').first().waitFor();
  expect(await page.getByRole('checkbox', { name: 'export:create' }).isDisabled()).toBe(true);
  expect(await page.getByRole('checkbox', { name: 'export:read' }).isDisabled()).toBe(false);
});

test('a viewer is told whom it is for', async () => {
  const open = await site.openAs('viewer');
  await open.visit('/settings/api-keys');
  await expectOnlyFor(open.page, 'Owner, Admin');
});
