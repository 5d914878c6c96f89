import { Webhook } from 'standardwebhooks';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Receiver, startReceiver } from '../support/webhook-receiver.ts';
import { expectOnlyFor } from './support/open-page.ts';
import { openSite, type Site } from './support/site.ts';

// Settings ▸ Webhooks (K-28): set up, test, deliveries, once more, secret, off and on, delete.

const soon = { timeout: 15_000 };

let site: Site;
let receiver: Receiver;
beforeAll(async () => {
  receiver = await startReceiver();
  site = await openSite({ conversations: 0, settings: { CONVEY_WEBHOOK_ALLOW: '127.0.0.0/8' } });
});
afterAll(async () => {
  await site.close();
  await receiver.stop();
});

test('an admin sets one up, tests it, and has what failed sent once more', async () => {
  const open = await site.openAs('admin');
  const { page } = open;
  await open.visit('/settings/webhooks');
  await page.getByText('No webhook yet').waitFor();
  await open.expectAccessible();
  await page.getByRole('button', { name: 'New webhook' }).click();
  await page.getByRole('textbox', { name: 'Address' }).fill(`${receiver.url}/hook`);
  await page.getByRole('textbox', { name: 'What for' }).fill('Data team');
  await page.getByRole('checkbox', { name: 'schedule.paused' }).check();
  await open.expectAccessible();
  await open.picture('webhooks-new');
  await page.getByRole('button', { name: 'Set it up' }).click();
  const secret = (await page.getByRole('dialog').locator('pre').first().innerText()).trim();
  expect(secret).toMatch(/^whsec_/);
  await open.expectAccessible();
  await page.getByRole('button', { name: 'I have it' }).click();
  expect(await page.getByText(secret).count()).toBe(0);
  await open.picture('webhooks');

  receiver.answer('/hook', () => ({ status: 500 }));
  await page.getByRole('link', { name: 'Data team' }).click();
  await page.getByRole('button', { name: 'Send a test' }).click();
  await page.getByText('answered 500').waitFor();
  await page.getByRole('button', { name: 'Details' }).click();
  await page.getByText('Next try:').waitFor();
  // Its own next try must not come before ours.
  await site.db.asSuperuser(
    `update webhook_deliveries set next_attempt_at = now() + interval '1 hour' where status = 'queued'`,
  );
  await open.expectAccessible();
  await open.picture('webhook');
  receiver.answer('/hook', () => ({ status: 204 }));
  await page.getByRole('button', { name: 'Send all failed once more' }).click();
  await page.getByText('1 is sent once more.').waitFor();
  await page.getByText('Delivered', { exact: true }).nth(1).waitFor(); // the first is the filter
  await page.getByRole('button', { name: 'Send once more' }).click();
  await expect.poll(() => receiver.at('/hook').length, soon).toBe(3);
  const ids = receiver.at('/hook').map(({ headers, body }) => {
    new Webhook(secret).verify(body, headers);
    return headers['webhook-id'];
  });
  expect(new Set(ids).size).toBe(1);
  await page.getByRole('radiogroup').getByText('Failed', { exact: true }).click();
  await page.getByText('No message here.').waitFor();
  expect(new URL(page.url()).searchParams.get('status')).toBe('failed');
});

test('its secret is rotated, it is switched off and on, changed and deleted', async () => {
  const open = await site.openAs('owner');
  const { page } = open;
  await open.visit('/settings/webhooks');
  await page.getByRole('link', { name: 'Data team' }).click();
  const choose = async (item: string) => {
    await page.getByRole('button', { name: 'More', exact: true }).click();
    await page.getByRole('menuitem', { name: item, exact: true }).click();
  };
  await choose('New secret');
  await page.getByRole('button', { name: 'Make a new secret' }).click();
  await page.getByText('For 24 hours messages are signed with the old secret as well.').waitFor();
  await page.getByRole('button', { name: 'I have it' }).click();
  await choose('Switch off');
  await page.getByText('what happens meanwhile is not told later').waitFor();
  await page.getByRole('button', { name: 'Switch off' }).click();
  await page.getByText('Switched off by hand').waitFor();
  expect(await page.getByRole('button', { name: 'Send a test' }).isDisabled()).toBe(true);
  await choose('Switch on');
  await page.getByRole('button', { name: 'Switch on' }).click();
  await expect.poll(() => page.getByRole('button', { name: 'Send a test' }).isDisabled(), soon).toBe(false);
  await choose('Change');
  await page.getByRole('textbox', { name: 'What for' }).fill('Data platform');
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByRole('heading', { name: 'Data platform', level: 1 }).waitFor();
  await choose('Delete');
  await page.getByRole('button', { name: 'Delete', exact: true }).click();
  await page.getByText('No webhook yet').waitFor();
});

test('an address that is not on the public internet is refused at its place', async () => {
  const open = await site.openAs('owner');
  const { page } = open;
  await open.visit('/settings/webhooks');
  await page.getByRole('button', { name: 'New webhook' }).click();
  const address = page.getByRole('textbox', { name: 'Address' });
  await address.fill('https://192.168.0.1/hook');
  await page.getByRole('button', { name: 'Set it up' }).click();
  await page.getByRole('alert').filter({ hasText: 'webhooks.bad_url' }).waitFor();
  // What is wrong stands at the field, and there alone.
  expect(await address.getAttribute('aria-invalid')).toBe('true');
  expect(await page.getByText('It leads into a private network').count()).toBe(1);
  await open.expectAccessible();
  await open.picture('webhooks-refused', 'in sight');
  await page.getByRole('textbox', { name: 'What for' }).fill('x'.repeat(201));
  await page.getByRole('button', { name: 'Set it up' }).click();
  await expect
    .poll(() => page.getByRole('textbox', { name: 'What for' }).getAttribute('aria-invalid'), soon)
    .toBe('true');
  expect(await page.getByText('/description').count()).toBe(0);
});

test('an agent is told whom it is for', async () => {
  const open = await site.openAs('agent');
  await open.visit('/settings/webhooks');
  await expectOnlyFor(open.page, 'Owner, Admin');
});
