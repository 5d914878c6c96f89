import { afterAll, beforeAll, expect, test } from 'vitest';
import { holdExports, orderExport } from './support/exports.ts';
import { markPage } from './support/open-page.ts';
import { openSite, type Site } from './support/site.ts';

// The overview: what was exported, by whom, what runs, what ends soon, what failed; and where to begin.

let site: Site;
beforeAll(async () => {
  site = await openSite();
});
afterAll(() => site.close());

test('of a workspace without exports it says so, and counts what it holds', async () => {
  const { page, visit, expectAccessible, picture } = await site.openAs('owner');
  await visit('/');
  const [held] = await site.db.asSuperuser<{ n: number }>(
    'select count(*)::int as n from conversations where workspace_id = $1',
    [site.workspaceId],
  );
  await page
    .getByRole('region', { name: 'What it holds' })
    .getByText(String(held!.n), { exact: true })
    .waitFor();
  await page.getByText('No export waits or runs.').waitFor();
  await page.getByText('Nothing was exported in the last 30 days.').first().waitFor();
  expect(await page.getByText('This workspace is empty').count()).toBe(0);
  await expectAccessible();
  await picture('overview-quiet');
});

test('shows what was made, by whom, what ends soon and what failed, as bars and as numbers', async () => {
  const admin = await site.openAs('admin');
  const owner = await site.openAs('owner');
  await orderExport(site, admin.person, { kind: 'workspace', format: 'json' });
  await orderExport(site, owner.person, { kind: 'contacts', format: 'csv' });
  const bad = await orderExport(site, owner.person, {});
  await site.db.asSuperuser(
    `update exports set status = 'failed', error_code = 'exports.storage_full' where id = $1`,
    [bad.job_id],
  );
  await site.db.asSuperuser(
    `insert into exports (workspace_id, id, kind, format, plan, status, stage, bytes, requested_by, interface, created_at, beat_at, finished_at)
     select workspace_id, 'exp_old' || n, kind, format, plan, 'expired', stage, 200000 * (n % 7 + 1), requested_by,
            interface, now() - n * interval '11 hours', now(), now()
       from exports, generate_series(1, 60) n where workspace_id = $1 and kind = 'workspace'`,
    [site.workspaceId],
  );
  await site.db.asSuperuser(
    `update exports set expires_at = now() + interval '26 hours' where kind = 'contacts'`,
  );
  const { page, visit, expectAccessible, picture } = owner;
  await visit('/');
  await page
    .getByRole('img', { name: /Bars for each of the last 30 days: 62 exports were made, 1 failed\./ })
    .waitFor();
  await page.getByRole('img', { name: /Bars for each of the last 30 days: .*MB in all\./ }).waitFor();
  const region = (name: string) => page.getByRole('region', { name });
  await region('Who had them made')
    .getByRole('row', { name: /Test admin\s+61/ })
    .waitFor();
  await region('Expires soon').getByRole('row').nth(1).getByText('in 26 hours').waitFor();
  await region('Failed lately')
    .getByText(/no (more )?room|full/i)
    .waitFor();
  await expectAccessible();
  await picture('overview');
  await page.getByRole('button', { name: 'Show the numbers' }).first().click();
  await page.getByRole('table', { name: 'Exports a day' }).getByRole('row').nth(30).waitFor();
  await expectAccessible();
  await region('Expires soon').getByRole('link').first().click();
  await page.waitForURL(/\/exports\/exp_/);
});

test('what somebody orders shows up by itself while it runs, and then among the latest', async () => {
  const { page, visit, person } = await site.openAs('owner');
  await visit('/');
  const isSamePage = await markPage(page);
  const release = await holdExports(site);
  await orderExport(site, person, {}, 0);
  const running = page.getByRole('region', { name: 'Running now' });
  await running.getByRole('row', { name: /Conversations · NDJSON.*Running/s }).waitFor();
  await running.getByRole('progressbar').waitFor();
  await release();
  await running.getByText('No export waits or runs.').waitFor();
  await page
    .getByRole('region', { name: 'Latest exports' })
    .getByRole('row', { name: /Ready/ })
    .first()
    .waitFor();
  expect(await isSamePage()).toBe(true);
});

test('an agent sees their own exports only; a viewer none, and nothing is asked about them', async () => {
  const agent = await site.openAs('agent');
  await agent.visit('/');
  await agent.page.getByText('Nothing was exported in the last 30 days.').first().waitFor();
  expect(await agent.page.getByText('Test admin').count()).toBe(0);
  const viewer = await site.openAs('viewer');
  const asked: string[] = [];
  viewer.page.on('request', (request) => asked.push(new URL(request.url()).pathname));
  await viewer.visit('/');
  await viewer.page.getByText('Your role reads here and exports nothing.').waitFor();
  await viewer.expectAccessible();
  expect(asked.filter((path) => path.startsWith('/v1/exports'))).toEqual([]);
});

test('an empty workspace offers its owner a way to begin, and nobody who may not', async () => {
  const empty = await openSite({ conversations: 0 });
  try {
    const { page, visit, expectAccessible, picture } = await empty.openAs('owner', { language: 'de' });
    await visit('/');
    await page.getByText('Dieser Arbeitsbereich ist leer').waitFor();
    await expectAccessible();
    await picture('overview-empty');
    await page.getByRole('link', { name: 'Anfangen' }).click();
    await page.waitForURL('**/welcome');
    const agent = await empty.openAs('agent');
    await agent.visit('/');
    await agent.page.getByText('Nothing was exported yet.').waitFor();
    expect(await agent.page.getByText('This workspace is empty').count()).toBe(0);
  } finally {
    await empty.close();
  }
});
