/**
 * `JSON.parse` that gives the keys that are written.
 *
 * The V8 of Node 22 to 26 reads an escaped key wrongly once the process has seen an object with a key that ends
 * in a backslash: after `{"h":0,"\\":1}`, `{"h":0,"\n":1}` comes out with the key `\` (nodejs/node#63785). Texts
 * with an escape inside a key are rare, so they alone are put together here; everything else is V8's.
 * @throws SyntaxError, as JSON.parse does
 */
export function parseJson(text: string): unknown {
  const value: unknown = JSON.parse(text); // also says what is not JSON, so that the rest may trust the text
  return hasEscapedKey(text) ? assemble(text) : value;
}

/** Whether any key of a well-formed JSON text is written with a backslash. */
function hasEscapedKey(text: string): boolean {
  let backslash = text.indexOf('\\');
  let open = backslash < 0 ? -1 : text.indexOf('"');
  while (open >= 0) {
    const end = endOfString(text, open);
    if (backslash < open) backslash = text.indexOf('\\', open);
    if (backslash < 0) return false;
    if (backslash < end && isKey(text, end)) return true;
    open = text.indexOf('"', end + 1);
  }
  return false;
}

/** Index of the quote that ends the string that begins at `open`. */
export function endOfString(text: string, open: number): number {
  for (let end = text.indexOf('"', open + 1); ; end = text.indexOf('"', end + 1)) {
    let before = end;
    while (text.charCodeAt(before - 1) === 0x5c) before--;
    if ((end - before) % 2 === 0) return end;
  }
}

/** Whether a colon follows the string that ends at `end`. */
function isKey(text: string, end: number): boolean {
  let at = end + 1;
  while (text.charCodeAt(at) <= 0x20) at++;
  return text.charCodeAt(at) === 0x3a;
}

const STRUCTURE_OR_SCALAR = /[{}[\]"]|[^\s{}[\]",:]+/g;

/** Builds the value of a well-formed JSON text key by key, without recursion: texts may be nested deeply. */
function assemble(text: string): unknown {
  const root: unknown[] = [];
  const open: object[] = [root];
  let key: string | undefined;
  const add = (value: unknown) => {
    const into = open.at(-1)!;
    if (Array.isArray(into)) into.push(value);
    else Object.defineProperty(into, key!, { value, enumerable: true, configurable: true, writable: true });
    key = undefined;
  };
  const tokens = new RegExp(STRUCTURE_OR_SCALAR);
  for (let match = tokens.exec(text); match !== null; match = tokens.exec(text)) {
    let [token] = match;
    if (token === '}' || token === ']') open.pop();
    else if (token === '{' || token === '[') {
      const value = token === '{' ? {} : [];
      add(value);
      open.push(value);
    } else {
      if (token === '"') {
        const end = endOfString(text, match.index);
        token = text.slice(match.index, end + 1);
        tokens.lastIndex = end + 1;
      }
      const scalar: unknown = JSON.parse(token);
      if (key === undefined && !Array.isArray(open.at(-1))) key = scalar as string;
      else add(scalar);
    }
  }
  return root[0];
}
