import { readFile } from 'node:fs/promises';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openSite, type Site } from './support/site.ts';

// Direct downloads in a browser (pains 2, 3, 4): a transfer that breaks never becomes a file, and says why.

let site: Site;
beforeAll(async () => {
  site = await openSite({ conversations: 10 });
});
afterAll(() => site.close());

const MIB = 1024 * 1024;

/** Has the page's requests for an export answered by a stream of so many MiB, which ends or breaks. */
const sendInstead = (page: Page, mebibytes: number, end: 'ends' | 'breaks', exportId: string) =>
  page.addInitScript(`{
    const real = window.fetch.bind(window);
    window.fetch = (input, init) => {
      if (!(typeof input === 'string' && input.includes('/export'))) return real(input, init);
      let sent = 0;
      const body = new ReadableStream({
        pull(controller) {
          if (sent++ < ${mebibytes}) return controller.enqueue(new Uint8Array(1024 * 1024).fill(sent));
          if (${end === 'ends'}) controller.close();
          else controller.error(new TypeError('network error'));
        },
      });
      const headers = {
        'content-disposition': \`attachment; filename="x.csv"; filename*=UTF-8''gro%C3%9F.csv\`,
        'convey-export-id': '${exportId}',
      };
      return Promise.resolve(new Response(body, { headers }));
    };
  }`);

/** Has the browser's question for a place answered by a file in its own storage. */
const answerPicker = (page: Page) =>
  page.addInitScript(`window.showSaveFilePicker = async ({ suggestedName }) =>
    (await navigator.storage.getDirectory()).getFileHandle(suggestedName, { create: true })`);

const storedSize = (page: Page, name: string): Promise<number> =>
  page.evaluate(`navigator.storage.getDirectory()
    .then((folder) => folder.getFileHandle('${name}')).then((handle) => handle.getFile()).then(({ size }) => size)`);

async function exportAll(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Export all' }).click();
  await page.getByRole('menuitem', { name: /CSV/ }).click();
}

test('a broken transfer is told with the server’s reason, and leaves no file', async () => {
  const { page, visit, person, expectAccessible, picture } = await site.openAs('owner');
  const reply = await fetch(`${site.server.url}/v1/contacts/export`, { headers: person.headers });
  await reply.text();
  const id = reply.headers.get('convey-export-id')!;
  await site.db.asSuperuser(
    `update exports set status = 'failed', error_code = 'exports.database_lost', error_detail = 'While reading contacts.'
      where id = $1`,
    [id],
  );
  await sendInstead(page, 3, 'breaks', id);
  let files = 0;
  page.on('download', () => files++);
  await visit('/contacts');
  await exportAll(page);
  await page.getByText('The download broke off').waitFor();
  await page.getByText('exports.database_lost').waitFor();
  await page
    .getByText(/The database broke off while the export was being written\. While reading contacts\./)
    .waitFor();
  await expectAccessible();
  await picture('download-broken');
  expect(files).toBe(0);
});

test('a refusal is told in the server’s words', async () => {
  const { page, visit, person } = await site.openAs('owner');
  await visit('/contacts');
  await site.db.asSuperuser(`update members set role = 'viewer' where user_id = $1`, [person.userId]);
  let files = 0;
  page.on('download', () => files++);
  await exportAll(page);
  await page.getByText('There is no file').waitFor();
  await page.getByText('You are not allowed to do this.').waitFor();
  await page.getByText('access.forbidden').waitFor();
  expect(files).toBe(0);
});

test('a large file is written to where the viewer says, as it comes', async () => {
  const { page, visit } = await site.openAs('owner');
  await answerPicker(page);
  await sendInstead(page, 70, 'ends', 'exp_none');
  await visit('/contacts');
  await exportAll(page);
  await page.getByText('groß.csv is saved').waitFor();
  expect(await storedSize(page, 'groß.csv')).toBe(70 * MIB);
});

test('a large file that breaks leaves the chosen place as it was', async () => {
  const { page, visit } = await site.openAs('owner');
  await answerPicker(page);
  await sendInstead(page, 70, 'breaks', 'exp_none');
  await visit('/contacts');
  await exportAll(page);
  await page.getByText('The download broke off').waitFor();
  expect(await storedSize(page, 'groß.csv')).toBe(0);
});

test('where no place can be asked for, the browser takes a large file over, whole', async () => {
  const { page, visit } = await site.openAs('owner');
  await page.addInitScript('delete window.showSaveFilePicker');
  await sendInstead(page, 70, 'ends', 'exp_none');
  await visit('/contacts');
  const arriving = page.waitForEvent('download');
  await exportAll(page);
  const file = await arriving;
  await page.getByText('Your browser has taken over').waitFor();
  expect(await readFile(await file.path(), 'utf8')).toMatch(/^\uFEFF"id","type","email",/);
});

test('whoever stops a download gets no file', async () => {
  const { page, visit } = await site.openAs('owner');
  await page.addInitScript(`
    window.showSaveFilePicker = () => new Promise(() => {});
    Object.defineProperty(navigator, 'userActivation', { value: { isActive: false } });
  `);
  await sendInstead(page, 70, 'ends', 'exp_none');
  let files = 0;
  page.on('download', () => files++);
  await visit('/contacts');
  await exportAll(page);
  await page.getByText('This file is large').waitFor();
  await page.getByRole('button', { name: 'Stop' }).click();
  await page.getByText('Stopped. No file was saved.').waitFor();
  expect(files).toBe(0);
});
