import { errorKind } from '../errors.ts';

/** Not JSON, text that is not well-formed or holds NUL, or more than an event may hold. */
export const unwritable = errorKind(
  'audit.unwritable',
  422,
  'The act cannot be written to the audit log as it stands, so it was not done.',
);

export const badCheckpoints = errorKind(
  'audit.bad_checkpoints',
  400,
  'The checkpoints cannot be used: they must be the lines that the server wrote, unchanged.',
);

/** Nothing to compare with is no agreement: whoever brought checkpoints is told. */
export const noCheckpoint = errorKind(
  'audit.no_checkpoint',
  404,
  'There is no checkpoint of this workspace there, so nothing was compared.',
);

/** The server signs no checkpoint over it: whoever keeps it would have a note of the wrong log. */
export const contradicted = errorKind(
  'audit.contradicted',
  409,
  'The audit log is not the one that was noted before, so no checkpoint is signed until the operator accepts that.',
);

export const nothingToAccept = errorKind(
  'audit.nothing_to_accept',
  409,
  'The audit log agrees with what was noted last: there is nothing to accept.',
);

export const unverifiableFormat = errorKind(
  'audit.unverifiable_format',
  422,
  'A file in this format cannot be verified alone. Export the log as CSV or NDJSON and verify that.',
);

export const needsLength = errorKind(
  'audit.needs_http_1_1',
  505,
  'The audit log is sent while it is read, which HTTP/1.0 cannot show to be whole. Ask with HTTP/1.1 or newer.',
);
