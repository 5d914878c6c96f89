import type { Page } from 'playwright-core';
import { expect, onTestFinished } from 'vitest';
import type { Site } from './site.ts';

/** Opens a page as a new member until the test ends: one that stays open goes on asking. */
export async function openForTest(site: Site, ...who: Parameters<Site['openAs']>) {
  const open = await site.openAs(...who);
  onTestFinished(() => open.context.close());
  return open;
}

/** Marks a page as it is. @returns whether it was not loaded anew since */
export async function markPage(page: Page): Promise<() => Promise<boolean>> {
  await page.evaluate(() => Object.assign(globalThis, { isSamePage: true }));
  return () => page.evaluate(() => 'isSamePage' in globalThis);
}

/** The page says in words that it is for others, and offers nothing of what it would show them. */
export async function expectOnlyFor(page: Page, roles: string): Promise<void> {
  const told = page.getByRole('alert').filter({ hasText: 'Your role does not open it' });
  await told.getByText(`This is for: ${roles}.`).waitFor();
  const content = page.getByRole('main');
  expect(await content.getByRole('button').count()).toBe(0);
  expect(await content.getByRole('row').count()).toBe(0);
  expect(await page.getByText('access.forbidden').count()).toBe(0);
}
