import { errorKind } from '../errors.ts';

export const unsafeRole = errorKind(
  'database.unsafe_role',
  500,
  'The runtime role could read around row-level security, so the server does not start.',
);
export const newerSchema = errorKind(
  'database.newer_schema',
  500,
  'The database was migrated by a newer or different version of Convey.',
);
export const notMigrated = errorKind(
  'database.not_migrated',
  500,
  'The database has not this version’s schema. Set DATABASE_ADMIN_URL to the role that owns it and run `convey migrate`.',
);
export const unreachable = errorKind('database.unreachable', 503, 'The database cannot be reached just now.');
export const tableLocked = errorKind(
  'database.locked',
  503,
  'Somebody holds a table of the database locked, as maintenance does. Try again when that is over.',
);
export const badText = errorKind('database.bad_text', 400, 'The text holds a NUL or an unpaired surrogate.');
