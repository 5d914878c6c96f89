import { afterAll, beforeAll, expect, test } from 'vitest';
import { askAs } from './support/exports.ts';
import { expectOnlyFor } from './support/open-page.ts';
import { openSite, type Site } from './support/site.ts';

// Exports that come again (V-14, pain 40): made in a form, run, paused, changed, deleted.

let site: Site;
beforeAll(async () => {
  site = await openSite();
});
afterAll(() => site.close());

const BODY = { name: 'Nightly', cron: '30 2 * * *', request: { kind: 'conversations', format: 'ndjson' } };

test('a schedule is made in a form that shows its next runs, and run at once', async () => {
  const { page, visit, person, expectAccessible, picture } = await site.openAs('owner');
  await visit('/schedules');
  await page.getByText('No schedules yet').waitFor();
  await expectAccessible();
  await picture('schedules-empty');
  await page.getByRole('link', { name: 'New schedule' }).click();
  await page.getByRole('textbox', { name: 'Name' }).fill('Monday report');
  await page.getByRole('combobox', { name: 'How often' }).click();
  await page.getByRole('option', { name: 'Every week' }).click();
  await page.getByLabel(/^At\b/).fill('06:15');
  const runs = page.getByRole('status').filter({ hasText: 'The next five runs' }).getByRole('listitem');
  // On the viewer's clock, which is the schedule's as well.
  await expect.poll(() => runs.filter({ hasText: '6:15' }).count()).toBe(5);
  await page.getByRole('radio', { name: /^CSV/ }).check();
  await page.getByRole('radio', { name: 'Kept here, and a link by mail' }).check();
  await page.getByRole('combobox', { name: 'Mail to', exact: true }).click();
  await page.getByRole('option', { name: new RegExp(person.email) }).click();
  await page.keyboard.press('Escape');
  await expectAccessible();
  await picture('schedule-form');
  await page.getByRole('button', { name: 'Create schedule' }).click();
  await page.getByRole('heading', { level: 1, name: 'Monday report' }).waitFor();
  const { told } = await askAs(site, person, 'GET', '/v1/schedules');
  expect(told.schedules).toMatchObject([
    {
      name: 'Monday report',
      cron: '15 6 * * 1',
      time_zone: 'Europe/Berlin',
      request: { kind: 'conversations', format: 'csv' },
      destination: { type: 'mail', to: [person.email] },
    },
  ]);
  await page.getByRole('button', { name: 'Run now' }).click();
  const done = page.getByRole('table', { name: 'Runs' }).getByRole('row', { name: /Done/ });
  await done.waitFor({ timeout: 30_000 });
  await expectAccessible();
  await picture('schedule');
  await done.getByRole('link', { name: 'Open' }).click();
  await page.waitForURL(/\/exports\/exp_/);
});

test('what does not make a schedule is told at its field, before and after it is sent', async () => {
  const { page, visit } = await site.openAs('admin');
  await visit('/schedules/new');
  await page.getByRole('textbox', { name: 'Name' }).fill('Odd');
  await page.getByRole('combobox', { name: 'How often' }).click();
  await page.getByRole('option', { name: 'As a cron line' }).click();
  await page.getByRole('textbox', { name: 'Cron line' }).fill('* * * * *');
  await page
    .getByRole('status')
    .getByText(/at least five minutes apart/)
    .waitFor();
  await page.getByRole('radio', { name: 'Only what changed' }).check();
  await page.getByRole('radio', { name: /^PDF/ }).check();
  await page.getByRole('button', { name: 'Create schedule' }).click();
  await page.getByRole('alert').getByText('schedules.bad_schedule').waitFor();
  await page.getByRole('textbox', { name: 'Cron line' }).fill('0 4 * * 1-5');
  await page.getByRole('button', { name: 'Create schedule' }).click();
  await page
    .locator('[class*="InputWrapper-error"]')
    .getByText(/takes .* with incremental/)
    .waitFor();
  expect(page.url()).toMatch(/\/schedules\/new$/);
});

test('a name that is too long is told while it is typed, is never cut, and is refused', async () => {
  const { page, visit, expectAccessible, picture } = await site.openAs('admin');
  await visit('/schedules/new');
  await page.getByText('At most 100 characters.').waitFor();
  const field = page.getByRole('textbox', { name: 'Name' });
  const long = 'n'.repeat(120);
  await field.fill(long);
  await page.getByText('These are 120 characters; it takes at most 100.').waitFor();
  expect(await field.inputValue()).toBe(long);
  expect(await field.getAttribute('aria-invalid')).toBe('true');
  await expectAccessible();
  await picture('schedule-name-too-long', 'in sight');
  await page.getByRole('button', { name: 'Create schedule' }).click();
  await page.getByRole('alert').first().waitFor();
  expect(page.url()).toMatch(/\/schedules\/new$/);
  await field.fill('n'.repeat(100));
  await expect.poll(() => page.getByText('it takes at most 100').count()).toBe(0);
});

