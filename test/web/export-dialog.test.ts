import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { OpenPage } from './support/chromium.ts';
import { askAs, type ToldExport } from './support/exports.ts';
import { openForTest } from './support/open-page.ts';
import { readCsv, readNdjson, readZip } from './support/read-files.ts';
import { openSite, type Site } from './support/site.ts';

// The export dialog (V-02, V-05…V-09, V-11): every choice, what it gives, and the file that comes of it.

let site: Site;
beforeAll(async () => {
  site = await openSite({ conversations: 12 });
});
afterAll(() => site.close());

const openAs = (...who: Parameters<Site['openAs']>) => openForTest(site, ...who);

type Opened = Awaited<ReturnType<typeof openAs>>;

/** Opens the dialog from Settings ▸ Data export. */
async function openDialog({ page, visit }: OpenPage, of = 'Conversations and messages') {
  await visit('/settings/data-export');
  await page.getByRole('button', { name: `More choices … for ${of}` }).click();
  const dialog = page.getByRole('dialog');
  await settled(dialog);
  return dialog;
}

type Dialog = Awaited<ReturnType<typeof openDialog>>;

/** Waits until the preview is of what is chosen now. */
async function settled(dialog: Dialog) {
  await dialog.getByRole('radiogroup', { name: 'Format' }).waitFor();
  await dialog.locator('[aria-busy="false"]').waitFor();
  await dialog.getByRole('status').waitFor();
}

/** Presses “Export”, follows the notice’s link, and gives the export when it is ready. */
async function order({ page, person }: Opened, dialog: Dialog): Promise<ToldExport & { expires_at: string }> {
  await dialog.getByRole('button', { name: 'Export', exact: true }).click();
  await page.getByText('The export is on its way').waitFor();
  expect(await page.getByRole('dialog').count()).toBe(0);
  const link = page.getByRole('alert').getByRole('link', { name: 'Look at it' });
  const id = (await link.getAttribute('href'))!.split('/').at(-1)!;
  await link.click();
  await expect.poll(() => new URL(page.url()).pathname).toBe(`/exports/${id}`);
  const look = async () => {
    const { told } = await askAs(site, person, 'GET', `/v1/exports/${id}`);
    return told as ToldExport & { expires_at: string };
  };
  await expect.poll(async () => (await look()).status, { timeout: 60_000 }).toBe('ready');
  return look();
}

/** The bytes of the export’s one part. */
async function partOf({ person }: Opened, { files }: ToldExport): Promise<Buffer> {
  const reply = await fetch(site.server.url + files[0]!.url, { headers: person.headers });
  expect(reply.status).toBe(200);
  return Buffer.from(await reply.arrayBuffer());
}

test('a double click on “Export” orders one export', async () => {
  const open = await openAs('owner');
  const orders: string[] = [];
  open.page.on('request', (request) => {
    if (request.method() === 'POST' && new URL(request.url()).pathname === '/v1/exports')
      orders.push(request.url());
  });
  const dialog = await openDialog(open);
  await dialog.getByRole('button', { name: 'Export', exact: true }).dblclick();
  await open.page.getByText('The export is on its way').waitFor();
  expect(orders).toHaveLength(1);
});

test('without a network the order fails at once, and is not made later', async () => {
  const open = await openAs('owner');
  const dialog = await openDialog(open);
  await open.context.setOffline(true);
  await dialog.getByRole('button', { name: 'Export', exact: true }).click();
  await dialog.getByRole('alert').waitFor();
  let orders = 0;
  open.page.on('request', (request) => {
    if (request.method() === 'POST' && new URL(request.url()).pathname === '/v1/exports') orders++;
  });
  await open.context.setOffline(false);
  await dialog.getByRole('button', { name: 'Cancel' }).click();
  await open.visit('/exports');
  expect(orders).toBe(0);
});

