import { errorKind } from '../../errors.ts';

export const homeInUse = errorKind(
  'database.home_in_use',
  409,
  'Another Convey process is using this home folder.',
);

export const binariesMissing = errorKind(
  'database.binaries_missing',
  500,
  'The PostgreSQL that comes with Convey cannot run here: reinstall with optional dependencies, or set DATABASE_URL to a server of your own.',
);

export const serviceUserMissing = errorKind(
  'database.service_user_missing',
  500,
  'PostgreSQL refuses to run as root and there is no user "nobody" to run it as: start Convey as an ordinary user, or add that user.',
);

export const homeUnreachable = errorKind(
  'database.home_unreachable',
  500,
  'The database files cannot be used by the system user that PostgreSQL runs as: open the folders above them for that user, or start Convey as their owner.',
);

export const homeCopied = errorKind(
  'database.home_copied',
  409,
  'This home folder is a copy, and its database still belongs to the original: remove postgres/location.json from the copy to start it empty.',
);

export const dataMissing = errorKind(
  'database.data_missing',
  500,
  'The database files that belong to this home folder are gone or incomplete: restore them from a backup.',
);

export const versionMismatch = errorKind(
  'database.version_mismatch',
  500,
  'The database files were made by another major version of PostgreSQL: start the Convey release that made them, export, and import here.',
);

export const startFailed = errorKind(
  'database.start_failed',
  500,
  'The PostgreSQL that comes with Convey did not start: the log says why.',
);
