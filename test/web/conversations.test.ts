import { afterAll, beforeAll, expect, test } from 'vitest';
import { askAs } from './support/exports.ts';
import { openForTest } from './support/open-page.ts';
import { openSite, type Site } from './support/site.ts';

// The list of conversations (V-02, V-13, V-16…V-18): found, chosen, exported, as the roles that may.

const CONVERSATIONS = 420;
let site: Site;
beforeAll(async () => {
  site = await openSite({ conversations: CONVERSATIONS });
});
afterAll(() => site.close());

type Opened = Awaited<ReturnType<Site['openAs']>>;

/** How many conversations a filter finds, by the API. */
async function countOf({ person }: Pick<Opened, 'person'>, query: string): Promise<number> {
  const path = `/v1/conversations?limit=1&count=true&${query}`;
  return (await askAs(site, person, 'GET', path)).told.count;
}
const inWords = (n: number) => `${n.toLocaleString('en')} ${n === 1 ? 'conversation' : 'conversations'}`;
const rowsOf = ({ page }: Pick<Opened, 'page'>) => page.getByRole('rowgroup').getByRole('row');

test('all conversations are listed, the newest first, with their exact number', async () => {
  const seen = await site.openAs('admin');
  const { page, visit, expectAccessible, picture } = seen;
  await visit('/conversations');
  await page.getByText(inWords(await countOf(seen, ''))).waitFor();
  const { told } = await askAs(site, seen.person, 'GET', '/v1/conversations?limit=1');
  const first = rowsOf(seen).first();
  await first.waitFor();
  expect(await first.getByRole('link').getAttribute('href')).toBe(
    `/conversations/${encodeURIComponent(told.conversations[0]!.id)}`,
  );
  await expectAccessible();
  await picture('conversations', 'in sight');
});

test('only rows in sight exist, and scrolling reads on to the last of them', async () => {
  const seen = await site.openAs('admin');
  const { page, visit } = seen;
  await visit('/conversations');
  const total = await countOf(seen, '');
  expect(total).toBeGreaterThan(200); // several pages
  const grid = page.getByRole('grid', { name: 'Conversations' });
  await expect.poll(() => grid.getAttribute('aria-rowcount')).toBe(String(total + 1));
  for (let turn = 0; turn < 40; turn++) {
    expect(await rowsOf(seen).count()).toBeLessThan(60);
    if (await page.getByText('This is all.').isVisible()) break;
    await page.mouse.wheel(0, 4000);
    await page.evaluate('new Promise(requestAnimationFrame)');
  }
  await page.getByText('This is all.').waitFor();
  await page.evaluate('scrollTo(0, document.body.scrollHeight)');
  await page.locator(`[aria-rowindex="${total + 1}"]`).waitFor();

  // However many were read, no more are chosen than one export names.
  await rowsOf(seen).last().focus();
  await page.keyboard.press('Control+a');
  await page.getByText('200 conversations chosen').waitFor();
  await page.getByText('200 is the most one can choose.').waitFor();
  await page.keyboard.press('Escape');

  // Whoever opens one of them and comes back is where they were.
  const before = await page.evaluate('scrollY');
  await rowsOf(seen).last().getByRole('link').click();
  await page.getByRole('complementary', { name: 'About this conversation' }).waitFor();
  expect(await page.evaluate('scrollY')).toBe(0);
  await page.goBack();
  await page.locator(`[aria-rowindex="${total + 1}"]`).waitFor();
  expect(await page.evaluate('scrollY')).toBe(before);
});

