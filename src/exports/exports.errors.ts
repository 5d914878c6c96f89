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
export const noPackage = errorKind(
  'exports.no_package',
  404,
  'An export that was sent at once leaves nothing here but its receipt.',
);
export const tooManyExports = errorKind(
  'exports.too_many',
  429,
  'This workspace already has as many kept exports running as are allowed. Ask without “handling=strict” to wait in line.',
);
export const tooManyStreams = errorKind(
  'exports.too_many_streams',
  429,
  'You already watch as many exports as are allowed. Close one of those streams.',
);
export const keptTooLong = errorKind('exports.kept_too_long', 400, 'An export cannot be kept that long.');
export const unknownLink = errorKind('exports.unknown_link', 404, 'There is no such link.');
export const linkEnded = errorKind(
  'exports.link_ended',
  410,
  'This link does not open the export any more. Ask whoever gave it to you for another one.',
);
export const tooManyLinks = errorKind(
  'exports.too_many_links',
  409,
  'This export has as many open links as are allowed. Withdraw one of them.',
);
export const unknownRecord = errorKind(
  'exports.not_found',
  404,
  'There is no such record in this workspace.',
);
export const cannotWrite = errorKind('exports.cannot_write', 400, 'The export cannot be written there.');
export const notReady = errorKind(
  'exports.not_ready',
  409,
  'The export is not finished, so there is nothing to fetch yet.',
);
export const ended = errorKind('exports.ended', 409, 'The export ended without files.');
export const expired = errorKind(
  'exports.expired',
  410,
  'The files of this export were deleted. Ask for the export again.',
);
export const noReceipt = errorKind(
  'exports.no_receipt',
  404,
  'A package carries its own manifest and signature; receipts are for exports that were sent at once.',
);
export const unknownExport = errorKind(
  'exports.unknown',
  404,
  'There is no such export, or no such file in it.',
);
export const badRequest = errorKind('exports.bad_request', 400, 'What was asked for does not go together.');

export const beyondReach = errorKind(
  'exports.beyond_reach',
  403,
  'This export holds conversations of audiences that are not, or no longer, yours.',
);
