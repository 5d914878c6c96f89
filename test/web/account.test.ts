import { readFile } from 'node:fs/promises';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { Role } from '../../src/access/permissions.ts';
import { newId } from '../../src/ids.ts';
import { addNotice } from '../../src/notify/notices.ts';
import { appCode } from '../support/browser.ts';
import { plantMember } from '../support/people.ts';
import { givePassword, NEXT, PASSWORD } from './support/passwords.ts';
import { openSite, type Site } from './support/site.ts';

let site: Site;

beforeAll(async () => {
  site = await openSite({ conversations: 0 });
});
afterAll(() => site.close());
beforeEach(() => site.db.asSuperuser('delete from rate_counters'));

/** Somebody on their account’s page, who knows their password. */
async function openAccount(role: Role = 'viewer') {
  const open = await site.openAs(role);
  await givePassword(site, open.person.userId);
  await open.visit('/account');
  return open;
}

const section = (page: Page, name: string) => page.getByRole('region', { name, exact: true });

/** Sets up the second factor, up to where the recovery codes are shown. */
async function setUp(page: Page): Promise<{ uri: string; codes: string[] }> {
  await page.getByRole('button', { name: 'Set up a second factor' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('textbox', { name: 'Present password' }).fill(PASSWORD);
  await dialog.getByRole('button', { name: 'Go on' }).click();
  const uri = (await dialog
    .getByRole('link', { name: 'Open in an app on this device' })
    .getAttribute('href'))!;
  await dialog.getByRole('textbox', { name: 'Code that the app shows now' }).fill(appCode(uri));
  await dialog.getByRole('button', { name: 'Put it in force' }).click();
  await dialog.getByText('These codes are shown this once').waitFor();
  return { uri, codes: await dialog.getByRole('listitem').allInnerTexts() };
}

/** Lets the codes of the present step be used again, as if time had passed. */
const forgetStep = (userId: string) =>
  site.db.asSuperuser('update users set totp_last_step = null where id = $1', [userId]);

test('my account shows who I am, and every role sees its own', async () => {
  for (const role of ['owner', 'editor', 'viewer'] as const) {
    const { page, person, expectAccessible, picture } = await openAccount(role);
    await page.getByRole('heading', { name: 'My account', level: 1 }).waitFor();
    expect(await page.getByLabel('Email address').inputValue()).toBe(person.email);
    await section(page, 'Sessions').getByText('This one').waitFor();
    await expectAccessible();
    if (role === 'owner') await picture('account');
  }
});

test('name and language of mails are changed; a name that is none is refused at its field', async () => {
  const { page, person } = await openAccount();
  await page.getByLabel('Your name').fill('Ada Löw');
  await page.getByLabel('Language of mails to you').selectOption('de');
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByText('Your details are saved').waitFor();
  await page.getByRole('button', { name: 'Ada Löw' }).waitFor();
  expect(await site.db.asSuperuser('select name, locale from users where id = $1', [person.userId])).toEqual([
    { name: 'Ada Löw', locale: 'de' },
  ]);
  await page.getByLabel('Your name').fill('\u2800');
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByRole('alert').getByText('A name is 1 to 100 characters').waitFor();
});

test('the password is changed with the present one; a weak one is refused at its field; other sessions end', async () => {
  const { page, person, expectAccessible, picture } = await openAccount();
  await site.db.asSuperuser(
    `insert into sessions (id, user_id, token_hash, workspace_id, method, ip, user_agent, expires_at)
     values ($1, $2, $1, $3, 'password', '192.0.2.7', 'Mozilla/5.0 (X11; Linux) Firefox/140.0', now() + interval '1 day')`,
    [newId('ses'), person.userId, site.workspaceId],
  );
  await page.getByRole('button', { name: 'Change the password' }).click();
  const part = section(page, 'Password');
  await part.getByRole('textbox', { name: 'Present password' }).fill('not the password');
  await part.getByRole('textbox', { name: 'New password' }).fill(NEXT);
  await part.getByRole('button', { name: 'Change the password' }).click();
  await part.getByRole('alert').getByText('That is not your present password').waitFor();
  await part.getByRole('textbox', { name: 'Present password' }).fill(PASSWORD);
  await part.getByRole('textbox', { name: 'New password' }).fill('password2024');
  await part.getByRole('button', { name: 'Change the password' }).click();
  await part.getByText('Too easy to guess: it is made of common words').waitFor();
  await expectAccessible();
  await picture('account-password');
  await part.getByRole('textbox', { name: 'New password' }).fill(NEXT);
  await part.getByRole('button', { name: 'Change the password' }).click();
  await page.getByText('Your password is changed, and 1 other session ended').waitFor();
  expect(await part.getByRole('textbox', { name: 'New password' }).count()).toBe(0);
});

test('one session is ended, then all of them, which asks first', async () => {
  const { page, person, expectAccessible } = await openAccount();
  await site.db.asSuperuser(
    `insert into sessions (id, user_id, token_hash, workspace_id, method, ip, user_agent, expires_at)
     values ($1, $2, $1, $3, 'password', '192.0.2.7', 'Mozilla/5.0 (X11; Linux) Firefox/140.0', now() + interval '1 day')`,
    [newId('ses'), person.userId, site.workspaceId],
  );
  await page.reload();
  const part = section(page, 'Sessions');
  await part.getByRole('button', { name: 'End Firefox · Linux, 192.0.2.7' }).click();
  await part.getByText('192.0.2.7').waitFor({ state: 'detached' });
  expect(await part.getByRole('button', { name: /^End / }).count()).toBe(0);
  await part.getByRole('button', { name: 'Sign out everywhere' }).click();
  const dialog = page.getByRole('dialog', { name: 'Sign out everywhere?' });
  await dialog.getByText('this one too').waitFor();
  await expectAccessible();
  await dialog.getByRole('button', { name: 'Cancel' }).click();
  await dialog.waitFor({ state: 'detached' });
  await part.getByRole('button', { name: 'Sign out everywhere' }).click();
  await dialog.getByRole('button', { name: 'Sign out everywhere' }).click();
  await page.getByRole('heading', { name: 'Sign in' }).waitFor();
  expect(
    await site.db.asSuperuser('select from sessions where user_id = $1 and ended_at is null', [
      person.userId,
    ]),
  ).toEqual([]);
});

test('the second factor: set up with a code, recovery codes kept as a file, renewed, then asked for at sign-in, and taken away', async () => {
  const { page, person, expectAccessible, picture, context } = await openAccount();
  const { uri, codes } = await setUp(page);
  const dialog = page.getByRole('dialog');
  expect(codes).toHaveLength(8);
  await expectAccessible();
  await picture('account-recovery-codes');
  // They cannot be lost by a slip: only who says that they are kept gets on.
  expect(await dialog.getByRole('button', { name: 'Done' }).isDisabled()).toBe(true);
  await page.keyboard.press('Escape');
  await dialog.getByText('These codes are shown this once').waitFor();
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    dialog.getByRole('link', { name: 'Download' }).click(),
  ]);
  expect(await readFile(await download.path(), 'utf8')).toBe(`${codes.join('\n')}\n`);
  await dialog.getByLabel('I have kept the codes').check();
  await dialog.getByRole('button', { name: 'Done' }).click();
  await page.getByText('8 recovery codes left').waitFor();

  await page.getByRole('button', { name: 'New recovery codes' }).click();
  await dialog.getByRole('textbox', { name: 'Code', exact: true }).fill(codes[0]!);
  await dialog.getByRole('button', { name: 'New recovery codes' }).click();
  await dialog.getByText('These codes are shown this once').waitFor();
  const renewed = await dialog.getByRole('listitem').allInnerTexts();
  expect(renewed).not.toContain(codes[1]);
  await dialog.getByLabel('I have kept the codes').check();
  await dialog.getByRole('button', { name: 'Done' }).click();

  await context.clearCookies();
  await page.goto('/sign-in?next=/account');
  await page.getByLabel('Email address').fill(person.email);
  await page.getByLabel('Password', { exact: true }).fill(PASSWORD);
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
  await page.getByRole('heading', { name: 'Second factor' }).waitFor();
  await expectAccessible();
  await picture('sign-in-code');
  await page.getByRole('textbox', { name: 'Code' }).fill('000000');
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
  await page.getByRole('alert').getByText('The code is not right').waitFor();
  await page.getByRole('textbox', { name: 'Code' }).fill(renewed[0]!);
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
  await page.getByText('7 recovery codes left').waitFor();

  await forgetStep(person.userId);
  await page.getByRole('button', { name: 'Take it away' }).click();
  await dialog.getByRole('textbox', { name: 'Present password' }).fill(PASSWORD);
  await dialog.getByRole('textbox', { name: 'Code', exact: true }).fill(appCode(uri));
  await expectAccessible();
  await dialog.getByRole('button', { name: 'Take it away' }).click();
  await page.getByText('Not set up').waitFor();
});