test('one is paused and goes on, is changed, begins anew and is deleted, each after saying what happens', async () => {
  const { page, visit, person, expectAccessible, picture } = await site.openAs('owner');
  const { told } = await askAs(site, person, 'POST', '/v1/schedules', { ...BODY, incremental: true });
  await visit('/schedules');
  const row = page.getByRole('row', { name: /Nightly/ });
  const choose = async (act: string) => {
    await row.getByRole('button', { name: 'What to do with Nightly' }).click();
    await page.getByRole('menuitem', { name: act }).click();
  };
  await row.getByText('Every day at 02:30').waitFor();
  await picture('schedules');
  await choose('Pause');
  await row.getByText('Paused').waitFor();
  await row.getByText('by hand').waitFor();
  await expectAccessible();
  await choose('Resume');
  await row.getByText('Active').waitFor();
  await choose('Start anew with everything');
  await page
    .getByRole('dialog')
    .getByText(/Its next package holds everything again/)
    .waitFor();
  await page.getByRole('dialog').getByRole('button', { name: 'Start anew' }).click();
  await page.getByRole('dialog').waitFor({ state: 'hidden' });
  await choose('Edit');
  await page.getByRole('textbox', { name: 'Name' }).fill('Nightly, later');
  await page.getByLabel(/^At\b/).fill('03:45');
  await page.getByRole('button', { name: 'Save changes' }).click();
  await page.getByRole('heading', { level: 1, name: 'Nightly, later' }).waitFor();
  const after = await askAs(site, person, 'GET', `/v1/schedules/${told.id}`);
  // What was not touched is as it was.
  expect(after.told).toMatchObject({
    cron: '45 3 * * *',
    incremental: true,
    request: BODY.request,
    time_zone: 'UTC',
  });
  await page.getByRole('button', { name: 'What to do with Nightly, later' }).click();
  await page.getByRole('menuitem', { name: 'Delete' }).click();
  await page
    .getByRole('dialog')
    .getByText(/Exports that it made stay\./)
    .waitFor();
  await page.getByRole('dialog').getByRole('button', { name: 'Delete schedule' }).click();
  await page.waitForURL('**/schedules');
  await expect.poll(() => page.getByText('Nightly, later').count()).toBe(0);
  expect((await askAs(site, person, 'GET', `/v1/schedules/${told.id}`)).status).toBe(404);
});

test('one whose order the form cannot say keeps it', async () => {
  const { page, visit, person } = await site.openAs('owner');
  const [some] = await site.db.asSuperuser<{ id: string }>(
    'select id from conversations where workspace_id = $1 limit 1',
    [site.workspaceId],
  );
  const request = { kind: 'conversation', id: some!.id, format: 'json' };
  const { told } = await askAs(site, person, 'POST', '/v1/schedules', {
    ...BODY,
    name: 'One',
    request,
  });
  await visit(`/schedules/${told.id}/edit`);
  await page.getByText(/stays as it is: One conversation/).waitFor();
  await page.getByRole('textbox', { name: 'Name' }).fill('One, renamed');
  await page.getByRole('button', { name: 'Save changes' }).click();
  await page.getByRole('heading', { level: 1, name: 'One, renamed' }).waitFor();
  expect((await askAs(site, person, 'GET', `/v1/schedules/${told.id}`)).told.request).toEqual(request);
});

test('why one cannot run is told; in German, on a phone', async () => {
  const { page, visit, person, picture } = await site.openAs('owner', { language: 'de', isPhone: true });
  const { told } = await askAs(site, person, 'POST', '/v1/schedules', { ...BODY, name: 'Wartend' });
  await site.db.asSuperuser(
    `update schedules set paused_at = now(), paused_reason = 'failures', next_at = null, failures = 3 where id = $1`,
    [told.id],
  );
  await visit(`/schedules/${told.id}`);
  await page.getByText('dreimal nacheinander fehlgeschlagen').waitFor();
  await picture('schedule-paused');
  for (const path of ['/schedules', `/schedules/${told.id}`, '/schedules/new']) {
    await visit(path);
    expect(
      await page.evaluate('document.documentElement.scrollWidth <= document.documentElement.clientWidth'),
      path,
    ).toBe(true);
  }
});

test('who may not manage schedules is told who may, and has no way there', async () => {
  for (const role of ['editor', 'agent', 'viewer'] as const) {
    const { page, visit } = await site.openAs(role);
    await visit('/');
    expect(await page.getByRole('link', { name: 'Schedules' }).count()).toBe(0);
    await visit('/schedules');
    await expectOnlyFor(page, 'Owner, Admin');
    expect(await page.getByRole('link', { name: 'New schedule' }).count()).toBe(0);
  }
});
