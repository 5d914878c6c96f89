import { errorKind } from '../errors.ts';

export const badKey = errorKind(
  'storage.bad_key',
  500,
  'The name of a stored object is not one that every store can hold.',
);
export const notFound = errorKind('storage.not_found', 404, 'The file is not in the store.');
export const full = errorKind('storage.full', 507, 'There is no room left in the store. Nothing was kept.');
export const tooLarge = errorKind(
  'storage.too_large',
  413,
  'The file is larger than allowed. Nothing was kept.',
);
export const sizeMismatch = errorKind(
  'storage.size_mismatch',
  400,
  'The file does not have the announced size. Nothing was kept.',
);
export const badRange = errorKind('storage.bad_range', 416, 'The file does not have the bytes asked for.');
export const changed = errorKind(
  'storage.changed',
  409,
  'The file was replaced or deleted while it was being read. Read it again from its beginning.',
);
export const unavailable = errorKind('storage.unavailable', 503, 'The store cannot be used just now.');
export const badLocation = errorKind(
  'storage.bad_location',
  500,
  'The place for stored files is not one that Convey can use.',
);
export const corrupt = errorKind(
  'storage.corrupt',
  500,
  'A stored file is not what Convey stored: it, its name or its key was changed, cut short or taken away.',
);
export const notEncrypted = errorKind(
  'storage.not_encrypted',
  500,
  'A stored file is not in the format of Convey’s encrypted store, so it is not given out.',
);
