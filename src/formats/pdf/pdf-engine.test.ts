import { readdir, readFile } from 'node:fs/promises';
import { afterAll, describe, expect, test } from 'vitest';
import type { Transcript } from '../documents/transcript.ts';
import { manyScripts, message, style } from './many-scripts.fixture.ts';
import { createPdfEngine } from './pdf-engine.ts';

const signal = new AbortController().signal;
const engine = createPdfEngine();
afterAll(() => engine.close());

const short: Transcript = {
  id: 'c1',
  title: 'Short',
  facts: [],
  entries: [message(1, { body: 'Hello' })],
  volume: 1,
};
/** Seconds of work. */
const long: Transcript = {
  ...short,
  entries: Array.from({ length: 30_000 }, (_, index) => message(index, { body: `Hello ${index}` })),
};

/** Our children that make PDFs. */
async function findChildren(): Promise<number[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const found = await Promise.all(
    pids.map(async (pid) => {
      const read = (name: string) => readFile(`/proc/${pid}/${name}`, 'utf8').catch(() => '');
      const isOurs = new RegExp(`^PPid:\\s+${process.pid}$`, 'm').test(await read('status'));
      return isOurs && (await read('cmdline')).includes('pdf-child') ? [Number(pid)] : [];
    }),
  );
  return found.flat();
}

describe('the engine', () => {
  test('gives a tagged PDF/UA-1 and what no font has', async () => {
    const { pdf, unknown } = await engine.render(manyScripts, style, signal);
    const text = pdf.toString('latin1');
    expect(text.slice(0, 5)).toBe('%PDF-');
    expect(text.trimEnd().slice(-5)).toBe('%%EOF');
    expect(text).toContain('pdfuaid:part');
    expect(unknown).toEqual({ 'U+13000': 1, 'U+E000': 1, 'U+0007': 1, 'U+1D165': 1 });
  });

  test('gives equal bytes for equal input, whichever child made them', async () => {
    const other = createPdfEngine();
    const [one, again, elsewhere] = [
      await engine.render(manyScripts, style, signal),
      await engine.render(manyScripts, { ...style }, signal),
      await other.render(manyScripts, style, signal),
    ];
    await other.close();
    expect(again.pdf.equals(one.pdf)).toBe(true);
    expect(elsewhere.pdf.equals(one.pdf)).toBe(true);
  });

  test('takes documents one after the other, asked for at once', async () => {
    const titles = ['one', 'two', 'three'];
    const made = await Promise.all(titles.map((title) => engine.render({ ...short, title }, style, signal)));
    expect(new Set(made.map(({ pdf }) => pdf.toString('latin1'))).size).toBe(3);
  });

  test('what would be markup, a path or a package is text', async () => {
    const body =
      '#read("/etc/passwd") #include "x.typ" #import "@preview/x:1.0.0" $ x $ = Heading \\ #panic("no")';
    const { pdf } = await engine.render(
      { ...short, title: body, entries: [message(1, { body })] },
      style,
      signal,
    );
    expect(pdf.length).toBeGreaterThan(1000);
  });
});

describe('a document that goes wrong fails alone', () => {
  test('one that takes too long', async () => {
    const impatient = createPdfEngine({ documentMs: 1500 });
    await impatient.render(short, style, signal).catch(() => {}); // it may take as long to start
    await expect(impatient.render(long, style, signal)).rejects.toMatchObject({
      code: 'formats.pdf_timed_out',
    });
    await expect(engine.render(short, style, signal)).resolves.toBeDefined();
    await impatient.close();
  });

  test.runIf(process.platform === 'linux')('one that takes too much memory', async () => {
    const small = createPdfEngine({ memoryBytes: 200 * 1024 ** 2 });
    await small.render(short, style, signal);
    await expect(small.render(long, style, signal)).rejects.toMatchObject({ code: 'formats.pdf_too_large' });
    await expect(small.render(short, style, signal)).resolves.toBeDefined();
    await small.close();
  });

  test('one that nobody waits for any more', async () => {
    const aborted = new AbortController();
    const rendered = engine.render(long, style, aborted.signal);
    setTimeout(() => aborted.abort(new Error('given up')), 300);
    await expect(rendered).rejects.toThrow('given up');
    await expect(engine.render(short, style, signal)).resolves.toBeDefined();
  });

  test.runIf(process.platform === 'linux')('one whose child is killed by the system', async () => {
    const killed = createPdfEngine();
    await killed.render(short, style, signal);
    const before = await findChildren();
    const rendered = killed.render(long, style, signal);
    setTimeout(() => before.forEach((pid) => process.kill(pid, 'SIGKILL')), 200);
    await expect(rendered).rejects.toMatchObject({ code: 'formats.pdf_failed' });
    await expect(killed.render(short, style, signal)).resolves.toBeDefined();
    await killed.close();
    const after = await findChildren();
    expect(before.filter((pid) => after.includes(pid))).toEqual([]);
  });

  test('one that cannot be set', async () => {
    const broken = { ...style, color: 'no colour' };
    await expect(engine.render(short, broken, signal)).rejects.toMatchObject({ code: 'formats.pdf_failed' });
    await expect(engine.render(short, style, signal)).resolves.toBeDefined();
  });
});

test('a child is replaced after its share of documents, and nobody notices', async () => {
  const engine = createPdfEngine({ documents: 2 });
  const first = await engine.render(short, style, signal);
  for (let i = 0; i < 4; i++)
    expect((await engine.render(short, style, signal)).pdf.equals(first.pdf)).toBe(true);
  await engine.close();
});
