import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { AxeBuilder } from '@axe-core/playwright';
import { type BrowserContext, chromium, type Page } from 'playwright-core';
import { expect } from 'vitest';

/** Debian's; another by `CONVEY_TEST_CHROMIUM`. */
const CHROMIUM = process.env['CONVEY_TEST_CHROMIUM'] ?? '/usr/bin/chromium';
/** Where pictures are kept; not kept when unset. */
const PICTURES = process.env['CONVEY_TEST_PICTURES'];

/** How somebody looks at a page. */
export interface Viewer {
  scheme?: 'light' | 'dark';
  /** 390 px wide, touched. */
  isPhone?: boolean;
  language?: 'en' | 'de';
}

export interface OpenPage {
  page: Page;
  context: BrowserContext;
  /** Goes to an address of the app and waits until nothing is loading any more. */
  visit(path: string): Promise<void>;
  /** Keeps pictures of the page as it is: light, dark, and as wide as a phone; of what is in sight, or all of it. */
  picture(name: string, part?: 'in sight' | 'all'): Promise<void>;
  /** Has axe look at the page: it finds nothing. */
  expectAccessible(): Promise<void>;
}

/** A browser on one server. A page that complains or asks another host fails the test that closes it. */
export async function openBrowser(url: string): Promise<{
  open(viewer?: Viewer, token?: string): Promise<OpenPage>;
  close(): Promise<void>;
}> {
  const browser = await chromium.launch({
    executablePath: CHROMIUM,
    args: ['--no-sandbox', '--disable-dev-shm-usage'],
  });
  const complaints: string[] = [];
  return {
    open: async (viewer = {}, token) => {
      const context = await browser.newContext({
        baseURL: url,
        acceptDownloads: true,
        colorScheme: viewer.scheme ?? 'light',
        locale: viewer.language === 'de' ? 'de-DE' : 'en-GB',
        timezoneId: 'Europe/Berlin',
        reducedMotion: 'reduce',
        viewport: viewer.isPhone ? { width: 390, height: 844 } : { width: 1280, height: 800 },
      });
      if (token !== undefined)
        await context.addCookies([{ name: 'convey_session', value: token, url, httpOnly: true }]);
      const page = await context.newPage();
      page.setDefaultTimeout(30_000);
      watch(page, url, complaints);
      return describePage(page, context);
    },
    close: async () => {
      await browser.close();
      expect(complaints, 'what pages complained about').toEqual([]);
    },
  };
}

/** Notes what no page may do: throw, break the content security policy, or ask another host. */
function watch(page: Page, url: string, complaints: string[]): void {
  page.on('pageerror', (error) => complaints.push(`${page.url()}: ${error.message}`));
  page.on('console', (message) => {
    if (message.type() === 'error' && !/Failed to load resource/.test(message.text()))
      complaints.push(`${page.url()}: ${message.text()}`);
  });
  page.on('request', (request) => {
    const target = request.url();
    if (!target.startsWith(url) && !/^(blob|data|about):/.test(target)) complaints.push(`asked ${target}`);
  });
}

function describePage(page: Page, context: BrowserContext): OpenPage {
  const settle = async () => {
    await page.locator('h1').first().waitFor();
    await expect.poll(() => page.locator('.mantine-Loader-root').count(), { timeout: 30_000 }).toBe(0);
  };
  return {
    page,
    context,
    visit: async (path) => {
      await page.goto(path);
      await settle();
    },
    picture: async (name, part = 'all') => {
      if (PICTURES === undefined) return;
      await mkdir(PICTURES, { recursive: true });
      const take = (variant: string) =>
        page.screenshot({
          path: join(PICTURES, `${name}-${variant}.png`),
          fullPage: part === 'all',
          animations: 'disabled', // what moves after a change of the width has arrived
        });
      const size = page.viewportSize()!;
      // What sticks to the top would stand in the middle of a picture of all.
      if (part === 'all') await page.evaluate(() => window.scrollTo(0, 0));
      await take('light');
      await page.emulateMedia({ colorScheme: 'dark' });
      await take('dark');
      await page.emulateMedia({ colorScheme: 'light' });
      await page.setViewportSize({ width: 390, height: 844 });
      await take('phone');
      await page.setViewportSize(size);
    },
    expectAccessible: async () => {
      const { violations } = await new AxeBuilder({ page }).analyze();
      expect(
        violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' | ')}`),
      ).toEqual([]);
    },
  };
}
