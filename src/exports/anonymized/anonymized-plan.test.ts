import { expect, test } from 'vitest';
import type { Database } from '../../database/connect.ts';
import { layOutFiles } from '../layout/lay-out-files.ts';
import { exportKinds } from '../../catalog/tables/workings.ts';
import { type ExportRequest, formatsOfKind, planExport } from '../plan-export.ts';
import { anonymized, startAnonymizing } from '../render/anonymize-section.ts';
import type { AcceptedExport } from '../request-export.ts';
import { renderAccess, type RunDependencies } from '../run-export.ts';
import type { RecordFormat } from '../../formats/record-format.ts';
import { ANONYMIZED, askerToTell, ensureCanAnonymize, filterToTell } from './anonymized-plan.ts';

const planOf = (request: Omit<ExportRequest, 'kind' | 'format'> & Partial<ExportRequest>) =>
  planExport(
    { kind: 'conversations', format: 'json', anonymize: true, ...request },
    {
      workspace: { id: 'w', slug: 'w', name: 'W' },
      productName: 'p',
      includeInternal: true,
      audiences: null,
    },
  );

test('contents of files are never kept with an anonymised export', () => {
  const keep = { files: true, partConversations: 7 };
  expect(planOf({ keep }).keep).toEqual({ files: false, partConversations: 7 });
  expect(planOf({ keep, anonymize: false }).keep).toEqual(keep);
  expect(planOf({}).keep).toBeNull();
});

test('a filter is told without those whom it names', () => {
  const filter = {
    email: 'anna@example.com',
    ids: ['anna-1'],
    q: 'Anna',
    assignee: ['bob'],
    contact_id: 'anna',
  };
  const open = { status: ['open'], since: '2026-01-01', tag: ['vip'] };
  const hidden = {
    email: '[hidden]',
    ids: ['[hidden]'],
    q: '[hidden]',
    assignee: ['[hidden]'],
    contact_id: '[hidden]',
  };
  expect(filterToTell(planOf({ filter: { ...filter, ...open } }))).toEqual({ ...hidden, ...open });
  expect(filterToTell(planOf({ filter, anonymize: false }))).toEqual(filter);
});

test('one person’s export and the audit log cannot be anonymised, all other kinds can', () => {
  const refused = exportKinds.filter((kind) => {
    try {
      ensureCanAnonymize({ kind, anonymize: true });
      return false;
    } catch {
      return true;
    }
  });
  expect(refused).toEqual(['contact', 'audit']);
  for (const kind of exportKinds) expect(() => ensureCanAnonymize({ kind })).not.toThrow();
});

test('every kind and format that can be anonymised has a treatment for each column that it shows', () => {
  for (const kind of ['workspace', 'contacts', 'conversations', 'conversation'] as const) {
    for (const format of formatsOfKind[kind]) {
      for (const mode of ['conversations', 'messages'] as const) {
        const request = { kind, format, mode, ...(kind === 'conversation' ? { recordId: 'v1' } : {}) };
        const sections = layOutFiles(planOf(request)).flatMap((file) => file.sections);
        for (const { shape, anonymize, records } of sections) {
          expect(anonymize!.record).toHaveLength(shape.columns.length);
          expect(anonymize!.lists.map(({ length }) => length)).toEqual(
            shape.lists.map(({ columns }) => columns.length),
          );
          if (anonymize!.knownField !== undefined)
            expect(anonymize!.knownField).toBe(records.columnCount - 1);
          // What tells whom it is about is never shown.
          expect(shape.columns.map(({ field }) => field)).not.toContain(anonymize!.knownField);
        }
        const plain = layOutFiles(planOf({ ...request, anonymize: false })).flatMap((file) => file.sections);
        expect(
          plain.every(
            ({ anonymize, records }) => anonymize === undefined && !records.sql.includes("'people'"),
          ),
        ).toBe(true);
      }
    }
  }
});

test('each attempt takes a key of its own, and nothing is rendered without one', () => {
  const dependencies = {
    database: { url: 'postgres://x' } as Database,
    snapshotMaxAgeMs: 1,
  } as RunDependencies;
  const attempt = (anonymize: boolean) =>
    renderAccess(dependencies, {
      id: 'exp_1',
      scope: { workspaceId: 'w' },
      plan: planOf({ anonymize }),
    } as AcceptedExport);
  const keys = [attempt(true).anonymizeKey!, attempt(true).anonymizeKey!];
  expect(keys.map(({ length }) => length)).toEqual([32, 32]);
  expect(keys[0]).not.toEqual(keys[1]);
  expect(attempt(false)).not.toHaveProperty('anonymizeKey');

  const { sections } = layOutFiles(planOf({}))[0]!;
  const format = {} as RecordFormat;
  expect(() => anonymized(format, sections, undefined)).toThrow('needs a key');
  expect(() => anonymized(format, sections, startAnonymizing(keys[0]!))).not.toThrow();
  const plain = layOutFiles(planOf({ anonymize: false }))[0]!.sections;
  expect(anonymized(format, plain, undefined)).toBe(format);
});

test('who exported is told by what they are, and the manifest’s sentence fits into it', () => {
  const asker = { name: 'Anna Berg', type: 'user' } as const;
  expect([askerToTell(asker, planOf({})), askerToTell(asker, planOf({ anonymize: false }))]).toEqual([
    'a member',
    'Anna Berg',
  ]);
  expect(ANONYMIZED).toMatch(/^[^\p{Cc}]{1,1000}$/u);
});
