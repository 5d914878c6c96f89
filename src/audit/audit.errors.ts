import { errorKind } from '../errors.ts';

/** Not JSON, text that is not well-formed or holds NUL, or more than an event may hold. */
export const unwritable = errorKind(
  'audit.unwritable',
  422,
  'The act cannot be written to the audit log as it stands, so it was not done.',
);
