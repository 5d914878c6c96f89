import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openSite, type Site } from './support/site.ts';

// Settings: the list of pages, General (contract §5: a workspace tightens the table), Mails, and their width on a phone.

const soon = { timeout: 15_000 };

let site: Site;
beforeAll(async () => {
  site = await openSite({ conversations: 0 });
});
afterAll(() => site.close());

describe('general', () => {
  test('exports by owners only: an admin loses them with the next click', async () => {
    const admin = await site.openAs('admin');
    const open = await site.openAs('owner');
    const { page } = open;
    await open.visit('/settings/general');
    await open.expectAccessible();
    await open.picture('general');
    await page.getByRole('button', { name: 'Exports by owners only' }).click();
    await page.getByRole('button', { name: 'Save changes' }).click();
    await page.getByText('Taken from Admin: export the whole workspace').waitFor();
    await open.picture('general-question');
    await page.getByRole('button', { name: 'Change it' }).click();
    const box = page.getByRole('checkbox', { name: 'Admin: export the whole workspace' });
    await expect.poll(() => page.getByRole('dialog').count(), soon).toBe(0);
    expect(await box.isChecked()).toBe(false);
    const refused = await fetch(`${site.server.url}/v1/workspace/export?format=json`, {
      headers: admin.person.headers,
    });
    expect(refused.status).toBe(403);
    await page.getByRole('button', { name: 'As by default' }).click();
    await page.getByRole('button', { name: 'Save changes' }).click();
    await page.getByText('Given back to Admin: export the whole workspace').waitFor();
    await page.getByRole('button', { name: 'Change it' }).click();
    await expect.poll(() => page.getByRole('dialog').count(), soon).toBe(0);
    expect(await box.isChecked()).toBe(true);
  });

  test('who has no second factor is told to set one up before everybody is asked for one', async () => {
    const open = await site.openAs('owner');
    const { page } = open;
    await open.visit('/settings/general');
    await page.getByRole('switch', { name: 'Everybody needs a second factor' }).click();
    await page.getByRole('button', { name: 'Ask for it' }).click();
    await page.getByRole('alert').filter({ hasText: 'access.second_factor_first' }).waitFor();
  });

  test('the name is changed, and an empty line of spaces is refused at its place', async () => {
    const open = await site.openAs('owner');
    const { page } = open;
    await open.visit('/settings/general');
    const name = page.getByRole('textbox', { name: 'Name of the workspace' });
    await name.fill('Acme & Söhne');
    await page.getByRole('button', { name: 'Save', exact: true }).click();
    await page.getByText('Saved.').waitFor();
    await page.reload();
    await expect.poll(() => name.inputValue(), soon).toBe('Acme & Söhne');
    await name.fill('   ');
    await page.getByRole('button', { name: 'Save', exact: true }).click();
    await page.getByRole('alert').filter({ hasText: 'access.bad_name' }).waitFor();
  });
});

test('mails that did not leave are there to be handed over', async () => {
  const open = await site.openAs('owner');
  const { page } = open;
  const invited = await fetch(`${site.server.url}/v1/members/invitations`, {
    method: 'POST',
    headers: { ...open.person.headers, 'content-type': 'application/json' },
    body: JSON.stringify({ email: 'kept@example.com', role: 'viewer' }),
  });
  expect(invited.status).toBe(201);
  await open.visit('/settings/mails');
  await page.getByText('This server sends no mails').waitFor();
  await open.expectAccessible();
  await open.picture('mails');
  const row = page.getByRole('row').filter({ hasText: 'kept@example.com' });
  const state = row.getByText('Kept here');
  // As it is written, and whole.
  expect(await state.evaluate((mark) => getComputedStyle(mark).textTransform)).toBe('none');
  expect(await state.evaluate((mark) => mark.scrollWidth <= mark.clientWidth)).toBe(true);
  await row.getByRole('button').click();
  await page
    .getByRole('dialog')
    .getByText(/\/invite#/)
    .waitFor();
});

test('the settings list what one’s role may see, and nothing else', async () => {
  const open = await site.openAs('owner');
  await open.visit('/settings');
  await open.expectAccessible();
  await open.picture('settings');
  const viewer = await site.openAs('viewer');
  await viewer.visit('/settings');
  expect(await viewer.page.getByRole('link', { name: /Members|API keys|Webhooks|Audit log/ }).count()).toBe(
    0,
  );
});

test('on a phone no page of the settings scrolls sideways', async () => {
  const { page, visit } = await site.openAs('owner', { isPhone: true });
  for (const path of [
    '',
    '/general',
    '/members',
    '/branding',
    '/audit-log',
    '/audit-log/chain',
    '/api-keys',
    '/webhooks',
    '/mails',
  ]) {
    await visit(`/settings${path}`);
    const width = await page.evaluate('document.documentElement.scrollWidth');
    expect(width, path).toBeLessThanOrEqual(390);
  }
});
