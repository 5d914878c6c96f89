import { describe, expect, it } from 'vitest';
import { asCurl, exportAddress, isRecordId, suggestFileName } from './export-address.ts';
import { type ExportKind, exportKinds } from './export-kinds.ts';

function formOf(kind: ExportKind['kind'], id: string) {
  return exportKinds.find((one) => one.kind === kind)!.forms.find((form) => form.id === id)!;
}

describe('an export’s address', () => {
  it('says what a CSV’s rows are, and for whom it is', () => {
    const form = formOf('conversations', 'csv-messages');
    expect(exportAddress({ kind: 'conversations', form, csvProfile: 'spreadsheet' })).toBe(
      '/v1/conversations/export?format=csv&mode=messages&profile=spreadsheet',
    );
  });

  it('keeps the two profiles of one person apart', () => {
    const choice = {
      kind: 'contact',
      csvProfile: 'spreadsheet',
      contactProfile: 'subject',
      recordId: 'c1',
    } as const;
    expect(exportAddress({ ...choice, form: formOf('contact', 'csv') })).toBe(
      '/v1/contacts/c1/export?format=csv&profile=subject&csv=spreadsheet',
    );
    expect(exportAddress({ ...choice, form: formOf('contact', 'json') })).toBe(
      '/v1/contacts/c1/export?format=json&profile=subject',
    );
  });

  it('repeats a part of the filter that has several values', () => {
    const filter = { status: ['open', 'waiting'], tag: ['a&b'], since: '2025-01-05' };
    const form = formOf('conversations', 'json');
    expect(exportAddress({ kind: 'conversations', form, csvProfile: 'machine', filter })).toBe(
      '/v1/conversations/export?format=json&status=open&status=waiting&tag=a%26b&since=2025-01-05',
    );
  });

  it('stays one path segment, and one word of a shell, whatever the id', () => {
    const recordId = `a/b?c#d'e"$(f)+49 % ü`;
    const address = exportAddress({
      kind: 'conversation',
      form: formOf('conversation', 'json'),
      csvProfile: 'machine',
      recordId,
    });
    expect(address).toMatch(/^\/v1\/conversations\/[^/?#'"]+\/export\?format=json$/);
    expect(decodeURIComponent(address.split('/')[3]!)).toBe(recordId);
    expect(asCurl(address, 'https://convey.example').split("'")).toHaveLength(3);
  });

  it('refuses ids that would name another address', () => {
    expect(['', '.', '..', '\ud800'].map(isRecordId)).toEqual([false, false, false, false]);
    expect(['...', '0', 'a b'].map(isRecordId)).toEqual([true, true, true]);
  });
});

describe('a suggested file name', () => {
  it('has kind, workspace and day', () => {
    expect(suggestFileName('workspace', 'zip', 'demo', new Date('2025-03-04T23:59:00Z'))).toBe(
      'convey-workspace-demo-2025-03-04.zip',
    );
  });
});
