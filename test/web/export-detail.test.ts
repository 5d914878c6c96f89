import { createHash } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Download, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { verifyFile, verifyPackage } from '../../src/verify/verify-package.ts';
import { askAs, holdExports, orderExport } from './support/exports.ts';
import { expectOnlyFor, markPage } from './support/open-page.ts';
import { openSite, type Site } from './support/site.ts';

// One export (V-03, V-10, V-12; pains 1, 2, 4, 20, 23–25): how it is, what it holds, and how it is handed over.

let site: Site;
/** Fingerprint of the key that signs here. */
let key: string;
beforeAll(async () => {
  site = await openSite();
  key = (await site.server.installation.signingKeys.current()).fingerprint;
});
afterAll(() => site.close());

/** On a machine that does much else. */
const PATIENCE_MS = 40_000;
vi.setConfig({ testTimeout: 3 * PATIENCE_MS });

/** The file that a click saves. */
async function saved(page: Page, click: () => Promise<void>): Promise<Download> {
  const [download] = await Promise.all([page.waitForEvent('download', { timeout: PATIENCE_MS }), click()]);
  return download;
}

const section = (page: Page, name: string) => page.getByRole('region', { name });
const more = async (page: Page, action: string | RegExp) => {
  await page.getByRole('button', { name: 'More', exact: true }).click();
  await page.getByRole('menuitem', { name: action }).click();
};

test('a package: what was asked, what it holds; it is downloaded whole, verified, and that is on record', async () => {
  const { page, visit, person, expectAccessible, picture } = await site.openAs('owner');
  const made = await orderExport(site, person, {
    filter: { status: ['open', 'resolved'] },
    fields: ['messages', 'tags'],
  });
  await visit('/exports');
  await page.getByRole('link', { name: 'Conversations · NDJSON' }).click();
  await page.getByRole('heading', { name: 'Conversations · NDJSON', level: 1 }).waitFor();
  const asked = section(page, 'What was asked for');
  await asked.getByText('Open, Resolved').waitFor();
  await asked.getByText('Messages, Tags').waitFor();
  await section(page, 'Left out').getByText('contents of files').waitFor();
  await section(page, 'State')
    .getByText(/expires in 7 days/)
    .waitFor();
  await section(page, 'Who downloaded it').getByText('Nobody has downloaded it yet.').waitFor();
  await expectAccessible();
  await picture('export-ready');

  const zip = await saved(page, () => page.getByRole('button', { name: /^Download all/ }).click());
  expect(zip.suggestedFilename()).toMatch(/^convey-conversations-acme-.*\.zip$/);
  const result = await verifyPackage(await zip.path(), { keys: [key] });
  expect(result).toMatchObject({ ok: true, filter: { status: ['open', 'resolved'] } });
  const downloads = section(page, 'Who downloaded it');
  await downloads.getByRole('cell', { name: 'Test owner (you)' }).waitFor({ timeout: 3_000 });
  // Whether it was all of it is said as well.
  await downloads.getByText('Somebody had all of it, the last time on').waitFor();
  await downloads.getByRole('cell', { name: `all of ${zip.suggestedFilename()}` }).waitFor();

  const [part] = made.files;
  const file = await saved(page, () => page.getByRole('button', { name: `Download ${part!.name}` }).click());
  const digest = createHash('sha256')
    .update(await readFile(await file.path()))
    .digest('hex');
  expect(digest).toBe(part!.sha256);
  await section(page, 'Parts and files')
    .getByText(`${digest.slice(0, 12)}…`)
    .waitFor();
  const command = section(page, 'Check that it is whole and unchanged').getByText('npx convey verify');
  expect(await command.textContent()).toBe(`npx convey verify ${zip.suggestedFilename()} --key ${key}`);
});

test('one that runs is seen moving, and can be fetched when it is ready, without another page load', async () => {
  const { page, visit, person, picture, expectAccessible } = await site.openAs('admin');
  const release = await holdExports(site);
  const { job_id: id } = await orderExport(site, person, {}, 0);
  await visit(`/exports/${id}`);
  await section(page, 'State').getByRole('progressbar').waitFor();
  expect(await page.getByRole('button', { name: /^Download/ }).count()).toBe(0);
  const isSamePage = await markPage(page);
  await expectAccessible();
  await picture('export-running');
  await release();
  await page.getByRole('button', { name: /^Download all/ }).waitFor();
  expect(await section(page, 'State').getByRole('progressbar').count()).toBe(0);
  expect(await isSamePage()).toBe(true);
});

