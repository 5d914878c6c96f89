const ID_BYTES = 255;
const PLAIN = /^[ -~]{1,255}$/;
/** C0, DEL and C1: invisible, and some end a line or a file name. */
const CONTROL = /[\u0000-\u001f\u007f-\u009f]/;
/** They would be folders or other routes in an address. */
const RESERVED = new Set(['.', '..', 'export', 'preview']);

export const ID_TAKES =
  'an id: 1 to 255 bytes of text without control characters, not “.”, “..”, “export” or “preview”, or a whole number up to 9007199254740991';

/**
 * A host product's id as it is stored (contract §2a): text as it came, a safe integer as its digits. Larger
 * numbers have lost digits before anybody could look, so they answer undefined like everything else that is
 * no id.
 */
export function parseId(value: unknown): string | undefined {
  if (typeof value === 'number') return Number.isSafeInteger(value) ? String(value) : undefined;
  if (typeof value !== 'string' || RESERVED.has(value)) return undefined;
  if (PLAIN.test(value)) return value;
  const isGood =
    value.length > 0 &&
    value.length <= ID_BYTES &&
    Buffer.byteLength(value) <= ID_BYTES &&
    !CONTROL.test(value) &&
    value.isWellFormed();
  return isGood ? value : undefined;
}