describe('formats', () => {
  const text = (bytes: Buffer) => bytes.toString('utf8');
  const checks: Record<string, { choose: string; check: (bytes: Buffer) => void }> = {
    json: { choose: 'JSON', check: (bytes) => expect(JSON.parse(text(bytes))).toHaveLength(12) },
    ndjson: { choose: 'NDJSON', check: (bytes) => expect(readNdjson(bytes).records).toBe(12) },
    csv: { choose: 'CSV', check: (bytes) => expect(readCsv(bytes).rows).toBe(12) },
    xlsx: {
      choose: 'Excel (XLSX)',
      check: (bytes) => expect(Object.keys(readZip(bytes))).toContain('xl/workbook.xml'),
    },
    html: {
      choose: 'HTML',
      check: (bytes) => {
        const files = Object.entries(readZip(bytes));
        const pages = files.filter(([name]) => name.endsWith('.html') && !name.startsWith('index'));
        expect(pages).toHaveLength(12);
        expect(text(pages[0]![1])).toContain('<html');
      },
    },
    pdf: {
      choose: 'PDF',
      check: (bytes) => {
        const documents = Object.entries(readZip(bytes)).filter(([name]) => name.endsWith('.pdf'));
        expect(documents.length).toBeGreaterThanOrEqual(12);
        for (const [, document] of documents) expect(document.toString('latin1', 0, 5)).toBe('%PDF-');
      },
    },
    'chat-jsonl': {
      choose: 'Chat JSONL',
      check: (bytes) => {
        const [first] = text(bytes).split('\n');
        expect(Object.keys(JSON.parse(first!) as object)).toEqual(['messages']);
      },
    },
  };

  test.each(Object.entries(checks))(
    'conversations as %s, down to the file',
    async (_format, { choose, check }) => {
      const open = await openAs('owner');
      const dialog = await openDialog(open);
      await dialog.getByRole('radio', { name: choose, exact: true }).check();
      await settled(dialog);
      check(await partOf(open, await order(open, dialog)));
    },
  );

  test('a table of messages: its rows, its own fields, and what it is nothing without', async () => {
    const open = await openAs('editor');
    const dialog = await openDialog(open);
    await dialog.getByRole('radio', { name: 'CSV', exact: true }).check();
    await dialog.getByRole('radio', { name: 'Message', exact: true }).check();
    const messages = dialog.getByRole('checkbox', { name: 'Messages' });
    expect([await messages.isChecked(), await messages.isDisabled()]).toEqual([true, true]);
    expect(await dialog.getByRole('checkbox', { name: 'Citations' }).isChecked()).toBe(true);
    expect(await dialog.getByRole('checkbox', { name: 'Tags' }).isChecked()).toBe(false);
    await dialog.getByRole('radio', { name: 'Programs' }).check();
    await settled(dialog);
    const said = await dialog.getByRole('status').innerText();
    const bytes = await partOf(open, await order(open, dialog));
    const [header, ...rows] = text(bytes).split('\r\n');
    expect(header).toBe('conversation_id,message_id,created_at,role,author,is_internal,body,citations');
    expect(text(bytes).startsWith('\uFEFF')).toBe(false);
    expect(Number(/([\d,]+) messages/.exec(said)![1]!.replace(',', ''))).toBeLessThanOrEqual(rows.length);
  });
});

test('a filter of the list is told in words, narrows the file, and stands in the command', async () => {
  const open = await openAs('editor');
  const { page, visit } = open;
  await visit('/conversations?status=resolved');
  await page.getByRole('button', { name: 'Export filter' }).click();
  const dialog = page.getByRole('dialog', { name: 'Export conversations' });
  await settled(dialog);
  await dialog.getByRole('listitem').filter({ hasText: 'State Resolved' }).waitFor();
  await dialog.getByText('Do the same from a script').click();
  await dialog.getByText('--status=resolved').waitFor();
  await dialog.getByRole('radio', { name: 'NDJSON', exact: true }).check();
  await settled(dialog);
  await open.expectAccessible();
  await open.picture('export-dialog-filter');
  const lines = (await partOf(open, await order(open, dialog))).toString('utf8').trimEnd().split('\n');
  const states = lines.slice(0, -1).map((line) => (JSON.parse(line) as { status: string }).status);
  expect(states.length).toBeGreaterThan(0);
  expect(new Set(states)).toEqual(new Set(['resolved']));
});