test('one is cancelled while it runs, and run again as it was', async () => {
  const { page, visit, person, picture } = await site.openAs('editor');
  const release = await holdExports(site);
  const { job_id: id } = await orderExport(site, person, {}, 0);
  await visit(`/exports/${id}`);
  await page.getByRole('button', { name: 'Cancel export' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Cancel export' }).click();
  await page.getByText('Nothing of it was kept.').waitFor();
  await picture('export-cancelled');
  await release();
  await page.getByRole('button', { name: 'Run again' }).click();
  await page.getByText('an earlier export').waitFor();
  expect(page.url()).not.toContain(id);
  await page.getByRole('button', { name: /^Download all/ }).waitFor();
  await page.getByRole('link', { name: 'an earlier export' }).click();
  await page.getByText('The export was cancelled', { exact: true }).waitFor();
});

test('a link is made, shown once, opened without a sign-in, counted, and withdrawn: then it is 410', async () => {
  const { page, visit, person, expectAccessible, picture } = await site.openAs('owner');
  const { job_id: id, sha256 } = await orderExport(site, person);
  await visit(`/exports/${id}`);
  const links = section(page, 'Links without a sign-in');
  await links.getByRole('button', { name: 'Make a link' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('combobox', { name: 'It works for' }).selectOption('1 hour');
  await dialog.getByRole('button', { name: 'Make a link' }).click();
  await dialog.getByText('It is not shown again').waitFor();
  const url = (await dialog.locator('pre').textContent())!;
  await expectAccessible();
  await picture('export-link');
  await dialog.getByRole('button', { name: 'Done' }).click();
  expect(await page.content()).not.toContain(new URL(url).hash.slice(1));

  const token = new URL(url).hash.slice(1);
  const stranger = await site.open();
  await stranger.page.goto(`/link#${token}`);
  const zip = await saved(stranger.page, () =>
    stranger.page.getByRole('button', { name: 'Download' }).click(),
  );
  expect(await verifyPackage(await zip.path(), { keys: [key] })).toMatchObject({ ok: true });
  await visit(`/exports/${id}`);
  const row = links.getByRole('row', { name: /Works/ });
  await row.getByRole('cell', { name: '1', exact: true }).waitFor();
  await section(page, 'Who downloaded it').getByText('Somebody with a link of Test owner').waitFor();

  await row.getByRole('button', { name: 'Withdraw' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Withdraw' }).click();
  await links.getByText('Withdrawn', { exact: true }).waitFor();
  const opened = await fetch(`${site.server.url}/v1/links/open`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ token }),
  });
  expect(opened.status).toBe(410);
  // Whoever has its page open still, and whoever opens it now, hears what happened and what one can do.
  const over = stranger.page.getByText('This link does not open the export any more.');
  await stranger.page.getByRole('button', { name: 'Download' }).click();
  await over.waitFor();
  await stranger.page.reload();
  await over.waitFor();
  await stranger.page.getByText('It was withdrawn.').waitFor();
  expect(await stranger.page.getByRole('button', { name: 'Download' }).count()).toBe(0);
  expect(await stranger.page.locator('#facts').isVisible()).toBe(false);
  await stranger.expectAccessible();
  await stranger.picture('link-ended');
  const again = stranger.page.getByRole('link', { name: 'Open the export' });
  expect(await again.getAttribute('href')).toBe(`/exports/${id}`);
  expect(sha256).not.toBeNull();
});

test('only a piece of it was fetched: that is said, and not that somebody had it', async () => {
  const { page, visit, person } = await site.openAs('owner');
  const { job_id: id, files } = await orderExport(site, person);
  await fetch(site.server.url + files[0]!.url, { headers: { ...person.headers, range: 'bytes=0-9' } });
  await visit(`/exports/${id}`);
  const downloads = section(page, 'Who downloaded it');
  await downloads.getByText('Nobody has had all of it yet').waitFor();
  await downloads.getByRole('cell', { name: /^only a piece of/ }).waitFor();
  expect(await downloads.getByText('Somebody had all of it').count()).toBe(0);
});

test('it is kept longer, but not for ever', async () => {
  const { page, visit, person } = await site.openAs('owner');
  const { job_id: id } = await orderExport(site, person);
  await visit(`/exports/${id}`);
  const extend = async (days: string) => {
    await page.getByRole('button', { name: 'Keep longer' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('combobox').selectOption(days);
    await dialog.getByRole('button', { name: 'Keep longer' }).click();
  };
  for (const [days, total] of [
    ['30 days', 37],
    ['30 days', 67],
  ] as const) {
    await extend(days);
    await page.getByText(`expires in ${total} days`).waitFor();
  }
  await extend('30 days');
  await page.getByRole('dialog').getByText('An export cannot be kept that long.').waitFor();
});

test('files are deleted after a question, or when their time is over: the page says so and offers to run again', async () => {
  const { page, visit, person, picture, expectAccessible } = await site.openAs('owner');
  const { job_id: id, package: path } = await orderExport(site, person);
  await visit(`/exports/${id}`);
  await more(page, 'Delete files');
  const dialog = page.getByRole('dialog', { name: 'Delete the files of this export?' });
  await dialog.getByRole('button', { name: 'Delete files' }).click();
  await page.getByText('The files are gone').waitFor();
  expect(await page.getByRole('button', { name: /^Download/ }).count()).toBe(0);
  expect((await askAs(site, person, 'GET', path!)).status).toBe(410);
  // What it was stays told.
  await section(page, 'State')
    .getByText(/conversations/)
    .waitFor();
  await expectAccessible();
  await picture('export-expired');
  await page.getByRole('button', { name: 'Run again' }).click();
  await page.getByRole('button', { name: /^Download all/ }).waitFor();

  // It expires under the viewer's hands: no file, and the reason.
  const next = new URL(page.url()).pathname.split('/').at(-1);
  await site.db.asSuperuser('update exports set expires_at = now() where id = $1', [next]);
  await page.getByRole('button', { name: /^Download all/ }).click();
  await page.getByRole('alert').getByText('exports.expired').waitFor();
});

test('a failure says why, with its code, and what to do', async () => {
  const { page, visit, person, picture, expectAccessible } = await site.openAs('admin');
  const { job_id: id } = await orderExport(site, person);
  await site.db.asSuperuser(
    `update exports set status = 'failed', error_code = 'exports.storage_full', error_detail = 'The disk is full.'
      where id = $1`,
    [id],
  );
  await visit(`/exports/${id}`);
  const told = page.getByRole('alert');
  await told.getByText('There is no room left to write the export.').waitFor();
  await told.getByText('The disk is full.').waitFor();
  await told.getByText('If it fails with the same code').waitFor();
  expect(await told.getByRole('link', { name: 'exports.storage_full' }).getAttribute('href')).toBe(
    '/problems/exports.storage_full',
  );
  expect(await page.getByRole('button', { name: /^Download/ }).count()).toBe(0);
  await expectAccessible();
  await picture('export-failed');
});

test('what was sent at once leaves a receipt that checks the file', async () => {
  const { page, visit, person, picture } = await site.openAs('owner');
  const reply = await fetch(`${site.server.url}/v1/contacts/export?format=csv`, { headers: person.headers });
  const bytes = Buffer.from(await reply.arrayBuffer());
  const id = reply.headers.get('convey-export-id')!;
  await visit(`/exports/${id}`);
  const receipt = await saved(page, () => page.getByRole('link', { name: 'Download the receipt' }).click());
  const folder = await mkdtemp(join(tmpdir(), 'convey-receipt-'));
  await writeFile(join(folder, 'contacts.csv'), bytes);
  const result = await verifyFile(join(folder, 'contacts.csv'), await receipt.path(), { keys: [key] });
  expect(result).toMatchObject({ ok: true });
  await rm(folder, { recursive: true });
  await section(page, 'Check that it is whole and unchanged').getByText('--receipt receipt.json').waitFor();
  expect(await section(page, 'Parts and files').count()).toBe(0);
  expect(await section(page, 'Links without a sign-in').count()).toBe(0);
  await picture('export-sent-at-once');
});

test('an anonymised export tells what was masked, and what that cannot promise', async () => {
  const { page, visit, person, picture } = await site.openAs('owner');
  const { job_id: id } = await orderExport(site, person, { anonymize: true });
  await visit(`/exports/${id}`);
  const masked = section(page, 'Anonymised');
  await masked.getByText('It is not promised').waitFor();
  expect(await masked.getByRole('row').count()).toBeGreaterThan(1);
  await picture('export-anonymised');
});

test('files whose bytes are not there are named with the reason; the export is ready nonetheless', async () => {
  const { page, visit, person, picture, expectAccessible } = await site.openAs('owner');
  await site.db.asSuperuser(`insert into files (workspace_id, id, ref, kind, name, conversation_id, created_at,
      written_at, changed_epoch, changed_xid)
    select workspace_id, 'lost-file', 'fil_lost', 'attachment', 'gone.txt', id, now(), now(), 1, pg_current_xact_id()
      from conversations order by id limit 1`);
  const made = await orderExport(site, person, { kind: 'workspace', files: true });
  expect(made.status).toBe('ready');
  await visit(`/exports/${made.job_id}`);
  await page.getByText('Complete, but for this').waitFor();
  const missing = section(page, 'Files without contents');
  await missing.getByRole('cell', { name: 'lost-file' }).waitFor();
  await expectAccessible();
  await picture('export-missing-files');
});

test('“with changes” begins with how it was ordered', async () => {
  const { page, visit, person } = await site.openAs('owner');
  const { job_id: id } = await orderExport(site, person, { format: 'json', fields: ['messages', 'tags'] });
  await visit(`/exports/${id}`);
  await more(page, /with changes/);
  const dialog = page.getByRole('dialog');
  expect(await dialog.getByRole('radio', { name: /^JSON/ }).isChecked()).toBe(true);
  await dialog.getByRole('checkbox', { name: 'Channel' }).check();
  await dialog.getByRole('button', { name: 'Export', exact: true }).click();
  await expect
    .poll(async () => {
      const { told } = await askAs(site, person, 'GET', '/v1/exports?mine=true&limit=1');
      return [told.exports[0].rerun_of, told.exports[0].fields];
    })
    .toEqual([id, ['messages', 'channel', 'tags']]);
});

test('roles: others’ exports as far as one reaches, links only for who may share, nothing for a viewer', async () => {
  const owner = await site.openAs('owner');
  const { job_id: id } = await orderExport(site, owner.person, { kind: 'workspace', format: 'json' });
  const admin = await site.openAs('admin');
  await admin.visit(`/exports/${id}`);
  await admin.page.getByRole('button', { name: /^Download all/ }).waitFor();
  for (const role of ['editor', 'agent', 'viewer'] as const) {
    const { page } = await site.openAs(role);
    await page.goto(`/exports/${id}`);
    if (role === 'viewer') await expectOnlyFor(page, 'Owner, Admin, Editor, Agent');
    else await page.getByRole('alert').getByText('access.forbidden').waitFor();
    expect(await page.getByRole('button', { name: /Download|More|Cancel/ }).count()).toBe(0);
    expect(await page.getByRole('region').count()).toBe(0);
  }
  const { page, visit, person } = await site.openAs('agent');
  const conversation = (
    await site.db.asSuperuser<{ id: string }>('select id from conversations order by id limit 1')
  )[0]!.id;
  const own = await orderExport(site, person, { kind: 'conversation', format: 'json', id: conversation });
  await visit(`/exports/${own.job_id}`);
  await page.getByRole('button', { name: /^Download all/ }).waitFor();
  expect(await section(page, 'Links without a sign-in').count()).toBe(0);
  await section(page, 'What was asked for').getByText('not included').first().waitFor();

  await page.goto('/exports/exp_none');
  await page.getByRole('alert').getByText('exports.unknown').waitFor();
});

test('in German, and in the dark on a phone', async () => {
  const owner = await site.openAs('owner');
  const { job_id: id } = await orderExport(site, owner.person);
  const { page, visit, expectAccessible } = await site.openAs('owner', {
    language: 'de',
    scheme: 'dark',
    isPhone: true,
  });
  await visit(`/exports/${id}`);
  await page.getByRole('region', { name: 'Was bestellt wurde' }).waitFor();
  await page.getByRole('button', { name: /^Alles herunterladen/ }).waitFor();
  const overflow = await page.evaluate<number>('document.documentElement.scrollWidth - innerWidth');
  expect(overflow).toBeLessThanOrEqual(0);
  await expectAccessible();
});
