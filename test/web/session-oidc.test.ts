import { afterAll, beforeAll, expect, test } from 'vitest';
import { inviteByOperator } from '../../src/access/sign-in/sign-in.commands.ts';
import { findFreePort } from '../../src/database/embedded/host/free-port.ts';
import { CLIENT, startProvider, type TestProvider } from '../support/oidc-provider.ts';
import type { OpenPage } from './support/chromium.ts';
import { openSite, type Site } from './support/site.ts';

let site: Site;
let provider: TestProvider;

beforeAll(async () => {
  const port = await findFreePort();
  const url = `http://127.0.0.1:${port}`;
  provider = await startProvider(`${url}/v1/session/oidc/callback`, {
    invited: { email: 'new@example.com', email_verified: true, name: 'New Person' },
    stranger: { email: 'stranger@example.com', email_verified: true },
  });
  site = await openSite({
    conversations: 0,
    settings: {
      CONVEY_PORT: String(port),
      CONVEY_URL: url,
      CONVEY_OIDC_ISSUER: provider.issuer,
      CONVEY_OIDC_CLIENT_ID: CLIENT.id,
      CONVEY_OIDC_CLIENT_SECRET: CLIENT.secret,
      CONVEY_OIDC_NAME: 'Example Corp',
    },
  });
});
afterAll(async () => {
  await site?.close();
  await provider?.stop();
});

/** Does what a click on the button does, and what somebody then does over there. */
async function signInThere({ page, context }: OpenPage, login: string): Promise<void> {
  const button = page.getByRole('link', { name: 'Sign in with Example Corp' });
  await button.waitFor();
  const start = new URL((await button.getAttribute('href'))!, site.server.url).href;
  const reply = await context.request.get(start, { maxRedirects: 0, headers: { accept: 'text/html' } });
  const callback = await provider.signIn(reply.headers()['location']!, login);
  await page.goto(callback);
}

test('who was invited joins by signing in at the other provider, and has no password here', async () => {
  const { link } = await inviteByOperator(site.db.database, site.server.url, {
    workspace: 'acme',
    email: 'new@example.com',
    role: 'viewer',
  });
  const open = await site.open();
  await open.page.goto(link);
  await open.page.getByRole('heading', { name: 'Join Acme Support' }).waitFor();
  await open.expectAccessible();
  await open.picture('invite-provider');
  await signInThere(open, 'invited');
  await open.page.getByRole('button', { name: 'New Person' }).click();
  await open.page.getByRole('menuitem', { name: 'My account' }).click();
  await open.page.getByText('so there is no password here').waitFor();
  expect(await open.page.getByRole('button', { name: 'Change the password' }).count()).toBe(0);
  // A second factor takes a sign-in of the last minutes instead of a password: this one is.
  await open.page.getByRole('button', { name: 'Set up a second factor' }).click();
  const dialog = open.page.getByRole('dialog');
  expect(await dialog.getByRole('textbox', { name: 'Present password' }).count()).toBe(0);
  await dialog.getByRole('button', { name: 'Go on' }).click();
  await dialog.getByRole('img', { name: 'QR code for your authenticator app' }).waitFor();
  await dialog.getByRole('button', { name: 'Cancel' }).click();
  await site.db.asSuperuser(`update sessions set created_at = now() - interval '1 hour'`);
  await open.page.getByRole('button', { name: 'Set up a second factor' }).click();
  await dialog.getByRole('button', { name: 'Go on' }).click();
  await dialog.getByRole('link', { name: 'Sign in again' }).waitFor();
});

test('somebody known over there without an account here is told so, where they came from', async () => {
  const open = await site.open();
  await open.page.goto('/exports');
  await open.page.getByRole('heading', { name: 'Sign in' }).waitFor();
  expect(await open.page.getByRole('link', { name: 'Sign in with Example Corp' }).getAttribute('href')).toBe(
    '/v1/session/oidc/start?return_to=%2Fexports',
  );
  await signInThere(open, 'stranger');
  const alert = open.page.getByRole('alert');
  await alert.getByText('You were not signed in').waitFor();
  await alert.getByText('have no account here').waitFor();
  await open.expectAccessible();
  await open.picture('sign-in-refused');
});
