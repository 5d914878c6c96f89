import { ConveyError } from '../errors.ts';
import { badName } from './access.errors.ts';

/** Throws `access.bad_name` unless the text is 1 to 100 characters in one line, without control characters. */
export function ensureName(name: string): void {
  const isOneLine = name.isWellFormed() && !/[\p{Cc}\u2028\u2029]/u.test(name);
  if (!isOneLine || name.trim() === '' || name.length > 100) throw new ConveyError(badName);
}
