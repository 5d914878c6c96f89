import { expect, test } from 'vitest';
import { makeFirstOwnerLink } from '../../src/access/sign-in/joining/first-owner.ts';
import { openSite } from './support/site.ts';

test('the link of a new server makes its first owner, who is asked for a workspace where there is none', async () => {
  const site = await openSite({ conversations: 0 });
  try {
    await site.db.asSuperuser('delete from workspaces where id = $1', [site.workspaceId]);
    const link = await makeFirstOwnerLink(site.db.database, site.server.url);
    const { page, expectAccessible, picture } = await site.open();
    await page.goto(link!);
    await page.getByRole('heading', { name: 'Become the owner' }).waitFor();
    await page.getByLabel('Email address').fill('ada@example.com');
    await page.getByLabel('Your name').fill('Ada Byron');
    await page.getByLabel('Password', { exact: true }).fill('seven zebras quilt at dawn');
    await page.getByLabel('Name of the workspace').fill('Acme Support GmbH');
    expect(await page.getByLabel('Short name').inputValue()).toBe('acme-support-gmbh');
    await expectAccessible();
    await picture('first-owner');
    await page.getByRole('button', { name: 'Become the owner' }).click();
    await page.getByRole('button', { name: 'Ada Byron' }).click();
    await page.getByText('Acme Support GmbH · Owner').waitFor();
    await page.goto('/sign-in');
    await page.goto(link!);
    await page.getByRole('alert').getByText('This link does not work').waitFor();
  } finally {
    await site.close();
  }
});
