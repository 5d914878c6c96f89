import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

// Holds docs/security-checklist.md to the code: what it names is there, and nothing of the standard is left out.

const ROOT = new URL('../../', import.meta.url).pathname;
const text = readFileSync(join(ROOT, 'docs/security-checklist.md'), 'utf8');

/** Requirements of OWASP ASVS 5.0.0 at levels 1 and 2, as section.numbers (those between them are of level 3). */
const REQUIREMENTS = `
  1.1.1-2 1.2.1-9 1.3.1-11 1.4.1-3 1.5.1-2
  2.1.1-3 2.2.1-3 2.3.1-4 2.4.1
  3.2.1-2 3.3.1-4 3.4.1-6 3.5.1-5 3.7.1-2
  4.1.1-3 4.2.1 4.3.1-2 4.4.1-4
  5.1.1 5.2.1-3 5.3.1-2 5.4.1-3
  6.1.1-3 6.2.1-12 6.3.1-4 6.4.1-4 6.5.1-5 6.6.1-3 6.8.1-4
  7.1.1-3 7.2.1-4 7.3.1-2 7.4.1-5 7.5.1-2 7.6.1-2
  8.1.1-2 8.2.1-3 8.3.1 8.4.1
  9.1.1-3 9.2.1-4
  10.1.1-2 10.2.1-2 10.3.1-4 10.4.1-11 10.5.1-5 10.6.1-2 10.7.1-3
  11.1.1-2 11.2.1-3 11.3.1-3 11.4.1-4 11.5.1 11.6.1
  12.1.1-3 12.2.1-2 12.3.1-4
  13.1.1 13.2.1-5 13.3.1-2 13.4.1-5
  14.1.1-2 14.2.1-4 14.3.1-3
  15.1.1-3 15.2.1-3 15.3.1-7
  16.1.1 16.2.1-5 16.3.1-4 16.4.1-3 16.5.1-3
  17.1.1 17.2.1-4 17.3.1-2`
  .trim()
  .split(/\s+/)
  .flatMap((range) => {
    const [, section, first, last = first] = /^(\d+\.\d+)\.(\d+)(?:-(\d+))?$/.exec(range)!;
    const count = Number(last) - Number(first) + 1;
    return Array.from({ length: count }, (_, index) => `V${section}.${Number(first) + index}`);
  });

interface Item {
  id: string;
  status: string;
  /** Where, which test, or why not. */
  says: string;
}

const items: Item[] = text
  .split('\n')
  .filter((line) => line.startsWith('| V'))
  .map((line) => {
    const [id = '', , status = '', ...says] = line
      .slice(2, -2)
      .split(' | ')
      .map((cell) => cell.trim());
    return { id, status, says: says.join(' | ') };
  });

/** Paths that an item names, each with the titles of tests that are quoted behind it. */
function namedIn(says: string): { path: string; titles: string[] }[] {
  const named: { path: string; titles: string[] }[] = [];
  for (const [, path, title] of says.matchAll(/`([^`]+)`|“([^”]+)”/g)) {
    if (title !== undefined) named.at(-1)?.titles.push(title);
    else if (isPath(path!)) named.push({ path: path!, titles: [] });
  }
  return named;
}

function isPath(word: string): boolean {
  return /^(src|test|docs|web|migrations|scripts|bin)\/|^\.?[\w.-]+\.(json|md)$/.test(word);
}

test('every requirement of levels 1 and 2 is there once, in the standard’s order', () => {
  expect(REQUIREMENTS).toHaveLength(253);
  expect(items.map(({ id }) => id)).toEqual(REQUIREMENTS);
});

test('each is yes, no or n/a, and the page says how many', () => {
  const counts: Record<string, number> = { yes: 0, no: 0, 'n/a': 0 };
  for (const { id, status } of items) {
    expect(Object.keys(counts), id).toContain(status);
    counts[status]!++;
  }
  const sentence = `${counts['yes']} yes, ${counts['no']} no, ${counts['n/a']} not applicable`;
  console.log(`OWASP ASVS 5.0.0, levels 1 and 2: ${sentence}`);
  expect(text).toContain(sentence);
});

test('what is yes names a file or a part of the page, and what is no or n/a a reason', () => {
  for (const { id, status, says } of items) {
    if (status === 'yes') expect(namedIn(says).length > 0 || says.includes('](#'), id).toBe(true);
    else expect(says.length, id).toBeGreaterThan(5);
  }
});

test('every file that is named exists, and every title that is quoted behind a test stands in it', () => {
  const wrong: string[] = [];
  for (const { id, says } of items) {
    for (const { path, titles } of namedIn(says)) {
      if (!existsSync(join(ROOT, path))) {
        wrong.push(`${id}: ${path} does not exist`);
        continue;
      }
      if (!path.endsWith('.test.ts')) continue;
      const source = readFileSync(join(ROOT, path), 'utf8');
      for (const title of titles) if (!source.includes(title)) wrong.push(`${id}: ${path} has no “${title}”`);
    }
  }
  expect(wrong).toEqual([]);
});

test('every place on the page that is linked to is there', () => {
  const anchors = [...text.matchAll(/^#+ (.+)$/gm)].map(([, heading]) =>
    heading!
      .toLowerCase()
      .replaceAll(/[^a-z0-9 -]/g, '')
      .replaceAll(' ', '-'),
  );
  for (const [, anchor] of text.matchAll(/\]\(#([^)]+)\)/g)) expect(anchors).toContain(anchor);
});
