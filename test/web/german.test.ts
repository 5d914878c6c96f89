import { afterAll, beforeAll, expect, test } from 'vitest';
import { markPage, openForTest } from './support/open-page.ts';
import { openSite, type Site } from './support/site.ts';

// In German what the server says is German as well: nothing of it stands beside German words in English.

let site: Site;
beforeAll(async () => {
  site = await openSite({ conversations: 12 });
});
afterAll(() => site.close());

test('the export dialog describes its fields and what is left out in German, and so it refuses', async () => {
  const open = await openForTest(site, 'owner', { language: 'de' });
  const { page, visit } = open;
  await visit('/settings/data-export');
  await page.getByRole('button', { name: 'Mehr Auswahl … für Gespräche und Nachrichten' }).click();
  const dialog = page.getByRole('dialog', { name: 'Gespräche exportieren' });
  await dialog.getByText('wo es stattfand', { exact: true }).waitFor();
  await dialog.getByText('interne Notizen: was Mitarbeitende füreinander geschrieben haben').waitFor();
  await dialog.getByRole('listitem').filter({ hasText: '(sie wurden nicht gewählt)' }).first().waitFor();
  await dialog.getByText(/^Felder: .*notes, events/).waitFor();
  for (const english of ['where it took place', 'they were not asked for', /^fields: /])
    expect(await dialog.getByText(english).count()).toBe(0);
  expect(await dialog.locator('[lang="en"]').count()).toBe(0);
  await open.expectAccessible();
  await open.picture('german-export-dialog');

  await dialog.getByLabel('E-Mail auch an').fill('nobody@example.com');
  await page.keyboard.press('Enter');
  await dialog.getByRole('button', { name: 'Exportieren', exact: true }).click();
  const refusal = dialog.getByRole('alert');
  await refusal.waitFor();
  await refusal
    .getByText(/^(Was bestellt wurde, passt nicht zusammen|So nimmt diese Adresse die Anfrage)/)
    .waitFor();
  await open.expectAccessible();
});

test('an export tells in German what is not in it, what was masked, and what that cannot promise', async () => {
  const open = await openForTest(site, 'admin', { language: 'de' });
  const { page, visit, person } = open;
  const ordered = await fetch(`${site.server.url}/v1/exports`, {
    method: 'POST',
    headers: { ...person.headers, 'content-type': 'application/json', prefer: 'wait=30' },
    body: JSON.stringify({ kind: 'conversations', format: 'ndjson', fields: ['messages'], anonymize: true }),
  });
  const { job_id: id } = (await ordered.json()) as { job_id: string };
  await visit(`/exports/${id}`);
  await page.getByText('sie wurden nicht gewählt').first().waitFor();
  await page.getByText(/^Namen, Kennungen, Adressen und Nummern stehen als Pseudonyme/).waitFor();
  await page
    .getByText(/Kennung × \d/)
    .first()
    .waitFor();
  expect(await page.getByText(/they were not asked for|stand as pseudonyms/).count()).toBe(0);
  await open.expectAccessible();
  await open.picture('german-export');
});

test('a sign-in is refused in German, and what the filter takes is said in German', async () => {
  const { page, context } = await site.open({ language: 'de' });
  await page.goto('/sign-in');
  await page.getByLabel('E-Mail-Adresse').fill('nobody@example.com');
  await page.getByLabel('Passwort', { exact: true }).fill('a wrong password of nobody');
  await page.getByRole('button', { name: 'Anmelden', exact: true }).click();
  const refusal = page.getByRole('alert');
  await refusal.getByText(/Die Adresse oder das Passwort stimmt nicht/).waitFor();
  expect(await refusal.getByText('is not right').count()).toBe(0);
  await context.close();

  const open = await openForTest(site, 'viewer', { language: 'de' });
  await open.visit('/conversations');
  await open.page.getByRole('button', { name: 'Filter', exact: true }).click();
  await open.page.getByRole('dialog').getByRole('button', { name: 'Kanal', exact: true }).click();
  await open.page.getByText('Kanal; bei mehreren: einer davon.').waitFor();
});

test('with another language everything is asked anew in it, on the same page, whatever the browser prefers', async () => {
  const open = await openForTest(site, 'owner', { language: 'en' });
  const { page, visit } = open;
  await visit('/settings/members');
  await page.getByText('read conversations and their messages', { exact: true }).waitFor();
  const isSame = await markPage(page);
  const asked = new Set<string | undefined>();
  page.on('request', (request) => {
    if (request.url().endsWith('/v1/permissions')) asked.add(request.headers()['accept-language']);
  });
  await page.getByRole('button', { name: 'Test owner', exact: true }).click();
  await page.getByRole('menuitemradio', { name: 'Deutsch' }).click();
  await page.getByText('Gespräche und ihre Nachrichten lesen', { exact: true }).waitFor();
  expect(await page.getByText('read conversations and their messages').count()).toBe(0);
  expect([...asked]).toEqual(['de']);
  expect(await isSame()).toBe(true);
  await page.keyboard.press('Escape');
  await open.expectAccessible();
  await open.picture('german-members');

  // The choice stays, here on another page.
  await visit('/settings/webhooks');
  await page.getByRole('button', { name: 'Neuer Webhook' }).click();
  await page.getByText('Ein Export wurde bis zum letzten Byte geholt.').waitFor();
  expect(await page.getByText('An export was fetched').count()).toBe(0);
});
