import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { inviteByOperator } from '../../src/access/sign-in/sign-in.commands.ts';
import { newId } from '../../src/ids.ts';
import { mailsTo } from '../support/browser.ts';
import { givePassword, NEXT, PASSWORD } from './support/passwords.ts';
import { openSite, type Site } from './support/site.ts';

let site: Site;

beforeAll(async () => {
  site = await openSite({ conversations: 0 });
});
afterAll(() => site.close());
beforeEach(() => site.db.asSuperuser('delete from rate_counters'));

/** Somebody who knows their password. */
async function newUser(role = 'admin'): Promise<{ id: string; email: string }> {
  const id = newId('usr');
  const email = `${id}@example.com`;
  await site.db.asSuperuser(
    `insert into users (id, email, email_key, name) values ($1, $2, $2, 'Ada Byron')`,
    [id, email],
  );
  await givePassword(site, id);
  await site.db.asSuperuser('insert into members (workspace_id, user_id, role) values ($1, $2, $3)', [
    site.workspaceId,
    id,
    role,
  ]);
  return { id, email };
}

const invite = (email: string, role: 'agent' | 'viewer' = 'agent') =>
  inviteByOperator(site.db.database, site.server.url, { workspace: 'acme', email, role });

async function signIn(page: Awaited<ReturnType<Site['open']>>['page'], email: string, password = PASSWORD) {
  await page.getByLabel('Email address').fill(email);
  await page.getByLabel('Password', { exact: true }).fill(password);
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
}

test('whoever is not signed in signs in, comes to the page they wanted, and signs out', async () => {
  const { email } = await newUser();
  const { page, expectAccessible, picture } = await site.open();
  await page.goto('/exports?status=ready');
  await page.getByRole('heading', { name: 'Sign in' }).waitFor();
  await expectAccessible();
  await picture('sign-in');
  await signIn(page, email, 'not the password');
  await page.getByRole('alert').getByText('The address or the password is not right').waitFor();
  await expectAccessible();
  await signIn(page, email);
  await page.getByRole('heading', { name: 'Exports', level: 1 }).waitFor();
  expect(new URL(page.url()).pathname).toBe('/exports');
  await page.getByRole('button', { name: 'Ada Byron' }).click();
  await expectAccessible();
  await picture('account-menu');
  await page.getByRole('menuitem', { name: 'Sign out' }).click();
  await page.getByRole('heading', { name: 'Sign in' }).waitFor();
  await page.goto('/account');
  await page.getByRole('heading', { name: 'Sign in' }).waitFor();
});

test('it goes on to no other site after the sign-in', async () => {
  const { email } = await newUser();
  const { page } = await site.open();
  for (const next of ['//example.com/', 'https://example.com/', '/\\example.com/']) {
    await page.goto(`/sign-in?next=${encodeURIComponent(next)}`);
    await signIn(page, email);
    await page.getByRole('button', { name: 'Ada Byron' }).waitFor();
    expect(new URL(page.url()).origin).toBe(site.server.url);
  }
});

test('too many wrong passwords: it says how long, and what whoever cannot wait can do', async () => {
  const { email } = await newUser();
  const { page, expectAccessible, picture } = await site.open();
  await page.goto('/sign-in');
  for (let i = 0; i < 6; i++) {
    const answered = page.waitForResponse((reply) => reply.url().endsWith('/v1/session'));
    await signIn(page, email, `not the password ${i}`);
    await answered;
  }
  const alert = page.getByRole('alert');
  await alert.getByText('Too many sign-ins failed').waitFor();
  await alert.getByText(/Try again in 15 minutes/).waitFor();
  await page.getByText('If you cannot wait, have a link sent').waitFor();
  await expectAccessible();
  await picture('sign-in-locked');
});

test('a new password by a link: asked for, set, and old sessions are over', async () => {
  const { email } = await newUser();
  const old = await site.open();
  await old.page.goto('/sign-in?next=/account');
  await signIn(old.page, email);
  await old.page.getByRole('heading', { name: 'My account' }).waitFor();

  const { page, expectAccessible, picture } = await site.open();
  await page.goto('/sign-in');
  await page.getByRole('link', { name: 'Forgotten your password?' }).click();
  await page.getByLabel('Email address').fill(email);
  await expectAccessible();
  await picture('reset-ask');
  // No mail server is set here: it says who has the link.
  await page.getByRole('button', { name: 'Ask for the link' }).click();
  await page.getByRole('heading', { name: 'Ask whoever runs this server' }).waitFor();
  expect(await page.getByText('a mail with a link is on its way').count()).toBe(0);
  await expectAccessible();
  await expect.poll(async () => (await mailsTo(site.db, site.server, email)).length).toBe(1);
  const [mail] = await mailsTo(site.db, site.server, email);
  const link = new URL(mail!.values['link']!);

  await page.goto(`${link.pathname}${link.hash}`);
  await page.getByLabel('New password').fill('password2024');
  await page.getByRole('button', { name: 'Set the password' }).click();
  await page.getByText('Too easy to guess: it is made of common words').waitFor();
  await expectAccessible();
  await picture('reset-set');
  await page.getByLabel('New password').fill(NEXT);
  await page.getByRole('button', { name: 'Set the password' }).click();
  await page.getByText('Your new password is set').waitFor();
  await signIn(page, email, NEXT);
  await page.getByRole('button', { name: 'Ada Byron' }).waitFor();

  await old.page.getByRole('button', { name: 'Sign out everywhere' }).click();
  await old.page.getByRole('dialog').getByRole('button', { name: 'Sign out everywhere' }).click();
  await old.page.getByText('Your session has ended').waitFor();
  expect(new URL(old.page.url()).searchParams.get('next')).toBe('/account');

  // The link worked once.
  await page.goto('/sign-in');
  await page.goto(`${link.pathname}${link.hash}`);
  await page.getByLabel('New password').fill(NEXT);
  await page.getByRole('button', { name: 'Set the password' }).click();
  await page.getByRole('alert').getByText('This link does not work').waitFor();
  await page.getByRole('link', { name: 'Have another link sent' }).click();
  await page.getByRole('button', { name: 'Ask for the link' }).waitFor();
});

