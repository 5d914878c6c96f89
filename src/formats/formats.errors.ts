import { errorKind } from '../errors.ts';

/** The binary COPY bytes are not what the plan's columns promise: never rendered, always a failed export. */
export const badCopyRow = errorKind(
  'formats.bad_copy_row',
  500,
  'The database sent a row that does not have the expected form.',
);