test('filters are chips, stand in the address, combine, and find what the API finds', async () => {
  const seen = await site.openAs('owner');
  const { page, visit, expectAccessible, picture } = seen;
  await visit('/conversations');
  const choose = async (part: string) => {
    await page.getByRole('button', { name: 'Filter', exact: true }).click();
    await page.getByRole('dialog').getByRole('button', { name: part, exact: true }).click();
  };
  await choose('State');
  await page.getByRole('checkbox', { name: 'Resolved' }).check();
  await page.getByRole('checkbox', { name: 'Escalated' }).check();
  await expectAccessible();
  await picture('conversations-filter', 'in sight');
  await page.getByRole('button', { name: 'Apply' }).click();
  const states = await countOf(seen, 'status=resolved&status=escalated');
  await page.getByText(inWords(states)).waitFor();

  await choose('Any tag');
  await page.getByLabel('Any tag', { exact: true }).first().fill('billing');
  await page.keyboard.press('Enter');
  await page.getByRole('button', { name: 'Apply' }).click();
  const both = await countOf(seen, 'status=resolved&status=escalated&any_tag=billing');
  expect(both).toBeLessThan(states);
  expect(both).toBeGreaterThan(0);
  await page.getByText(inWords(both)).waitFor();

  await choose('Begun from');
  await page.getByLabel('Begun from').fill('2024-01-01');
  await page.getByRole('button', { name: 'Apply' }).click();
  await choose('Has files');
  await page.locator('label', { hasText: /^no$/ }).click();
  await page.getByRole('button', { name: 'Apply' }).click();
  const all = 'status=resolved&status=escalated&any_tag=billing&since=2024-01-01&has_files=false';
  await page.getByText(inWords(await countOf(seen, all))).waitFor();
  expect(await page.getByRole('group', { name: 'Filters that are set' }).getByRole('button').count()).toBe(9);
  await expectAccessible();
  await picture('conversations-filtered', 'in sight');

  // A colleague who gets the link sees the same.
  const colleague = await site.openAs('admin');
  await colleague.visit(new URL(page.url()).pathname + new URL(page.url()).search);
  await colleague.page.getByText(inWords(await countOf(seen, all))).waitFor();

  await page.getByRole('button', { name: 'Remove the filter “Any tag”' }).click();
  await page.getByText(inWords(await countOf(seen, all.replace('&any_tag=billing', '')))).waitFor();
  await page.goBack();
  await page.getByText(inWords(await countOf(seen, all))).waitFor();
  await page.getByRole('button', { name: 'Clear all filters' }).click();
  await page.getByText(inWords(await countOf(seen, ''))).waitFor();
  expect(new URL(page.url()).search).toBe('');
});

test('words are found in messages, also in scripts without spaces; nothing found is said kindly', async () => {
  const seen = await site.openAs('owner');
  const { page, visit, picture } = seen;
  const [found] = await site.db.asSuperuser<{ word: string }>(
    `select substring(body from '[ぁ-んァ-ヶ一-龠]{3}') as word from messages
      where workspace_id = $1 and not is_internal and body ~ '[ぁ-んァ-ヶ一-龠]{3}' limit 1`,
    [site.workspaceId],
  );
  await visit('/conversations');
  const box = page.getByRole('searchbox', { name: 'Search in messages' });
  for (const word of ['lamp', found!.word]) {
    await box.fill(word);
    const count = await countOf(seen, `q=${encodeURIComponent(word)}`);
    expect(count).toBeGreaterThan(0);
    await page.getByText(inWords(count)).waitFor();
  }
  await box.fill('xyzzyxyzzy');
  await page.getByText('Nothing matches').waitFor();
  await picture('conversations-none');
  await page.getByRole('button', { name: 'Clear all filters' }).last().click();
  await page.getByText(inWords(await countOf(seen, ''))).waitFor();
  expect(await box.inputValue()).toBe('');
});

test('rows are chosen by mouse, as a run, and by keyboard; at most 200; what is chosen is exported', async () => {
  const seen = await site.openAs('editor');
  const { page, visit, expectAccessible, picture } = seen;
  await visit('/conversations');
  const rows = rowsOf(seen);
  await rows.nth(1).getByRole('checkbox').click();
  await rows
    .nth(4)
    .getByRole('checkbox')
    .click({ modifiers: ['Shift'] });
  await page.getByText('4 conversations chosen').waitFor();
  // By keyboard from there on.
  await rows.nth(4).focus();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Space');
  await page.getByText('5 conversations chosen').waitFor();
  await page.keyboard.press('Shift+ArrowDown');
  await page.getByText('6 conversations chosen').waitFor();
  await expectAccessible();
  await picture('conversations-chosen', 'in sight');
  const ids = await rows.evaluateAll((all) =>
    all
      .filter((row) => row.getAttribute('aria-selected') === 'true')
      .map((row) => decodeURIComponent(row.querySelector('a')!.getAttribute('href')!.split('/').at(-1)!)),
  );
  expect(ids).toHaveLength(6);

  await page.getByRole('button', { name: 'Export chosen' }).click();
  const dialog = page.getByRole('dialog', { name: 'Export conversations' });
  const order = page.waitForRequest((one) => one.method() === 'POST' && one.url().endsWith('/v1/exports'));
  await dialog.getByRole('button', { name: 'Export', exact: true }).click();
  expect(((await order).postDataJSON() as { ids: string[] }).ids.toSorted()).toEqual(ids.toSorted());

  await visit('/conversations');
  await rowsOf(seen).first().focus();
  await page.keyboard.press('Control+a');
  const read = Math.min(100, await countOf(seen, '')); // the first page
  await page.getByText(`${read} conversations chosen`).waitFor();
  await page.keyboard.press('Escape');
  await expect.poll(() => page.getByText(/conversations chosen/).count()).toBe(0);
});

