import { execFile, execFileSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { PNG } from 'pngjs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { manyScripts, message, style, TEXTS } from './many-scripts.fixture.ts';
import { createPdfEngine } from './pdf-engine.ts';

// What another program reads out of our PDFs: poppler's pdftotext, pdffonts and pdfinfo.

const run = promisify(execFile);
const hasPoppler = (() => {
  try {
    execFileSync('pdftotext', ['-v'], { stdio: 'ignore' });
    return true;
  } catch {
    console.warn('SKIPPED: golden PDFs are not re-read, as poppler-utils (pdftotext) is not installed.');
    return false;
  }
})();

const signal = new AbortController().signal;
const engine = createPdfEngine();
let folder: string;
let text: string;

async function ask(program: string, ...rest: string[]): Promise<string> {
  const { stdout } = await run(program, rest, { maxBuffer: 64 * 1024 ** 2 });
  return stdout;
}

/** As it was written, but for line ends, spaces, and marks that only steer. */
function bare(text: string): string {
  return text.normalize('NFKC').replaceAll(/[\s\p{Cf}]/gu, '');
}

/** What stands between a page's head and foot, of all pages. */
function withoutMargins(text: string): string {
  return text.replaceAll(/^Export exp_.*$|^\d+ of \d+$|^\f.*$/gmu, '');
}

/** Whether all characters of one text come in another, in their order, with others in between. */
function isWithin(wanted: string, text: string): boolean {
  let at = 0;
  for (const character of text) if (character === wanted[at]) at++;
  return at === wanted.length;
}

describe.runIf(hasPoppler)('a PDF with every script', () => {
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'convey-pdf-'));
    const { pdf } = await engine.render(manyScripts, style, signal);
    await writeFile(join(folder, 'many.pdf'), pdf);
    text = await ask('pdftotext', join(folder, 'many.pdf'), '-');
  });
  afterAll(async () => {
    await engine.close();
    await rm(folder, { recursive: true, force: true });
  });

  test.each(['latin', 'chinese', 'japanese', 'korean', 'devanagari', 'tamil'] as const)(
    'gives its %s text back',
    (name) => {
      expect(bare(text)).toContain(bare(TEXTS[name]));
    },
  );

  // A mark that is set higher or lower than usual comes with its syllable once more: for copying it is there twice.
  test.each(['thai', 'bengali'] as const)('gives its %s text back, no syllable left out', (name) => {
    const [first = '', last = ''] = [TEXTS[name].slice(0, 5), TEXTS[name].slice(-5)].map(bare);
    const start = bare(text).indexOf(first);
    const told = bare(text).slice(start, bare(text).indexOf(last, start) + last.length);
    expect(isWithin(bare(TEXTS[name]), told)).toBe(true);
    expect(told.length).toBeLessThan(bare(TEXTS[name]).length * 1.2);
  });

  // pdftotext gives runs from left to right as they stand on the page; inside a run letters come as they are read.
  test.each([
    ['hebrew', ['ההזמנה שלי', 'שלום', 'לא הגיעה', 'תודה רבה']],
    ['arabic', ['مرحبا', 'المبلغ للطلب رقم', 'من فضلكم']],
  ] as const)('gives its %s words back, letters and words as they are read', (_name, phrases) => {
    for (const phrase of phrases) expect(text).toContain(phrase);
  });

  test('gives code and long words back to the letter', () => {
    expect(text).toContain('// #let x = $y$ *bold* _it_ @ref <label> \\ `raw`');
    const inner = bare(withoutMargins(text));
    expect(inner).toContain('Pneumono'.repeat(750));
    expect(inner).toContain(bare(TEXTS.longUrl));
  });

  test('gives emoji back, those of several characters whole', () => {
    for (const emoji of ['👨‍👩‍👧‍👦', '🇩🇪', '👍🏽', '😀']) expect(bare(text)).toContain(bare(emoji));
  });

  test('shows what no font has as its code point', () => {
    expect(text).toContain('Egypt [U+13000], private [U+E000], bell [U+0007]');
  });

  test('marks notes, and names events, citations, files and tools', () => {
    for (const shown of [
      'internal note',
      'Assigned to Dana',
      'Refund policy',
      'https://example.com/refunds',
      'receipt-領収書.pdf',
      'application/pdf, 48213 bytes, files/receipt.pdf',
      '"order": 12345',
      'edited 2026-03-05 15:00:00 UTC',
    ])
      expect(bare(text)).toContain(bare(shown));
  });

  test('says on each page which page, which export, by whom and as of when', async () => {
    const pages = text.split('\f').slice(0, -1);
    expect(pages.length).toBeGreaterThan(1);
    pages.forEach((page, index) => {
      expect(page).toContain(`${index + 1} of ${pages.length}`);
      expect(page).toContain('Export exp_0123456789abcdefghjk by Dana Admin, as of 2026-03-06 08:00:00 UTC');
    });
  });

  test('embeds its fonts, and says title, language and that it is tagged', async () => {
    const fonts = (await ask('pdffonts', join(folder, 'many.pdf'))).split('\n').slice(2).filter(Boolean);
    expect(fonts.length).toBeGreaterThan(8);
    for (const font of fonts) expect(font).toMatch(/\b(yes|no) +(yes|no) +(yes|no) +\d+ +\d+$/);
    for (const font of fonts)
      expect(/ (yes|no) +(?:yes|no) +(?:yes|no) +\d+ +\d+$/.exec(font)?.[1]).toBe('yes');
    const info = await ask('pdfinfo', join(folder, 'many.pdf'));
    expect(info).toMatch(/^Title: +Refund for order 12345/m);
    expect(info).toMatch(/^Tagged: +yes$/m);
    expect(info).toMatch(/^JavaScript: +no$/m);
  });

  test('links only to the web', async () => {
    const links = await ask('pdfinfo', '-url', join(folder, 'many.pdf'));
    expect(links).toContain('https://example.com/refunds');
    expect(links).not.toContain('javascript');
  });

  test('shows the logo, once, in its shape, and the brand’s name with it or without', async () => {
    const png = PNG.sync.write({ width: 300, height: 100, data: Buffer.alloc(120_000, 0xa0) });
    const logo = { mediaType: 'image/png' as const, base64: png.toString('base64') };
    const { pdf } = await engine.render(manyScripts, { ...style, logo }, signal);
    await writeFile(join(folder, 'logo.pdf'), pdf);
    const images = (await ask('pdfimages', '-list', join(folder, 'logo.pdf'))).split('\n').slice(2);
    expect(images.filter((line) => /^ *1 +\d+ image +300 +100 /.test(line))).toHaveLength(1);
    expect(await ask('pdftotext', '-l', '1', join(folder, 'logo.pdf'), '-')).toContain('Acme Support');
    expect(text).toContain('Acme Support');
  });

  test('2,000 messages are one document, each of them in it', async () => {
    const entries = Array.from({ length: 2000 }, (_, index) =>
      message(index, { body: `This is message ${index} of many. `.repeat(1 + (index % 9)) }),
    );
    const { pdf } = await engine.render({ ...manyScripts, entries }, style, signal);
    await writeFile(join(folder, 'long.pdf'), pdf);
    const long = bare(await ask('pdftotext', join(folder, 'long.pdf'), '-'));
    for (let index = 0; index < 2000; index++) expect(long).toContain(`Thisismessage${index}ofmany.`);
  });

  test('a message of many pages flows over them', async () => {
    const body = Array.from({ length: 3000 }, (_, index) => `Line ${index} of the log`).join('\n');
    const { pdf } = await engine.render({ ...manyScripts, entries: [message(1, { body })] }, style, signal);
    await writeFile(join(folder, 'log.pdf'), pdf);
    const log = await ask('pdftotext', join(folder, 'log.pdf'), '-');
    expect(log.split('\f').length).toBeGreaterThan(40);
    for (let index = 0; index < 3000; index++) expect(log).toContain(`Line ${index} of the log\n`);
  });
});
