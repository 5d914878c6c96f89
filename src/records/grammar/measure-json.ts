const QUOTE = 0x22;
const BACKSLASH = 0x5c;

/**
 * True when JSON text nests deeper than `maxDepth` or holds more than about `maxValues` values, found without
 * building any of them: 64 MiB of `[[],[],…` would otherwise become gigabytes of objects. Text that is no
 * JSON gets some answer; the parser refuses it afterwards.
 */
export function isTooComplex(text: string, maxDepth: number, maxValues: number): boolean {
  let depth = 0;
  let values = 1;
  for (let at = 0; at < text.length; at++) {
    switch (text.charCodeAt(at)) {
      case QUOTE:
        at = endOfString(text, at);
        break;
      case 0x5b: // [
      case 0x7b: // {
        if (++depth > maxDepth || ++values > maxValues) return true;
        break;
      case 0x5d: // ]
      case 0x7d: // }
        depth--;
        break;
      case 0x2c: // ,
        if (++values > maxValues) return true;
        break;
    }
  }
  return false;
}

/** Where the JSON string that starts at `open` has its closing quote; the end of the text when it has none. */
export function endOfString(text: string, open: number): number {
  for (let quote = text.indexOf('"', open + 1); quote >= 0; quote = text.indexOf('"', quote + 1)) {
    let slashes = 0;
    while (text.charCodeAt(quote - 1 - slashes) === BACKSLASH) slashes++;
    if (slashes % 2 === 0) return quote;
  }
  return text.length;
}
