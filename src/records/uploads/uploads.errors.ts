import { errorKind } from '../../errors.ts';

export const unknownImport = errorKind('imports.not_found', 404, 'There is no such import.');
export const unknownFile = errorKind(
  'imports.no_such_file',
  404,
  'No file of this name was uploaded to this import.',
);
export const badFileName = errorKind(
  'imports.bad_file_name',
  400,
  'A file name takes 1 to 200 bytes, no slash, backslash or control character, and does not begin with a dot.',
);
export const notPreparing = errorKind(
  'imports.not_preparing',
  409,
  'This import has begun already. Begin another one for other files.',
);
export const busy = errorKind(
  'imports.busy',
  409,
  'Another import of this workspace is running. Wait until it has ended, or stop it.',
);
export const tooMany = errorKind(
  'imports.too_many',
  409,
  'Too many imports of this workspace were begun and not started. Withdraw one first.',
);
export const tooManyFiles = errorKind('imports.too_many_files', 409, 'An import has at most ten files.');
export const notEmpty = errorKind(
  'imports.not_empty',
  409,
  'The sample data is for an empty workspace, and this one has records.',
);
/** Not an answer: stands in the import’s row. */
export const interrupted = errorKind(
  'imports.interrupted',
  503,
  'The server stopped while it ran. What had been taken stays; import the file again, which is safe.',
);
export const cancelled = errorKind(
  'imports.cancelled',
  409,
  'Somebody stopped it. What had been taken by then stays.',
);
