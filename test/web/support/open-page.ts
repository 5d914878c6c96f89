import type { Page } from 'playwright-core';
import { onTestFinished } from 'vitest';
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