test('whose session ended somewhere else signs in again and is where they were', async () => {
  const { email } = await newUser('owner');
  const { page, context, visit } = await site.open();
  await page.goto('/sign-in');
  await signIn(page, email);
  await page.getByRole('button', { name: 'Ada Byron' }).waitFor();
  await visit('/settings/data-export');
  await context.clearCookies();
  // Several requests are refused at once.
  await page.getByRole('button', { name: 'More choices … for Conversations and messages' }).click();
  await page.getByText('Your session has ended').waitFor();
  expect(new URL(page.url()).searchParams.get('next')).toBe('/settings/data-export');
  await signIn(page, email);
  await page.getByRole('heading', { name: 'Data export' }).waitFor();
  expect(new URL(page.url()).pathname).toBe('/settings/data-export');
});

test('who signs out in one tab is signed out in the other, which leads back to where it was', async () => {
  const { email } = await newUser('owner');
  const { page, context } = await site.open();
  await page.goto('/sign-in');
  await signIn(page, email);
  await page.getByRole('button', { name: 'Ada Byron' }).waitFor();
  const other = await context.newPage();
  await other.goto('/settings/members');
  await other.getByRole('button', { name: 'Invite' }).waitFor();

  await page.getByRole('button', { name: 'Ada Byron' }).click();
  await page.getByRole('menuitem', { name: 'Sign out' }).click();
  await page.getByRole('heading', { name: 'Sign in' }).waitFor();

  await other.getByRole('navigation').getByRole('link', { name: 'Exports' }).click();
  await other.getByText('Your session has ended').waitFor();
  expect(await other.getByRole('navigation').count()).toBe(0);
  await signIn(other, email);
  await other.getByRole('button', { name: 'Ada Byron' }).waitFor();
  expect(new URL(other.url()).pathname).toBe('/exports');
});

test('an invitation makes an account for somebody new, who is then in the workspace as what they were invited', async () => {
  const email = `${newId('usr')}@example.com`;
  const { link } = await invite(email);
  const { page, expectAccessible, picture } = await site.open();
  await page.goto(link);
  await page.getByRole('heading', { name: 'Join Acme Support' }).waitFor();
  await page.getByText(`You were invited as ${email}. Your role: Agent.`).waitFor();
  await expectAccessible();
  await picture('invite-new');
  await page.getByLabel('Your name').fill('Bo Frost');
  await page.getByLabel('Password', { exact: true }).fill('acme');
  await page.getByRole('button', { name: 'Accept the invitation' }).click();
  await page.getByRole('alert').getByText('This password is not taken').waitFor();
  await page.getByLabel('Password', { exact: true }).fill(PASSWORD);
  await page.getByRole('button', { name: 'Accept the invitation' }).click();
  await page.getByRole('button', { name: 'Bo Frost' }).click();
  await page.getByText('Acme Support · Agent').waitFor();
  await page.goto('/sign-in');
  await page.goto(link);
  await page.getByRole('alert').getByText('This link does not work').waitFor();
  await expectAccessible();
});

test('an invitation is accepted by who has an account by signing in to it; by nobody else', async () => {
  const { id, email } = await newUser();
  await site.db.asSuperuser('delete from members where user_id = $1', [id]);
  const { link } = await invite(email, 'viewer');
  const { page, picture, expectAccessible } = await site.open();
  const other = await newUser();
  await page.goto('/sign-in');
  await signIn(page, other.email);
  await page.getByRole('button', { name: 'Ada Byron' }).waitFor();
  await page.goto(link);
  await page.getByText(`You are signed in as ${other.email}`).waitFor();
  await page.getByRole('button', { name: 'Sign out' }).click();
  await page.getByText('You have an account with this address').waitFor();
  expect(await page.getByLabel('Email address').inputValue()).toBe(email);
  await expectAccessible();
  await picture('invite-known');
  await page.getByLabel('Password', { exact: true }).fill(PASSWORD);
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
  await page.getByRole('button', { name: 'Accept the invitation' }).click();
  await page.getByRole('button', { name: 'Ada Byron' }).click();
  await page.getByText('Acme Support · Viewer').waitFor();
});

test('a link that was not copied in full says so', async () => {
  const { page, expectAccessible } = await site.open();
  for (const path of ['/invite', '/first-owner']) {
    await page.goto(path);
    await page.getByText('This address lacks its end').waitFor();
    await expectAccessible();
  }
});

test('in German, on a phone', async () => {
  const { page, picture } = await site.open({ language: 'de', isPhone: true });
  await page.goto('/sign-in');
  await page.getByRole('heading', { name: 'Anmelden' }).waitFor();
  expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(390);
  await picture('sign-in-de');
  await page.getByRole('button', { name: 'English' }).click();
  await page.getByRole('heading', { name: 'Sign in' }).waitFor();
});