test('the secret is shown as a picture and as text', async () => {
  const { page, expectAccessible, picture } = await openAccount();
  await page.getByRole('button', { name: 'Set up a second factor' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('textbox', { name: 'Present password' }).fill(PASSWORD);
  await dialog.getByRole('button', { name: 'Go on' }).click();
  await dialog.getByRole('img', { name: 'QR code for your authenticator app' }).waitFor();
  await dialog.getByText(/^[A-Z2-7]{32}$/).waitFor();
  await expectAccessible();
  await picture('account-second-factor');
  await dialog.getByRole('textbox', { name: 'Code that the app shows now' }).fill('000000');
  await dialog.getByRole('button', { name: 'Put it in force' }).click();
  await dialog.getByRole('alert').getByText('The code is not right').waitFor();
});

test('a workspace that asks for a second factor opens nothing but the account until it is set up', async () => {
  const workspaceId = await site.db.createWorkspace('strict');
  await site.db.asSuperuser(
    `update workspaces set requires_second_factor = true, name = 'Strict Ltd' where id = $1`,
    [workspaceId],
  );
  const { page, person, visit, expectAccessible, picture } = await openAccount('admin');
  await site.db.asSuperuser('update members set workspace_id = $2 where user_id = $1', [
    person.userId,
    workspaceId,
  ]);
  await site.db.asSuperuser('update sessions set workspace_id = $2 where user_id = $1', [
    person.userId,
    workspaceId,
  ]);
  await visit('/exports');
  await page.getByRole('heading', { name: 'Set up a second factor first' }).waitFor();
  expect(await page.getByRole('navigation').getByRole('link', { name: 'Exports' }).count()).toBe(0);
  await expectAccessible();
  await picture('needs-second-factor');
  await page.getByRole('link', { name: 'Set it up' }).click();
  await setUp(page);
  await page.getByLabel('I have kept the codes').check();
  await page.getByRole('button', { name: 'Done' }).click();
  await page.getByRole('navigation').getByRole('link', { name: 'Exports' }).click();
  await page.getByRole('heading', { name: 'Exports', level: 1 }).waitFor();
});

test('a member of two workspaces goes from one to the other, and leaves one', async () => {
  const { page, person, expectAccessible, visit } = await openAccount('viewer');
  const second = await site.db.createWorkspace('second');
  await site.db.asSuperuser(
    `insert into members (workspace_id, user_id, role, audiences) values ($1, $2, 'editor', '{vip}')`,
    [second, person.userId],
  );
  await page.reload();
  await page.getByRole('button', { name: 'Test viewer' }).click();
  await page.getByRole('menuitem', { name: /^Go to second/ }).click();
  await page.getByRole('heading', { name: 'Overview', level: 1 }).waitFor();
  await page.getByRole('button', { name: 'Test viewer' }).click();
  await page.getByText('second · Editor').waitFor();
  await page.keyboard.press('Escape');
  await visit('/account');
  const part = section(page, 'Workspaces');
  await part.getByText('Editor · vip').waitFor();
  await part.getByRole('button', { name: 'Leave second' }).click();
  const dialog = page.getByRole('dialog', { name: 'Leave second?' });
  await expectAccessible();
  await dialog.getByRole('button', { name: 'Leave second' }).click();
  await page.getByText('You are no longer in the workspace where you were').waitFor();
  await page.getByRole('button', { name: 'Acme Support' }).click();
  await page.getByRole('navigation').getByRole('link', { name: 'Conversations' }).waitFor();
});

test('the last owner cannot leave, and is told why; who is in no workspace is told how to come into one', async () => {
  const { workspaceId } = site;
  const owner = await openAccount('owner');
  await site.db.asSuperuser(
    `update members set role = 'admin' where workspace_id = $1 and role = 'owner' and user_id <> $2`,
    [workspaceId, owner.person.userId],
  );
  await section(owner.page, 'Workspaces').getByRole('button', { name: 'Leave Acme Support' }).click();
  const dialog = owner.page.getByRole('dialog');
  await dialog.getByRole('button', { name: 'Leave Acme Support' }).click();
  await dialog.getByRole('alert').getByText(/owner/).first().waitFor();
  const { page, person, visit, expectAccessible, picture } = await openAccount('viewer');
  await site.db.asSuperuser('delete from members where user_id = $1', [person.userId]);
  await site.db.asSuperuser('update sessions set workspace_id = null where user_id = $1', [person.userId]);
  await visit('/');
  await page.getByText('You are a member of no workspace').waitFor();
  await expectAccessible();
  await picture('no-workspace');
});

test('the bell counts what is unread, comes to know by itself, leads there, and forgets what was read', async () => {
  const { page, person, expectAccessible, picture, visit } = await site.openAs('admin');
  await visit('/account');
  const bell = page.getByRole('button', { name: 'Notices', exact: true });
  await bell.click();
  await page.getByText('Nothing yet. You are told here').waitFor();
  await page.keyboard.press('Escape');
  for (const kind of ['export.ready', 'export.failed', 'schedule.paused'] as const)
    await site.db.database.inScope({ workspaceId: site.workspaceId }, (transaction) =>
      addNotice(transaction, site.workspaceId, person.userId, {
        kind,
        subjectId: 'exp_none',
        details: kind === 'export.failed' ? { code: 'exports.too_large' } : {},
      }),
    );
  const unread = page.getByRole('button', { name: 'Notices, 3 unread' });
  await unread.waitFor({ timeout: 40_000 });
  await unread.click();
  await page.getByText('Your export failed').waitFor();
  await expectAccessible();
  await picture('notices');
  await page.getByRole('link', { name: /Your export is ready/ }).click();
  await page.waitForURL('**/exports/exp_none');
  await page.getByRole('button', { name: 'Notices, 2 unread' }).click();
  await page.getByRole('button', { name: 'Mark all as read' }).click();
  await bell.waitFor();
});

test('nobody sees another person’s notices or sessions', async () => {
  const other = await plantMember(site.db, site.workspaceId, 'owner');
  await site.db.asSuperuser(`update sessions set ip = '198.51.100.9' where user_id = $1`, [other.userId]);
  const { page } = await openAccount('admin');
  await section(page, 'Sessions').getByText('This one').waitFor();
  expect(await page.getByText('198.51.100.9').count()).toBe(0);
});