test('what it will hold follows the choices: counts, what is left out, and what anonymising cannot promise', async () => {
  const open = await openAs('admin');
  const dialog = await openDialog(open);
  await dialog.getByText('12 conversations').waitFor();
  const before = await dialog.getByRole('status').innerText();
  await dialog.getByText(/^fields: .*notes, events/).waitFor();
  await open.expectAccessible();
  await open.picture('export-dialog');

  await dialog.getByRole('checkbox', { name: 'Internal notes' }).check();
  await settled(dialog);
  expect(await dialog.getByText(/^fields: .*notes/).count()).toBe(0);
  expect(await dialog.getByRole('status').innerText()).not.toBe(before);
  await dialog.getByRole('button', { name: 'Usual choice' }).click();
  await settled(dialog);
  expect(await dialog.getByRole('status').innerText()).toBe(before);

  await dialog.getByRole('checkbox', { name: 'With the contents of files' }).check();
  await dialog.getByRole('checkbox', { name: 'Anonymise' }).check();
  await dialog.getByText('What this cannot promise').waitFor();
  const files = dialog.getByRole('checkbox', { name: 'With the contents of files' });
  expect([await files.isChecked(), await files.isDisabled()]).toEqual([false, true]);
  await open.expectAccessible();
  await open.picture('export-dialog-anonymised');
  const made = await order(open, dialog);
  const [{ email }] = (await site.db.asSuperuser<{ email: string }>(
    'select email from contacts where email is not null limit 1',
  )) as [{ email: string }];
  const text = (await partOf(open, made)).toString('utf8');
  expect(text).toContain('@anon.invalid');
  expect(text).not.toContain(email);
});

test('how long it is kept, and who is told; what the server refuses stands at its field', async () => {
  const open = await openAs('owner');
  const { page, person } = open;
  const dialog = await openDialog(open, 'Contacts');
  await dialog.getByLabel('Also mail to').fill('nobody@example.com');
  await page.keyboard.press('Enter');
  await dialog.getByRole('button', { name: 'Export', exact: true }).click();
  await dialog.getByRole('alert').waitFor();
  const field = dialog.getByLabel('Also mail to');
  expect(await field.getAttribute('aria-invalid')).toBe('true');
  await dialog.getByText('takes mail addresses of members of the workspace', { exact: true }).waitFor();
  await expect.poll(() => field.evaluate((element) => element.matches(':focus'))).toBe(true);
  await open.expectAccessible();
  await open.picture('export-dialog-refused');

  await dialog
    .getByRole('button', { name: /nobody@example.com/ })
    .or(dialog.locator('.mantine-Pill-remove'))
    .first()
    .click();
  await dialog.getByRole('checkbox', { name: 'Mail me when it is done' }).check();
  await dialog.getByRole('textbox', { name: 'Days to keep it' }).fill('3');
  const made = await order(open, dialog);
  const days = (Date.parse(made.expires_at) - Date.now()) / 86_400_000;
  expect(Math.round(days)).toBe(3);
  const mails = await site.db.asSuperuser('select 1 from mails where recipient = $1', [person.email]);
  expect(mails).toHaveLength(1);
});

test('saved choices: kept, taken, changed, renamed, deleted', async () => {
  const open = await openAs('editor');
  const { page } = open;
  const dialog = await openDialog(open);
  const box = (name: string) => dialog.getByRole('checkbox', { name, exact: true });
  await box('Tags').uncheck();
  await box('Events').check();
  await dialog.getByRole('button', { name: 'Save choice …' }).click();
  await dialog.getByRole('textbox', { name: 'Name of the choice' }).fill('For the auditors');
  await box('Everybody in this workspace may use it').check();
  await open.picture('export-dialog-save-choice');
  await dialog.getByRole('button', { name: 'Save', exact: true }).click();
  const sets = dialog.getByRole('combobox', { name: 'Saved choices' });
  await expect.poll(() => sets.inputValue()).toBe('For the auditors');

  await dialog.getByRole('button', { name: 'Usual choice' }).click();
  await box('Skills').check();
  await dialog.getByRole('button', { name: 'Update' }).click();
  await expect.poll(() => dialog.getByRole('button', { name: 'Update' }).count()).toBe(0);
  await dialog.getByRole('button', { name: 'Rename …' }).click();
  await dialog.getByRole('textbox', { name: 'Name of the choice' }).fill('Skills too');
  await dialog.getByRole('button', { name: 'Save', exact: true }).click();
  await expect.poll(() => sets.inputValue()).toBe('Skills too');
  await open.expectAccessible();

  // A colleague finds the shared one, and it chooses its fields.
  const other = await openAs('admin');
  const theirs = await openDialog(other);
  await theirs.getByRole('combobox', { name: 'Saved choices' }).click();
  await other.page.getByRole('option', { name: 'Skills too' }).click();
  expect(await theirs.getByRole('checkbox', { name: 'Skills' }).isChecked()).toBe(true);

  await dialog.getByRole('button', { name: 'Delete …' }).click();
  const question = page.getByRole('dialog', { name: 'Delete the saved choice “Skills too”?' });
  await question.getByRole('button', { name: 'Delete choice' }).click();
  await question.waitFor({ state: 'hidden' });
  await expect.poll(() => sets.isDisabled()).toBe(true);
});

