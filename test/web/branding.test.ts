import { readFile } from 'node:fs/promises';
import { PNG } from 'pngjs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { expectOnlyFor } from './support/open-page.ts';
import { openSite, type Site } from './support/site.ts';

// Settings ▸ Branding: name, colour and logo of transcripts, with a preview, down to the file that has them.

const soon = { timeout: 15_000 };

let site: Site;
beforeAll(async () => {
  site = await openSite({ conversations: 3 });
});
afterAll(() => site.close());

const picture = (width: number, height: number) => ({
  name: 'logo.png',
  mimeType: 'image/png',
  buffer: PNG.sync.write({ width, height, data: Buffer.alloc(width * height * 4, 0xa0) }),
});

test('an owner sets name, colour and logo, sees them at once, and finds them in a transcript', async () => {
  const open = await site.openAs('owner');
  const { page } = open;
  await open.visit('/settings/branding');
  await open.expectAccessible();
  const preview = page.getByRole('region', { name: 'Preview' });
  await page.getByRole('textbox', { name: 'Name above transcripts' }).fill('Acme Care');
  await page.getByRole('textbox', { name: 'Colour', exact: true }).fill('#5b3f8c');
  await preview.getByText('Acme Care').waitFor();
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByText('Saved.').waitFor();

  const files = page.locator('input[type=file]');
  const logo = page.getByRole('img', { name: 'Logo' });
  const width = () => logo.evaluate((image) => (image as unknown as { naturalWidth: number }).naturalWidth);
  await files.setInputFiles(picture(160, 40));
  await expect.poll(width, soon).toBe(160);
  await files.setInputFiles(picture(80, 40)); // another one is shown for it, not the old one
  await expect.poll(width, soon).toBe(80);
  await open.expectAccessible();
  await open.picture('branding');

  const arriving = page.waitForEvent('download');
  await page.getByRole('button', { name: 'HTML' }).click();
  const html = await readFile(await (await arriving).path(), 'utf8');
  expect(html).toContain('--brand:#5b3f8c');
  expect(html).toContain('Acme Care');
  expect(html).toContain('data:image/png;base64,');

  await page.getByRole('button', { name: 'Take it away' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Take it away' }).click();
  await expect.poll(() => logo.count(), soon).toBe(0);
});

test('a colour too light for white is shown in the shade it is used in', async () => {
  const open = await site.openAs('admin');
  const { page } = open;
  await open.visit('/settings/branding');
  await page.getByRole('textbox', { name: 'Colour', exact: true }).fill('#ffff00');
  await page.getByRole('region', { name: 'Preview' }).scrollIntoViewIfNeeded();
  await open.expectAccessible(); // white on it can be read
});

test('a file that is no picture is refused in the server’s words', async () => {
  const open = await site.openAs('owner');
  await open.visit('/settings/branding');
  const text = { name: 'logo.png', mimeType: 'image/png', buffer: Buffer.from('hello') };
  await open.page.locator('input[type=file]').setInputFiles(text);
  await open.page.getByRole('alert').filter({ hasText: 'access.bad_logo' }).waitFor();
});

test('a viewer is told whom it is for', async () => {
  const open = await site.openAs('viewer');
  await open.visit('/settings/branding');
  await expectOnlyFor(open.page, 'Owner, Admin');
});
