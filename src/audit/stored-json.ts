import type { JsonValue } from '../canonical-json.ts';
import { parseJson } from '../parse-json.ts';

const TEXT = /"[^"\\]*(?:\\.[^"\\]*)*"/g;
const NUMBER = /-?\d[\d.eE+-]*/g;

/**
 * Parses the text of a jsonb column if it means exactly what JavaScript makes of it; otherwise undefined.
 * jsonb keeps numbers of any precision: without this check `1` could be edited into `1.00000000000000000001`
 * and still be read, and hashed, as `1`.
 */
export function parseStoredJson(text: string): JsonValue | undefined {
  const numbers = text.replace(TEXT, '').match(NUMBER) ?? [];
  return numbers.every((digits) => digits === plainDigits(Number(digits)))
    ? (parseJson(text) as JsonValue)
    : undefined;
}

/** A number as jsonb shows it: ECMAScript's shortest digits, but never with an exponent. */
function plainDigits(value: number): string {
  const [significand = '', exponent] = String(value).split('e');
  if (exponent === undefined) return significand;
  const sign = significand.startsWith('-') ? '-' : '';
  const [whole = '', fraction = ''] = significand.replace('-', '').split('.');
  const point = whole.length + Number(exponent);
  const digits = whole + fraction;
  return sign + (point > 0 ? digits.padEnd(point, '0') : `0.${'0'.repeat(-point)}${digits}`);
}