test('the next time begins as the last one ended, for each kind', async () => {
  const open = await openAs('owner');
  const dialog = await openDialog(open);
  await dialog.getByRole('radio', { name: 'CSV', exact: true }).check();
  await dialog.getByRole('checkbox', { name: 'Skills' }).check();
  await order(open, dialog);
  const again = await openDialog(open);
  expect(await again.getByRole('radio', { name: 'CSV', exact: true }).isChecked()).toBe(true);
  expect(await again.getByRole('checkbox', { name: 'Skills' }).isChecked()).toBe(true);
  await open.page.keyboard.press('Escape');
  const workspace = await openDialog(open, 'Whole workspace');
  expect(await workspace.getByRole('radio', { name: 'JSON', exact: true }).isChecked()).toBe(true);
  expect(await workspace.getByRole('checkbox', { name: 'Skills' }).count()).toBe(0);
  await open.picture('export-dialog-workspace');
});

test('the same from a script: the request that is shown is taken as it stands', async () => {
  const open = await openAs('admin');
  const dialog = await openDialog(open);
  await dialog.getByRole('radio', { name: 'CSV', exact: true }).check();
  await dialog.getByText('Do the same from a script').click();
  const curl = await dialog.getByText(/^curl -fsS/).innerText();
  const [, url] = /(http\S+)/.exec(curl)!;
  const [, body] = /-d '(.*)'$/s.exec(curl)!;
  const headers = await site.server.authorize(site.workspaceId, ['export:create']);
  const reply = await fetch(url!, {
    method: 'POST',
    headers: { ...headers, 'content-type': 'application/json' },
    body: body!,
  });
  expect(reply.status).toBe(202);
  expect(await dialog.getByText(/^npx convey export/).innerText()).toBe(
    'npx convey export -w acme -k conversations -f csv --mode conversations --fields messages,customer,channel,tags,csat --profile spreadsheet --package -o conversations.zip',
  );
  await open.expectAccessible();
});

test('by keyboard: the first choice is reached, Escape closes, and the focus is back where it was', async () => {
  const open = await openAs('owner');
  const { page, visit } = open;
  await visit('/settings/data-export');
  const button = page.getByRole('button', { name: 'More choices … for Contacts' });
  await button.focus();
  await page.keyboard.press('Enter');
  const dialog = page.getByRole('dialog', { name: 'Export all contacts' });
  await settled(dialog);
  await dialog.getByRole('radio', { name: 'CSV', exact: true }).focus();
  await page.keyboard.press('ArrowLeft');
  expect(await dialog.getByRole('radio', { name: 'NDJSON', exact: true }).isChecked()).toBe(true);
  await page.keyboard.press('Escape');
  await dialog.waitFor({ state: 'hidden' });
  await expect.poll(() => button.evaluate((element) => element.matches(':focus'))).toBe(true);
});

test('on a phone, in German', async () => {
  const open = await openAs('owner', { isPhone: true, language: 'de' });
  const { page, visit } = open;
  await visit('/settings/data-export');
  await page.getByRole('button', { name: 'Mehr Auswahl … für Gespräche und Nachrichten' }).click();
  const dialog = page.getByRole('dialog', { name: 'Gespräche exportieren' });
  await dialog.getByText('12 Gespräche').waitFor();
  const width = await dialog.evaluate((element) => element.scrollWidth - element.clientWidth);
  expect(width).toBe(0);
  await open.expectAccessible();
});
