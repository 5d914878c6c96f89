import { afterAll, beforeAll, expect, test } from 'vitest';
import { openSite, type Site } from './support/site.ts';

let site: Site;
beforeAll(async () => {
  site = await openSite();
});
afterAll(() => site.close());

test('whoever is not signed in is asked to sign in, and comes back to where they wanted to go', async () => {
  const { page, expectAccessible, picture } = await site.open();
  await page.goto('/exports');
  await page.getByRole('heading', { name: 'Sign in' }).waitFor();
  expect(new URL(page.url()).searchParams.get('next')).toBe('/exports');
  await expectAccessible();
  await picture('sign-in');
});

test('a member sees the exports', async () => {
  const { page, visit, picture, expectAccessible } = await site.openAs('admin');
  await visit('/exports');
  await page.getByRole('heading', { name: 'Exports', level: 1 }).waitFor();
  await expectAccessible();
  await picture('exports');
});
