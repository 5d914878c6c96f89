import pg from 'pg';
import { ConveyError } from '../errors.ts';
import { badText } from './database.errors.ts';

/**
 * A text as an SQL literal. Only for COPY, which takes no bind parameters; everything else binds.
 * Refuses what PostgreSQL's text cannot hold, so that nothing is silently changed on the way.
 */
export function literal(value: string): string {
  if (value.includes('\0') || !value.isWellFormed()) throw new ConveyError(badText);
  return pg.escapeLiteral(value);
}

/** A list of texts as an SQL array literal. */
export function literalArray(values: readonly string[]): string {
  return `array[${values.map(literal).join(', ')}]::text[]`;
}
