import { errorKind } from '../errors.ts';

export const unknownFile = errorKind('files.not_found', 404, 'There is no such file in this workspace.');
export const noContent = errorKind(
  'files.no_content',
  404,
  'The file is known, but its bytes never came, or are gone.',
);
export const digestMismatch = errorKind(
  'files.digest_mismatch',
  422,
  'The bytes are not the ones that were announced, so they were not kept.',
);
export const unreadableDigest = errorKind(
  'files.unreadable_digest',
  400,
  'The digest header is not of the form `sha-256=:<base64>:` (RFC 9530).',
);
