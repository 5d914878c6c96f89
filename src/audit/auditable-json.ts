import { canonicalJson, type JsonValue, NotCanonicalError } from '../canonical-json.ts';
import { ConveyError } from '../errors.ts';
import { unwritable } from './audit.errors.ts';

/**
 * What an event says, as canonical JSON (RFC 8785).
 * @throws audit.unwritable for what is not canonical JSON
 */
export function auditableJson(value: JsonValue): string {
  try {
    return canonicalJson(value);
  } catch (error) {
    if (error instanceof NotCanonicalError) throw new ConveyError(unwritable, error.message);
    throw error;
  }
}
