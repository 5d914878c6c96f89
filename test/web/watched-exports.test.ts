import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import type { OpenPage } from './support/chromium.ts';
import { holdExports, orderExport } from './support/exports.ts';
import { markPage, openForTest } from './support/open-page.ts';
import { openSite, type Site } from './support/site.ts';

// Exports as somebody watches them (V-10; pains 1, 4): how far they are, what they wait for, and a server that goes away
// meanwhile.

vi.setConfig({ testTimeout: 300_000 });
/** A hundred PDFs take their time on a machine that does much else. */
const PATIENCE = { timeout: 140_000 };

let site: Site;
beforeAll(async () => {
  site = await openSite({ conversations: 100, settings: { CONVEY_EXPORTS_PER_WORKSPACE: '1' } });
});
afterAll(() => site.close());

const state = ({ page }: OpenPage) => page.getByRole('region', { name: 'State' });
const note = ({ page }: OpenPage) =>
  page.getByRole('status').filter({ hasText: 'No connection to the server since' });

test('PDFs are counted as they are made: records, documents, bytes, the time that has passed', async () => {
  const open = await openForTest(site, 'owner');
  const { job_id: id } = await orderExport(site, open.person, { format: 'pdf' }, 0);
  await open.visit(`/exports/${id}`);
  const told = state(open).getByText(/^[1-9][\d,]* of [\d,]+ records · \d+ documents? · .*B$/);
  await told.waitFor(PATIENCE);
  await state(open)
    .getByText(/^for \d+ (second|minute)s? now/)
    .waitFor();
  const share = Number(await state(open).getByRole('progressbar').getAttribute('aria-valuenow'));
  expect(share).toBeLessThan(100);
  await open.expectAccessible();
  await open.picture('export-progress-pdf');
  await open.page.getByRole('button', { name: /^Download all/ }).waitFor(PATIENCE);
  expect(await told.count()).toBe(0);
});

test('an export that waits says what for, and how many are before it', async () => {
  const open = await openForTest(site, 'owner');
  const release = await holdExports(site);
  const ids: string[] = [];
  for (let i = 0; i < 3; i++) ids.push((await orderExport(site, open.person, {}, 0)).job_id);
  await open.visit(`/exports/${ids[2]!}`);
  await state(open)
    .getByText('Waits for its turn: 1 export of this workspace runs now. It is number 2 in line.')
    .waitFor();
  expect(await state(open).getByRole('progressbar').count()).toBe(0);
  await open.expectAccessible();
  await open.picture('export-waiting');
  await open.visit(`/exports/${ids[1]!}`);
  await state(open).getByText('It is the next.').waitFor();
  await release();
  await open.page.getByRole('button', { name: /^Download all/ }).waitFor(PATIENCE);
});

test('while the server is away a running export says so and since when; it goes on by itself when it is back', async () => {
  const open = await openForTest(site, 'owner');
  const { page } = open;
  const release = await holdExports(site);
  const { job_id: id } = await orderExport(site, open.person, {}, 0);
  await open.visit(`/exports/${id}`);
  await state(open).getByRole('progressbar').waitFor();
  expect(await note(open).count()).toBe(0);
  const isSamePage = await markPage(page);
  const bringBack = await site.takeAway();
  await note(open).waitFor();
  await note(open)
    .getByText(/since \d+:\d\d:\d\d/)
    .waitFor();
  // The last that was heard stays, marked as such, and nothing says how fast it goes.
  await page.getByText('(then)').waitFor();
  await state(open).getByRole('progressbar').waitFor();
  expect(
    await state(open)
      .getByText(/per second|left|now$/)
      .count(),
  ).toBe(0);
  expect(await page.getByRole('button', { name: /^Download/ }).count()).toBe(0);
  await open.expectAccessible();
  await open.picture('export-server-away');
  await release();
  await bringBack();
  await page.getByRole('button', { name: /^Download all/ }).waitFor(PATIENCE);
  expect(await note(open).count()).toBe(0);
  expect(await page.getByText('(then)').count()).toBe(0);
  expect(await isSamePage()).toBe(true);
});

test('one that ended while the server was away is shown as ended, on its page and in the list', async () => {
  const open = await openForTest(site, 'owner');
  const list = await openForTest(site, 'owner');
  const release = await holdExports(site);
  const { job_id: id } = await orderExport(site, open.person, {}, 0);
  await open.visit(`/exports/${id}`);
  await list.visit('/exports');
  await state(open).getByRole('progressbar').waitFor();
  const row = list.page.getByRole('row', { name: /Running/ });
  await row.waitFor();
  const bringBack = await site.takeAway();
  await note(open).waitFor();
  await note(list).waitFor();
  await list.expectAccessible();
  await list.picture('exports-server-away');
  await release();
  await site.db.asSuperuser(
    `update exports set status = 'failed', error_code = 'exports.storage_full', finished_at = now() where id = $1`,
    [id],
  );
  await site.db.asSuperuser(`update jobs set status = 'failed', finished_at = now() where subject_id = $1`, [
    id,
  ]);
  await bringBack();
  await open.page.getByText('There is no room left to write the export.').waitFor(PATIENCE);
  expect(await note(open).count()).toBe(0);
  await list.page.getByRole('row', { name: /Failed/ }).waitFor(PATIENCE);
  expect(await row.count()).toBe(0);
  expect(await note(list).count()).toBe(0);
});

test('in German', async () => {
  const open = await openForTest(site, 'owner', { language: 'de', isPhone: true });
  const release = await holdExports(site);
  const ids: string[] = [];
  for (let i = 0; i < 2; i++) ids.push((await orderExport(site, open.person, {}, 0)).job_id);
  await open.visit(`/exports/${ids[1]!}`);
  await open.page.getByText('1 Export dieses Workspace läuft gerade. Er ist der nächste.').waitFor();
  await release();
  await open.page.getByRole('button', { name: /^Alles herunterladen/ }).waitFor(PATIENCE);
});
