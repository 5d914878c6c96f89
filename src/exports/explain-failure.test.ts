import { expect, test } from 'vitest';
import { ConveyError } from '../errors.ts';
import { explainFailure } from './explain-failure.ts';
import { cancelled } from './exports.errors.ts';

const failure = (message: string, code?: string) => Object.assign(new Error(message), { code });

test.each([
  ['the disk is full', failure('write ENOSPC', 'ENOSPC'), 'exports.storage_full'],
  ['a lock', failure('canceling statement due to lock timeout', '55P03'), 'database.locked'],
  ['a shutdown', failure('terminating connection', '57P01'), 'exports.database_lost'],
  ['a time limit', failure('idle-in-transaction timeout', '25P03'), 'exports.database_lost'],
  ['a lost connection', failure('Connection terminated unexpectedly'), 'exports.database_lost'],
  ['a lost holder', failure('invalid snapshot identifier: "1-2"', '22023'), 'exports.database_lost'],
])('%s has a code of ours, and says what was said', (_what, cause, code) => {
  expect(explainFailure(cause)).toMatchObject({ code, cause });
});

test('what is none of these stays what it is', () => {
  for (const other of [
    failure('relation does not exist', '42P01'),
    new ConveyError(cancelled),
    'thrown text',
  ])
    expect(explainFailure(other)).toBe(other);
});
