import { errorKind } from '../errors.ts';

export const countMismatch = errorKind(
  'exports.count_mismatch',
  500,
  'The export did not hold what the database holds, so it was not handed over.',
);
export const brokenOrder = errorKind(
  'exports.broken_order',
  500,
  'The database sent rows in another order than asked for.',
);
export const rendererDied = errorKind(
  'exports.renderer_died',
  500,
  'The process that wrote the export ended early.',
);
export const interrupted = errorKind(
  'exports.interrupted',
  500,
  'The server stopped while the export was being written.',
);
export const cancelled = errorKind('exports.cancelled', 499, 'The export was cancelled.');
export const databaseLost = errorKind(
  'exports.database_lost',
  503,
  'The database broke off while the export was being written.',
);
export const storageFull = errorKind(
  'exports.storage_full',
  507,
  'There is no room left to write the export.',
);
export const tooManyReplies = errorKind(
  'exports.too_many_replies',
  429,
  'This workspace already has as many direct exports running as are allowed. Wait for one to end.',
);
export const unknownRecord = errorKind(
  'exports.not_found',
  404,
  'There is no such record in this workspace.',
);
export const cannotWrite = errorKind('exports.cannot_write', 400, 'The export cannot be written there.');
