import { expect, test } from 'vitest';
import { type KindOptions, type OrderSettings, usualSettings } from './export-order.ts';
import { fromLastTime } from './from-last-time.ts';

const rows = { mode: null, default_fields: ['messages', 'tags'] as const, needed_fields: [] };
const conversations = {
  kind: 'conversations',
  permission: 'export.conversations',
  allowed: true,
  formats: [
    { format: 'json', profiles: [], rows: [rows] },
    {
      format: 'csv',
      profiles: ['machine', 'spreadsheet'],
      rows: [
        { ...rows, mode: 'conversations' },
        { ...rows, mode: 'messages' },
      ],
    },
  ],
  direct_formats: ['json', 'csv'],
  can_hold_files: true,
  can_anonymize: true,
} as unknown as KindOptions;
const usual = usualSettings(conversations);
const told = (begun: Partial<OrderSettings>, settings: Partial<OrderSettings> = begun) =>
  fromLastTime(conversations, { ...usual, ...begun }, { ...usual, ...settings }, false);

test('what was left on the last time is named, the usual is not', () => {
  expect(told({})).toEqual([]);
  expect(told({ anonymize: true })).toEqual(['anonymize']);
  expect(told({ format: 'csv', mode: 'messages', fields: ['messages'], files: true, keepDays: 3 })).toEqual([
    'format',
    'mode',
    'fields',
    'files',
    'keepDays',
  ]);
});

test('what the viewer chose just now is no surprise', () => {
  expect(told({}, { anonymize: true, format: 'csv' })).toEqual([]);
  expect(told({ format: 'csv', anonymize: true }, { anonymize: true })).toEqual(['anonymize']);
});

test('what does not matter for the present choice is not named', () => {
  // Rows are for tables, and what is masked has no files.
  expect(told({ mode: 'messages', profile: 'machine' })).toEqual([]);
  expect(told({ files: true, anonymize: true })).toEqual(['anonymize']);
});
