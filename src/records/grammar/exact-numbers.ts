import { endOfString } from './measure-json.ts';

/** No number of fewer significant digits is rounded by a double (IEEE 754 binary64: 15 are always kept). */
const SAFE_DIGITS = 15;
const STEP = SAFE_DIGITS + 1;
const NUMBER = /-?[0-9]+(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?/y;

/**
 * False only if no number in the JSON text can have too many digits for a double: looks at every 16th
 * character, since a run of 16 digits cannot hide between two looks. Exponents are the caller's to watch.
 */
export function mayHaveLongNumber(text: string): boolean {
  for (let at = STEP - 1; at < text.length; at += STEP) {
    if (!isDigitOrDot(text.charCodeAt(at))) continue;
    let start = at;
    let end = at + 1;
    while (isDigitOrDot(text.charCodeAt(start - 1))) start--;
    while (isDigitOrDot(text.charCodeAt(end))) end++;
    // A string of nothing but digits is the usual way to write a long id.
    const isString = text[start - 1] === '"' && text[end] === '"';
    if (end - start > SAFE_DIGITS && !isString) return true;
  }
  return false;
}

/**
 * Path of the first number that a double cannot keep as it was written (`metadata.order_id`), or undefined.
 * The text must be valid JSON.
 */
export function findInexactNumber(text: string): string | undefined {
  const path: (string | number)[] = [];
  let isKey = false;
  for (let at = 0; at < text.length; at++) {
    const character = text[at]!;
    if (character === '"') {
      const end = endOfString(text, at);
      if (isKey) path[path.length - 1] = JSON.parse(text.slice(at, end + 1)) as string;
      isKey = false;
      at = end;
    } else if (character === '{') {
      path.push('');
      isKey = true;
    } else if (character === '[') {
      path.push(0);
    } else if (character === '}' || character === ']') {
      path.pop();
      isKey = false;
    } else if (character === ',') {
      const last = path.at(-1);
      if (typeof last === 'number') path[path.length - 1] = last + 1;
      else isKey = true;
    } else if (character === '-' || isDigitOrDot(text.charCodeAt(at))) {
      NUMBER.lastIndex = at;
      const [number = character] = NUMBER.exec(text) ?? [];
      if (!isExact(number)) return formatPath(path);
      at += number.length - 1;
    }
  }
  return undefined;
}

/** `metadata.items[3].name`, with anything unprintable in a key replaced. */
export function formatPath(path: readonly (string | number)[]): string {
  let text = '';
  for (const part of path) {
    if (typeof part === 'number') text += `[${part}]`;
    // oxlint-disable-next-line no-control-regex
    else
      text += `${text === '' ? '' : '.'}${part.toWellFormed().replaceAll(/[\u0000-\u001f\u007f-\u009f]/g, '\ufffd')}`;
  }
  return text.length > 200 ? `${text.slice(0, 200).toWellFormed()}…` : text;
}

/** Whether a double prints back the same decimal value, if perhaps in another notation. */
function isExact(number: string): boolean {
  const value = Number(number);
  return Number.isFinite(value) && canonical(number) === canonical(String(value));
}

/** Significant digits and exponent: `12.50`, `1.25e1` and `125e-1` are all `125e-1`. */
function canonical(number: string): string {
  const [, sign = '', whole = '', fraction = '', exponent = '0'] =
    /^(-?)([0-9]+)(?:\.([0-9]+))?(?:[eE]([+-]?[0-9]+))?$/.exec(number) ?? [];
  const digits = `${whole}${fraction}`.replace(/^0+/, '');
  const significant = digits.replace(/0+$/, '');
  if (significant === '') return '0';
  return `${sign}${significant}e${Number(exponent) - fraction.length + digits.length - significant.length}`;
}

function isDigitOrDot(code: number): boolean {
  return (code >= 0x30 && code <= 0x39) || code === 0x2e;
}