test('a filter is exported as it is', async () => {
  const { page, visit } = await site.openAs('admin');
  await visit('/conversations?status=%5B%22open%22%5D');
  await page.getByRole('button', { name: 'Export filter' }).click();
  const dialog = page.getByRole('dialog', { name: 'Export conversations' });
  const order = page.waitForRequest((one) => one.method() === 'POST' && one.url().endsWith('/v1/exports'));
  await dialog.getByRole('button', { name: 'Export', exact: true }).click();
  expect((await order).postDataJSON()).toMatchObject({
    kind: 'conversations',
    filter: { status: ['open'] },
  });
});

test('what an address says and nobody understands is named, and gone with the next filter', async () => {
  const { page, visit, expectAccessible } = await openForTest(site, 'admin');
  await visit('/conversations?status=%5B%22open%22%2C%22bogus%22%5D&since=yesterday&stauts=open');
  const told = page.getByRole('alert').filter({ hasText: 'was not understood' });
  await told.getByText('status, since, stauts').waitFor();
  expect(await page.getByRole('group', { name: 'Filters that are set' }).getByText('Open').count()).toBe(1);
  await expectAccessible();
  await page.getByRole('button', { name: 'Clear all filters' }).click();
  await told.waitFor({ state: 'detached' });
  expect(new URL(page.url()).search).toBe('');
});

test('a filter is kept as a view, chosen again, renamed and deleted; others do not see it', async () => {
  const seen = await site.openAs('viewer');
  const { page, visit, expectAccessible, picture } = seen;
  await visit('/conversations?status=%5B%22open%22%5D');
  await page.getByRole('button', { name: 'Views' }).click();
  await page.getByRole('button', { name: 'Save this filter as a view' }).click();
  await page.getByRole('textbox', { name: 'Name' }).fill('All open ones');
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await page.getByRole('button', { name: 'All open ones', exact: true }).waitFor();

  await visit('/conversations');
  await page.getByRole('button', { name: 'Views' }).click();
  await expectAccessible();
  await picture('conversations-views', 'in sight');
  await page.getByRole('button', { name: 'All open ones', exact: true }).click();
  await page.getByText(inWords(await countOf(seen, 'status=open'))).waitFor();
  expect(new URL(page.url()).search).toContain('open');

  const other = await site.openAs('owner');
  await other.visit('/conversations');
  await other.page.getByRole('button', { name: 'Views' }).click();
  await other.page.getByText('Only you see your views.').waitFor();
  expect(await other.page.getByText('All open ones').count()).toBe(0);

  await page.getByRole('button', { name: 'All open ones', exact: true }).click();
  await page.getByRole('button', { name: 'Rename “All open ones”' }).click();
  await page.getByRole('textbox', { name: 'Name' }).fill('Open');
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await page.getByRole('button', { name: 'Open', exact: true }).click();
  await page.getByRole('button', { name: 'Delete “Open”' }).click();
  await page.getByText('Only the view goes.').waitFor();
  await page.getByRole('button', { name: 'Delete view' }).click();
  await page.getByRole('button', { name: 'Views' }).waitFor();
});

test('viewers and agents choose and export nothing in bulk; editors see their audiences', async () => {
  for (const role of ['viewer', 'agent'] as const) {
    const seen = await site.openAs(role);
    await seen.visit('/conversations');
    await rowsOf(seen).first().waitFor();
    expect(await seen.page.getByRole('checkbox').count()).toBe(0);
    expect(await seen.page.getByRole('button', { name: /Export/ }).count()).toBe(0);
  }
  const editor = await site.openAs('editor');
  const admin = await site.openAs('admin');
  const reached = await countOf(editor, '');
  expect(reached).toBeLessThan(await countOf(admin, ''));
  await editor.visit('/conversations');
  await editor.page.getByText(inWords(reached)).waitFor();
});

test('an address with nonsense in it is a list without that filter; German; a phone scrolls one way', async () => {
  const { page, visit } = await site.openAs('owner', { isPhone: true, language: 'de' });
  await visit('/conversations?status=nonsense&since=soon&tag=vip&odd=1');
  await page.getByRole('heading', { name: 'Gespräche', level: 1 }).waitFor();
  await page.getByRole('button', { name: 'Filter „Alle Tags“ entfernen' }).waitFor();
  expect(await page.getByRole('group', { name: 'Gesetzte Filter' }).getByRole('button').count()).toBe(3);
  expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(390);
});

test('an empty workspace says what will be here', async () => {
  const empty = await openSite({ conversations: 0 });
  try {
    const { page, visit, expectAccessible, picture } = await empty.openAs('owner');
    await visit('/conversations');
    await page.getByText('No conversations yet').waitFor();
    await expectAccessible();
    await picture('conversations-empty');
  } finally {
    await empty.close();
  }
});
