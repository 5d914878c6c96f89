import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { permissionNames, permissionOf } from '../../src/access/permissions.ts';
import { listErrorKinds } from '../../src/errors.ts';
import { ANONYMIZED } from '../../src/exports/anonymized/anonymized-plan.ts';
import { findLeftOut } from '../../src/exports/finish/find-left-out.ts';
import { findWarnings } from '../../src/exports/keep/find-warnings.ts';
import { exportFields } from '../../src/exports/order/export-fields.ts';
import { exportKinds } from '../../src/catalog/tables/workings.ts';
import { type ExportRequest, formatsOfKind, planExport } from '../../src/exports/plan-export.ts';
import { subscribableEvents, webhookEvents } from '../../src/notify/webhooks/publish-event.ts';
import { listRecordTypes } from '../../src/records/uploads/record-types.ts';
import { german } from '../../src/texts/de/german.ts';
import { translate } from '../../src/texts/translate.ts';

// Every sentence of the program that people read in replies has its German one, and no other has.

const ROOT = new URL('../../', import.meta.url).pathname;
const entries = german.flatMap((catalogue) => Object.entries(catalogue));
const translated = new Map(entries);
const PLACE = /\{[a-z]+\}/g;

/** Path of a source → its text, without tests and the catalogues themselves. */
const sources = new Map<string, string>();

