import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { OpenPage } from './support/chromium.ts';
import { expectOnlyFor } from './support/open-page.ts';
import { openSite, type Site } from './support/site.ts';

// Bringing the first data in: the sample, a file, the product itself.

const run = promisify(execFile);

const choose = ({ page }: OpenPage, name: string, content: string | Buffer) =>
  page
    .locator('input[type=file]')
    .first()
    .setInputFiles({ name, mimeType: 'application/octet-stream', buffer: Buffer.from(content) });

describe('an empty workspace', () => {
  let site: Site;
  beforeAll(async () => {
    site = await openSite({ conversations: 0 });
  });
  afterAll(() => site?.close());

  const contacts = () =>
    site.db.asSuperuser<Record<string, unknown>>(
      'select id, name, email, attributes from contacts where workspace_id = $1 order by id',
      [site.workspaceId],
    );

  test('who may not bring data in is told so, and sees no way', async () => {
    const { page, visit } = await site.openAs('agent');
    await visit('/welcome');
    await expectOnlyFor(page, 'Owner, Admin');
    expect(await page.getByRole('button', { name: 'Load the sample data' }).count()).toBe(0);
  });

  test('a key is made, the curl that is shown works as it is, and the first records are seen coming', async () => {
    const open = await site.openAs('owner');
    const { page, visit, expectAccessible, picture } = open;
    await visit('/welcome');
    await expectAccessible();
    await picture('welcome');
    await page.getByRole('link', { name: 'Make a key' }).click();
    await page.getByRole('button', { name: 'Make the key' }).click();
    await page.getByText('Waiting for the first records').waitFor();
    const command = (await page.locator('pre').textContent())!;
    await expectAccessible();
    await picture('welcome-connect');
    const { stdout } = await run('bash', ['-c', command]);
    expect(JSON.parse(stdout)).toMatchObject({ accepted: { inserted: 2 }, rejected_count: 0 });
    await page.getByText('1 contact and 1 conversation so far').waitFor();
    // What came when, and what was wrong with the rest.
    const requests = page.getByRole('region', { name: 'The last requests' }).getByRole('listitem');
    await requests.getByText('2 records taken').waitFor();
    expect(await requests.first().innerText()).toMatch(
      /1 × contact, 1 × conversation[^]*First connection · (\d+ seconds? ago|now)/,
    );
    const sent = await fetch(`${site.server.url}/v1/ingest`, {
      method: 'POST',
      headers: {
        authorization: /Bearer [^']+/.exec(command)![0],
        'content-type': 'application/x-ndjson',
      },
      body: [
        '{"type":"contact","id":"c-1","name":"Ada Lovelace","email":"ada@example.com"}',
        '{"type":"contact","id":"c-2","email":7}',
      ].join('\n'),
    });
    expect(sent.status).toBe(200);
    await requests.getByText('1 line was not taken:').waitFor();
    await requests.getByText('Line 2, email: It takes').waitFor();
    await requests.getByRole('link', { name: 'ingest.bad_field' }).waitFor();
    await requests.getByText('1 there already').waitFor();
    await expectAccessible();
    await picture('welcome-arrivals');
    await page.getByRole('link', { name: 'See what came' }).waitFor();
    await visit('/welcome');
    await page.getByRole('button', { name: 'Load the sample data' }).click();
    await page.getByText('This workspace has records already').waitFor();
  });

  test('a CSV becomes contacts: proposed, changed in the form, looked at, imported; what is left out is downloaded', async () => {
    const open = await site.openAs('admin');
    const { page, visit, expectAccessible, picture } = open;
    await visit('/welcome/upload');
    await picture('welcome-upload');
    const csv =
      'No;Full name;E-mail address;Plan\n1;Ada Lovelace;ada@example.com;pro\n2;Bo;bo@example.com;free\n;Nobody;;\n';
    await choose(open, 'customers.csv', csv);
    await page.getByRole('heading', { name: 'customers.csv', level: 1 }).waitFor();
    const samples = page.getByRole('table', { name: 'What they become' });
    await samples.getByText('Ada Lovelace').waitFor();
    await page.getByText('1 row would not be taken').waitFor();
    await page.getByText('The contact has no id.').waitFor();
    await expectAccessible();
    await picture('welcome-map');

    // The id with a prefix, a field that is always the same.
    await page.getByLabel('id: Comes from').selectOption('a text with columns');
    await page.getByLabel('id: Text').fill('crm-{No}');
    await page.getByLabel('Add a field').first().fill('kind');
    await page.getByRole('button', { name: 'Add a field' }).click();
    await page.getByLabel('kind: Comes from').selectOption('always the same');
    await page.getByLabel('kind: Value').fill('customer');
    await samples.getByText('crm-2').waitFor();
    await samples.getByText('customer', { exact: true }).first().waitFor();
    await page.getByRole('button', { name: 'Import', exact: true }).click();
    await page.getByText('It is in, but for some lines').waitFor();
    await page.getByRole('heading', { name: '1 line was not taken' }).waitFor();
    await expectAccessible();
    await picture('welcome-result');
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'Download the list (CSV)' }).click(),
    ]);
    expect(await readFile((await download.path())!, 'utf8')).toContain(
      '"customers.csv","4","import.missing_value"',
    );
    expect(await contacts()).toMatchObject([
      { id: 'c-1' },
      { id: 'crm-1', name: 'Ada Lovelace', email: 'ada@example.com', attributes: { Plan: 'pro' } },
      { id: 'crm-2', name: 'Bo', email: 'bo@example.com', attributes: { Plan: 'free' } },
    ]);
    await visit('/welcome');
    await page.getByRole('link', { name: 'customers.csv' }).waitFor();
    await picture('welcome-recent');
  });

  test('two records of each row, a column of another file, and the same map as JSON', async () => {
    const open = await site.openAs('owner');
    const { page, visit } = open;
    await visit('/welcome/upload');
    const rows = [
      {
        id: 'm-1',
        conversation_id: 'k-1',
        role: 'user',
        body: 'Hello',
        created_at: '2026-05-01T09:00:00Z',
        who: 'x',
      },
      {
        id: 'm-2',
        conversation_id: 'k-1',
        role: 'assistant',
        body: 'Hi',
        created_at: '2026-05-01T09:00:05Z',
        who: 'x',
      },
    ];
    await choose(open, 'messages.jsonl', rows.map((row) => JSON.stringify(row)).join('\n'));
    const samples = page.getByRole('table', { name: 'What they become' });
    await samples.getByText('m-2').waitFor();
    await page.getByRole('button', { name: 'Make another record of the same row' }).click();
    const second = page.getByRole('group', { name: 'Record 2 of each row' });
    await second.getByLabel('What it is').selectOption('conversation');
    await second.getByLabel('id: Column').fill('conversation_id');
    await second.getByLabel('Make it only once for each id').check();
    await page.getByText('3 records would be taken from the file.').waitFor();
    await page
      .locator('input[type=file]')
      .last()
      .setInputFiles({
        name: 'people.csv',
        mimeType: 'text/csv',
        buffer: Buffer.from('who,subject\nx,About the invoice\n'),
      });
    await page.getByLabel('Column of people.csv that ties it to yours').waitFor();
    await second.getByLabel('Add a field').first().fill('subject');
    await second.getByRole('button', { name: 'Add a field' }).click();
    await second.getByLabel('subject: Comes from').selectOption('another file');
    await second.getByLabel('subject: Our column').fill('who');
    await second.getByLabel('subject: Its column').fill('subject');
    await samples.getByText('About the invoice').waitFor();

    await page.getByText('As JSON').click();
    const text = page.getByLabel('The map, as convey import --map takes it');
    const map = JSON.parse(await text.inputValue()) as { joins: object; emit: object[] };
    expect(map.joins).toEqual({ people: { file: 'people.csv', format: 'csv', key: 'who' } });
    expect(map.emit).toHaveLength(2);
    await text.fill(JSON.stringify({ ...map, emit: [{ ...map.emit[0], type: 'nothing' }] }));
    await page.getByText('import.bad_map').waitFor();
    expect(await page.getByRole('button', { name: 'Import', exact: true }).isDisabled()).toBe(true);
    await text.fill(JSON.stringify(map));
    await samples.getByText('About the invoice').waitFor();
    await page.getByRole('button', { name: 'Import', exact: true }).click();
    await page.getByText('It is in', { exact: true }).waitFor();
    const found = await site.db.asSuperuser(
      `select c.id, c.subject, count(m.id)::int as messages from conversations c join messages m
         on m.workspace_id = c.workspace_id and m.conversation_id = c.id
        where c.workspace_id = $1 and c.id = 'k-1' group by 1, 2`,
      [site.workspaceId],
    );
    expect(found).toEqual([{ id: 'k-1', subject: 'About the invoice', messages: 2 }]);
  });

  test('lists are read as the file writes them: from the upload to the stored tags', async () => {
    const open = await site.openAs('owner');
    const { page, visit, expectAccessible, picture } = open;
    await visit('/welcome/upload');
    const csv = 'id,name,tags,Regions\nt-1,Ada,vip; beta,eu|us\nt-2,Bo,new,us\nt-3,Cy,,\n';
    await choose(open, 'tagged.csv', csv);
    await page.getByText('3 records would be taken from the file.').waitFor();
    await page.getByText('Every row that was looked at can be taken.').waitFor();
    expect(await page.getByLabel('tags: Read as').inputValue()).toBe('list');
    expect(await page.getByLabel('tags: Split at').inputValue()).toBe(';');

    // Another column is read as its own cells are written; and the person has the last word.
    await page.getByRole('combobox', { name: 'tags: Column' }).fill('Regions');
    await expect.poll(() => page.getByLabel('tags: Split at').inputValue()).toBe('|');
    await page.getByLabel('tags: Read as').selectOption('JSON');
    await page.getByText('2 rows would not be taken').waitFor();
    await page.getByLabel('tags: Read as').selectOption('a list, split at');
    await page.getByLabel('tags: Split at').fill('|');
    await page.getByText('Every row that was looked at can be taken.').waitFor();
    await page.getByRole('combobox', { name: 'tags: Column' }).fill('tags');
    await page.getByLabel('tags: Split at').fill(';');
    await page.getByRole('table', { name: 'What they become' }).getByText('["vip","beta"]').waitFor();
    await expectAccessible();
    await picture('welcome-map-lists');
    await page.getByRole('button', { name: 'Import', exact: true }).click();
    await page.getByText('It is in', { exact: true }).waitFor();
    const stored = await site.db.asSuperuser(
      `select id, tags from contacts where workspace_id = $1 and id like 't-%' order by id`,
      [site.workspaceId],
    );
    expect(stored).toMatchObject([
      { id: 't-1', tags: ['vip', 'beta'] },
      { id: 't-2', tags: ['new'] },
      { id: 't-3' },
    ]);
  });

  test('an upload that breaks off says so, is sent again as it is, and arrives whole', async () => {
    const open = await site.openAs('owner');
    const { page, visit, expectAccessible, picture } = open;
    let broken = 0;
    await page.route('**/v1/imports/*/files/**', (route) => {
      broken += 1;
      return broken === 1 ? route.abort('connectionreset') : route.continue();
    });
    await visit('/welcome/upload');
    await choose(open, 'again.ndjson', '{"type":"contact","id":"again-1","name":"Again"}\n');
    await page.getByText('The upload of again.ndjson broke off').waitFor();
    await expectAccessible();
    await picture('welcome-upload-broke');
    await page.getByRole('button', { name: 'Send it again' }).click();
    await page.getByText('1 record would be taken from the file.').waitFor();
    // One import took both tries.
    const listed = await page.request.get('/v1/imports');
    const { imports } = (await listed.json()) as { imports: { status: string; upload: object | null }[] };
    expect(imports.filter(({ status }) => status === 'preparing')).toMatchObject([
      { upload: { files: ['again.ndjson'], is_arriving: false } },
    ]);
    await page.getByRole('button', { name: 'Import', exact: true }).click();
    await page.getByText('It is in', { exact: true }).waitFor();
    expect(await contacts()).toContainEqual(expect.objectContaining({ id: 'again-1', name: 'Again' }));
  });

  test('what was uploaded and not started is listed with what it is, until when, and a way to discard it', async () => {
    const open = await site.openAs('admin');
    const { page, visit, expectAccessible, picture } = open;
    await page.route('**/v1/imports/*/files/lost.csv', (route) => route.abort('connectionreset'));
    await visit('/welcome/upload');
    await choose(open, 'lost.csv', 'id\n1\n');
    await page.getByText('The upload of lost.csv broke off').waitFor();
    await visit('/welcome/upload');
    await choose(open, 'left.csv', 'id,name\nleft-1,Lena\n');
    await page.getByRole('button', { name: 'Import', exact: true }).waitFor();

    await visit('/welcome');
    const rowOf = (text: string) => page.getByRole('row').filter({ hasText: text });
    await rowOf('No file arrived').getByText('Broke off').waitFor();
    await rowOf('left.csv').getByText('Ready to import').waitFor();
    expect(await page.getByText('Kept until').count()).toBe(2);
    await expectAccessible();
    await picture('welcome-uploads');
    await page.getByRole('button', { name: 'Discard No file arrived' }).click();
    await page.getByText('Nothing of it had been taken in.').waitFor();
    await page.getByRole('dialog').getByRole('button', { name: 'Cancel' }).click();
    await rowOf('No file arrived').waitFor();
    await page.getByRole('button', { name: 'Discard No file arrived' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Discard', exact: true }).click();
    await expect.poll(() => rowOf('No file arrived').count()).toBe(0);
    // The other one is gone on with.
    await page.getByRole('link', { name: 'left.csv' }).click();
    await page.getByRole('table', { name: 'What they become' }).getByText('Lena').waitFor();
    await page.getByRole('button', { name: 'Discard left.csv' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Discard', exact: true }).click();
    await page.getByRole('heading', { name: 'Bring your data in' }).waitFor();
    await expect.poll(() => rowOf('left.csv').count()).toBe(0);
    expect(await contacts()).not.toContainEqual(expect.objectContaining({ id: 'left-1' }));
  });

  test('dates are written as the browser’s region writes them', async () => {
    const { page, visit } = await site.openAs('owner');
    await visit('/welcome');
    const day = new Date();
    const british = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeZone: 'Europe/Berlin' });
    await page.getByText(british.format(day)).first().waitFor();
  });

  test('a file of Convey’s own needs no map; a discarded one leaves nothing', async () => {
    const open = await site.openAs('owner', { language: 'de' });
    const { page, visit } = open;
    await visit('/welcome/upload');
    await choose(open, 'records.ndjson', '{"type":"contact","id":"n-1","name":"Nina"}\n{"type":"contact"}\n');
    await page.getByText('1 Datensatz würde aus der Datei übernommen.').waitFor();
    expect(await page.getByText('Was wird was').count()).toBe(0);
    await page.getByRole('button', { name: 'Verwerfen' }).click();
    await page
      .getByRole('dialog', { name: 'records.ndjson verwerfen?' })
      .getByRole('button', { name: 'Verwerfen' })
      .click();
    await page.getByRole('heading', { name: 'Daten hereinholen' }).waitFor();
    expect(await contacts()).not.toContainEqual(expect.objectContaining({ id: 'n-1' }));
  });
});

test('the sample is loaded into an empty workspace and is there on every page', async () => {
  const site = await openSite({ conversations: 0 });
  try {
    const { page, visit, picture, expectAccessible } = await site.openAs('owner');
    await visit('/welcome');
    await page.getByText('2,994 conversations').waitFor();
    await page.getByRole('button', { name: 'Load the sample data' }).click();
    await page.getByRole('heading', { name: 'The sample data', level: 1 }).waitFor();
    await page.getByRole('button', { name: 'Stop' }).waitFor();
    await expectAccessible();
    await picture('welcome-running');
    await page.getByText('It is in', { exact: true }).waitFor({ timeout: 90_000 });
    await expectAccessible();
    await picture('welcome-sample');
    // The card said how many the workspace lists; the rest of what came in belongs to none, which the result says.
    const reply = await page.request.get('/v1/conversations?limit=1&count=true');
    expect(((await reply.json()) as { count: number }).count).toBe(2994);
    await page.getByRole('row').filter({ hasText: 'conversation' }).getByText('3,000').waitFor();
    await page.getByText('belong to an account and to no workspace').waitFor();
  } finally {
    await site.close();
  }
}, 150_000);
