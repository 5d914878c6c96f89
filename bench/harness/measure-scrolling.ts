import { gzipSync } from 'node:zlib';
import { chromium, type Page } from 'playwright-core';

/** What a browser did while one scrolled through the table. */
export interface ScrollResult {
  browser: string;
  /** Up to the row that was in sight at the end. */
  rows_passed: number;
  rows_in_page: number;
  seconds: number;
  frames: number;
  /** Between two frames; 16.7 is as smooth as a screen shows. */
  frame_p50_ms: number;
  frame_p99_ms: number;
  frame_max_ms: number;
  /** Work that kept the page from answering for more than 50 ms. */
  long_tasks: number;
  longest_task_ms: number;
}

/** A step of the wheel and the pause after it: ten screens in a second. */
const STEP_PX = 800;
const STEP_MS = 100;

/** JavaScript of the first page, as it would be sent with gzip, and how the table scrolls. */
export async function measureScrolling(
  program: string,
  url: string,
  session: string,
  seconds: number,
): Promise<{ first_page_js_gzip_bytes: number; scrolling: ScrollResult }> {
  const browser = await chromium.launch({ executablePath: program, args: ['--no-sandbox'] });
  try {
    const context = await browser.newContext({ baseURL: url, viewport: { width: 1280, height: 800 } });
    await context.addCookies([{ name: 'convey_session', value: session, url, httpOnly: true }]);
    const first_page_js_gzip_bytes = await weighFirstPage(await context.newPage());
    const page = await context.newPage();
    await page.goto('/conversations');
    await page.getByRole('grid').getByRole('row').nth(20).waitFor();
    await page.evaluate(WATCH);
    const start = performance.now();
    await page.mouse.move(640, 500);
    while (performance.now() - start < seconds * 1000) {
      await page.mouse.wheel(0, STEP_PX);
      await page.waitForTimeout(STEP_MS);
    }
    const taken = (performance.now() - start) / 1000;
    const scrolling = {
      browser: browser.version(),
      ...(await lastRow(page)),
      seconds: taken,
      ...describe(await page.evaluate<Watched>('watched')),
    };
    return { first_page_js_gzip_bytes, scrolling };
  } finally {
    await browser.close();
  }
}

/** All scripts that the first page after a sign-in asks for. */
async function weighFirstPage(page: Page): Promise<number> {
  const scripts: Promise<Buffer>[] = [];
  page.on('response', (reply) => {
    if (reply.request().resourceType() === 'script') scripts.push(reply.body());
  });
  await page.goto('/', { waitUntil: 'networkidle' });
  const bodies = await Promise.all(scripts);
  await page.close();
  return bodies.reduce((sum, body) => sum + gzipSync(body).length, 0);
}

async function lastRow(page: Page): Promise<{ rows_passed: number; rows_in_page: number }> {
  const places = await page
    .getByRole('rowgroup')
    .getByRole('row')
    .evaluateAll((rows) => rows.map((row) => Number(row.getAttribute('aria-rowindex'))));
  return { rows_passed: Math.max(...places) - 1, rows_in_page: places.length };
}

interface Watched {
  frames: number[];
  tasks: number[];
}

/** Runs in the page: notes every frame and every long task from now on. */
const WATCH = `
  watched = { frames: [], tasks: [] };
  new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) watched.tasks.push(duration);
  }).observe({ type: 'longtask' });
  let last = performance.now();
  const onFrame = (now) => {
    watched.frames.push(now - last);
    last = now;
    requestAnimationFrame(onFrame);
  };
  requestAnimationFrame(onFrame);
`;

function describe({
  frames,
  tasks,
}: Watched): Pick<
  ScrollResult,
  'frames' | 'frame_p50_ms' | 'frame_p99_ms' | 'frame_max_ms' | 'long_tasks' | 'longest_task_ms'
> {
  const sorted = frames.toSorted((a, b) => a - b);
  const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
  return {
    frames: frames.length,
    frame_p50_ms: at(0.5),
    frame_p99_ms: at(0.99),
    frame_max_ms: at(1),
    long_tasks: tasks.length,
    longest_task_ms: Math.max(0, ...tasks),
  };
}