beforeAll(async () => {
  for (const folder of ['src', 'samples'])
    for (const entry of await readdir(join(ROOT, folder), { recursive: true, withFileTypes: true })) {
      const path = join(entry.parentPath, entry.name).slice(ROOT.length);
      if (!entry.isFile() || !path.endsWith('.ts')) continue;
      if (/\.test\.ts$|\.fixture\.ts$|^src\/texts\//.test(path)) continue;
      sources.set(path, await readFile(join(ROOT, path), 'utf8'));
    }
  // Whoever declares an error is looked at, on the command line as well.
  for (const [path, text] of sources) if (/\berrorKind\(\s*'/.test(text)) await import(join(ROOT, path));
});

/** Literals of a file that match a pattern, with something put into their places. */
const literalsIn = (path: string, pattern: RegExp) =>
  [...sources.get(path)!.matchAll(pattern)].map(([, text]) => text!.replaceAll(/\$\{[^}]+\}/g, '7'));

/** What is left out of exports of every kind, format and choice. */
function leftOut(): string[] {
  const choices: Partial<ExportRequest>[] = [
    {},
    { anonymize: true },
    { fields: ['messages'] },
    { fields: ['tags'], mode: 'messages' },
    { window: { from: null, upto: { epoch: 1, xid: '2' } } as never },
    { window: { from: { epoch: 1, xid: '1' }, upto: { epoch: 1, xid: '2' } } as never },
  ];
  const requests = exportKinds.flatMap((kind) =>
    formatsOfKind[kind].flatMap((format) =>
      choices.map((choice) => ({ kind, format, recordId: 'x', ...choice }) as ExportRequest),
    ),
  );
  return requests.flatMap((request) =>
    [true, false].flatMap((includeInternal) => {
      const workspace = { id: 'wsp_1', slug: 'acme', name: 'Acme' };
      const plan = planExport(request, { workspace, productName: 'x', includeInternal, audiences: null });
      return findLeftOut(plan).flatMap(({ what, why }) => [what, why]);
    }),
  );
}

/** Warnings of exports that lack something, once for each way to lack it. */
function warnings(): string[] {
  const details = [...sources.keys()]
    .filter((path) => path.startsWith('src/formats/'))
    .flatMap((path) => literalsIn(path, /(?:const detail|UNKNOWN_GLYPH) =\s*'([^']+)'/g));
  const told = details.flatMap((detail) => [
    { code: 'x', count: 1, detail },
    ...(detail.startsWith('No font') ? [{ code: 'x', count: 1, detail, about: 'U+0001' }] : []),
  ]);
  return (['ndjson', 'chat-jsonl'] as const).flatMap((format) =>
    told.flatMap((warning) => {
      const plan = { kind: 'conversations', format, filter: { ids: ['a', 'b'] }, window: null } as never;
      const made = { counts: {}, parts: [{ warnings: [warning] }], missingFiles: [] } as never;
      return findWarnings(plan, made).leftOut.map(({ detail }) => detail);
    }),
  );
}

/** What the filter's parts say of themselves; the web app takes it from the same document. */
async function filterParts(): Promise<string[]> {
  const openapi = JSON.parse(await readFile(join(ROOT, 'docs/generated/openapi.json'), 'utf8')) as {
    components: { schemas: Record<string, { properties: Record<string, { description?: string }> }> };
  };
  const { properties } = openapi.components.schemas['ConversationFilterInput']!;
  return Object.values(properties).map(({ description }) => description ?? '');
}

/** Everything there is to translate, by what it is; functions, because errors are declared when they are imported. */
const said: Record<string, () => string[] | Promise<string[]>> = {
  'the title of an error': () => listErrorKinds().map(({ title }) => title),
  'what a permission allows': () => permissionNames.map((name) => permissionOf(name).doc),
  'a field of exports': () => Object.values(exportFields),
  'an event of webhooks': () => subscribableEvents.map((name) => webhookEvents[name]),
  'a type of record, or a field of it': () =>
    listRecordTypes().flatMap(({ doc, fields }) => [doc, ...fields.map((field) => field.doc)]),
  'a part of the filter': filterParts,
  'what is left out, and why': leftOut,
  'a warning': warnings,
  'why a file has no contents': () => literalsIn('src/exports/keep/copy-files.ts', /['`](its? [^'`]+)['`]/g),
  'what was masked': () => literalsIn('src/anonymize/spans.ts', /^ {2}\| '([^']+)'/gm),
  'what anonymising promises': () => [ANONYMIZED],
  'what is wrong with the audit log': () =>
    ['src/audit/check-event.ts', 'src/audit/noted-heads.ts']
      .flatMap((path) => literalsIn(path, /['`]([A-Z][^'`]* [^'`]*\.)['`]/g))
      .concat(literalsIn('src/audit/checkpoints/verify-log.ts', /reason(?: =|:)\s*['`]([A-Z][^'`]+)['`]/g)),
};

/** Names of datasets and of fields stay what they are. */
const isNames = (text: string) => /^[a-z_]+(, [a-z_]+)*$/.test(text) && !translated.has(text);
const isCounted = (text: string) => /^[a-z_]+\.[a-z_]+ \(\d+\)$/.test(text);

describe('has a German sentence:', () => {
  test.each(Object.entries(said))('%s', async (_what, list) => {
    const sentences = new Set(await list());
    expect(sentences.size).toBeGreaterThan(0);
    const lacking = [...sentences].filter(
      (one) => !translated.has(one) && translate(one, 'de') === one && !isNames(one) && !isCounted(one),
    );
    expect(lacking, 'write these into src/texts/de/').toEqual([]);
  });
});

test('no German sentence is there whose English one is gone', async () => {
  const all = (await Promise.all(Object.values(said).map(async (list) => list()))).flat();
  const code = [...sources.values()].join('\n');
  const isSaid = (english: string) => {
    if (english.search(PLACE) < 0) return all.includes(english) || isWritten(code, english);
    const parts = english.split(PLACE).map(escape);
    return (
      all.some((one) => new RegExp(`^${parts.join('.+')}$`, 's').test(one)) ||
      new RegExp(`\`${parts.join('\\$\\{[^}]+\\}')}\``).test(code)
    );
  };
  expect(entries.map(([english]) => english).filter((english) => !isSaid(english))).toEqual([]);
});

const isWritten = (code: string, text: string) =>
  [`'${text}'`, `"${text}"`].some((one) => code.includes(one));
const escape = (text: string) => text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');

test('no sentence is translated twice', () => {
  const names = entries.map(([english]) => english);
  expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
});

test.each(entries)('what is put in, and how it ends, is the same in both: %s', (english, says) => {
  expect(new Set(says.match(PLACE))).toEqual(new Set(english.match(PLACE)));
  expect(says.endsWith('.')).toBe(english.endsWith('.'));
  expect(says).toBe(says.trim());
  // Quotation marks and apostrophes as German has them.
  expect(says).not.toMatch(/“[^„]*”|\bdu\b|\bdein/i);
});
