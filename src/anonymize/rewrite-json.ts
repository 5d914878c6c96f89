import { endOfString } from '../parse-json.ts';

/** Says what stands instead of a JSON value; the same text: it stays. */
export interface JsonRewriter {
  /** @param key of the object that it stands in, directly or in lists; undefined: in none */
  text(value: string, key: string | undefined): string;
  /** @param digits the number as it is written; undefined answers: it stays a number */
  number(digits: string, key: string | undefined): string | undefined;
  key(key: string): string;
}

const NUMBER = /-?\d[\d.eE+-]*/y;

/**
 * A well-formed JSON text with its texts, numbers and keys rewritten, one after the other: numbers that stay keep
 * every digit, keys their order, and depth costs no stack. Two keys of an object that become one are told apart.
 */
export function rewriteJson(json: string, rewriter: JsonRewriter): string {
  let out = '';
  let copied = 0;
  /** Of each open object or list: the key that it stands under, and for an object the keys that were rewritten. */
  const open: { key: string | undefined; changed: Set<string> | undefined; isObject: boolean }[] = [];
  let key: string | undefined;
  let isKey = false;
  const put = (from: number, to: number, text: string) => {
    out += json.slice(copied, from) + JSON.stringify(text);
    copied = to;
  };
  for (let at = 0; at < json.length; ) {
    const sign = json[at]!;
    if (sign === '{' || sign === '[') {
      open.push({ key, changed: undefined, isObject: sign === '{' });
      isKey = sign === '{';
    } else if (sign === '}' || sign === ']') {
      key = open.pop()?.key;
      isKey = false;
    } else if (sign === ',') {
      isKey = open.at(-1)?.isObject === true;
    } else if (sign === '"') {
      const end = endOfString(json, at) + 1;
      const text = JSON.parse(json.slice(at, end)) as string;
      if (isKey) key = text;
      const rewritten = isKey ? keyOf(rewriter.key(text), text, open.at(-1)!) : rewriter.text(text, key);
      if (rewritten !== text) put(at, end, rewritten);
      isKey = false;
      at = end;
      continue;
    } else if (sign === '-' || (sign >= '0' && sign <= '9')) {
      NUMBER.lastIndex = at;
      const [digits] = NUMBER.exec(json)!;
      const rewritten = rewriter.number(digits, key);
      if (rewritten !== undefined) put(at, at + digits.length, rewritten);
      at += digits.length;
      continue;
    }
    at++;
  }
  return copied === 0 ? json : out + json.slice(copied);
}

function keyOf(rewritten: string, key: string, object: { changed: Set<string> | undefined }): string {
  if (rewritten === key) return key;
  object.changed ??= new Set();
  let free = rewritten;
  for (let place = 2; object.changed.has(free); place++) free = `${rewritten} ${place}`;
  object.changed.add(free);
  return free;
}
