export type JsonValue = null | boolean | number | string | readonly JsonValue[] | JsonObject;
export type JsonObject = { readonly [key: string]: JsonValue };

/** Deeper than anything of ours, and far from the depth at which recursion fails. */
const MAX_DEPTH = 64;

/** A value that has no canonical JSON; the message says why and holds nothing of the value. */
export class NotCanonicalError extends TypeError {}

/**
 * A value as canonical JSON (RFC 8785, JCS): no white space, members sorted by UTF-16 code units, numbers and
 * strings as ECMAScript writes them. Equal values give equal text, so the text can be hashed.
 * Members that are `undefined` are left out, as `JSON.stringify` does; everything else that is not JSON is
 * refused rather than changed: NaN, infinities, bigint, dates, class instances, lone surrogates.
 * @throws NotCanonicalError
 */
export function canonicalJson(value: JsonValue): string {
  return write(value, 0);
}

function write(value: unknown, depth: number): string {
  if (depth > MAX_DEPTH) throw refused(`it is nested deeper than ${MAX_DEPTH} levels`);
  switch (typeof value) {
    case 'boolean':
      return String(value);
    case 'number':
      if (!Number.isFinite(value)) throw refused('a number in it is not finite');
      return JSON.stringify(value); // ECMAScript's form is RFC 8785's, “-0” being written “0”
    case 'string':
      return writeText(value);
    case 'object':
      if (value === null) return 'null';
      if (Array.isArray(value)) return `[${Array.from(value, (item) => write(item, depth + 1)).join(',')}]`;
      return writeObject(value, depth);
    default:
      throw refused(`a ${typeof value} is not JSON`);
  }
}

function writeText(text: string): string {
  if (!text.isWellFormed()) throw refused('a text in it holds an unpaired surrogate');
  return JSON.stringify(text);
}

function writeObject(object: object, depth: number): string {
  const prototype: unknown = Object.getPrototypeOf(object);
  if (prototype !== Object.prototype && prototype !== null)
    throw refused('it holds an object that is not plain');
  const members = Object.entries(object)
    .filter(([, value]) => value !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1)) // `<` on strings compares UTF-16 code units
    .map(([key, value]) => `${writeText(key)}:${write(value, depth + 1)}`);
  return `{${members.join(',')}}`;
}

function refused(why: string): NotCanonicalError {
  return new NotCanonicalError(`Its contents are not canonical JSON: ${why}.`);
}
