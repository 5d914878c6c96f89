import { tableLocked } from '../database/database.errors.ts';
import { ConveyError } from '../errors.ts';
import { databaseLost, storageFull } from './exports.errors.ts';

/** Class 08 (connection), 57P (shutdown, terminated), 25P02/25P03/25P04 (time limits of a transaction). */
const DATABASE_GONE = /^(08|57P|25P0|ECONN|EPIPE)/;
/**
 * What is said without a code of that class: by the driver, while a query ran and of one that came after the connection
 * was lost; by the server (22023, 42704, 55000), of a snapshot whose holder was lost.
 */
const LOST_CONNECTION =
  /Connection terminated|is not queryable|snapshot ".*" does not exist|invalid snapshot identifier|could not import the requested snapshot/;
const LOCK_NOT_AVAILABLE = '55P03';

/** What the database or the disk said while an export was made, as an error for people; any other as it is. */
export function explainFailure(error: unknown): unknown {
  if (error instanceof ConveyError || !(error instanceof Error)) return error;
  const { message, code } = error as Error & { code?: unknown };
  const name = typeof code === 'string' ? code : '';
  if (name === 'ENOSPC' || name === 'EDQUOT')
    return new ConveyError(storageFull, undefined, { cause: error });
  if (name === LOCK_NOT_AVAILABLE) return new ConveyError(tableLocked, undefined, { cause: error });
  const isGone = DATABASE_GONE.test(name) || LOST_CONNECTION.test(message);
  return isGone ? new ConveyError(databaseLost, undefined, { cause: error }) : error;
}
