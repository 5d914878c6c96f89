import { ConveyError } from '../../errors.ts';
import { damagedFile, emptyFile, wrongFormat } from './import.errors.ts';

/** One element of the array, as it stands in the file; 1-based position. */
export interface Element {
  element: number;
  /** Empty when too long. */
  bytes: Buffer;
  isTooLong: boolean;
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
const OPEN_ARRAY = 0x5b;
const CLOSE_ARRAY = 0x5d;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;

const isSpace = (byte: number): boolean => byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;

type Place = 'before' | 'first' | 'element' | 'after' | 'next' | 'done';

/**
 * Cuts a JSON document that is one array into its elements without parsing or holding it: only strings,
 * escapes and depth are followed, so what an element holds is checked by who parses it. At most one
 * element of up to `maxBytes` is held; a longer one is passed by and reported. A document that is no
 * array is `import.wrong_format`, one that ends early or goes on after its end `import.damaged_file`.
 */
export async function* splitElements(
  chunks: AsyncIterable<Buffer>,
  name: string,
  maxBytes: number,
): AsyncGenerator<Element[], void, undefined> {
  let place = 'before' as Place;
  let depth = 0;
  let isString = false;
  let isEscaped = false;
  let isBare = false; // a number, true, false or null: ends before the byte that follows it
  let element = 0;
  let held: Buffer[] = [];
  let heldBytes = 0;

  const finish = (last: Buffer): Element => {
    const isTooLong = heldBytes + last.length > maxBytes;
    const bytes = held.length === 0 ? last : Buffer.concat([...held, last]);
    held = [];
    heldBytes = 0;
    return { element, bytes: isTooLong ? Buffer.alloc(0) : bytes, isTooLong };
  };

  for await (const chunk of chunks) {
    const found: Element[] = [];
    let start = 0;
    for (let i = 0; i < chunk.length; i++) {
      const byte = chunk[i]!;
      if (place === 'element') {
        if (isString) {
          if (isEscaped) isEscaped = false;
          else if (byte === BACKSLASH) isEscaped = true;
          else if (byte === QUOTE) {
            isString = false;
            if (depth === 0) {
              found.push(finish(chunk.subarray(start, i + 1)));
              place = 'after';
            }
          }
          continue;
        }
        if (isBare) {
          if (byte !== COMMA && byte !== CLOSE_ARRAY && !isSpace(byte)) continue;
          found.push(finish(chunk.subarray(start, i)));
          isBare = false;
          place = 'after'; // and this byte is looked at below
        } else {
          if (byte === QUOTE) isString = true;
          else if (byte === OPEN_OBJECT || byte === OPEN_ARRAY) depth++;
          else if (byte === CLOSE_OBJECT || byte === CLOSE_ARRAY) {
            depth--;
            if (depth === 0) {
              found.push(finish(chunk.subarray(start, i + 1)));
              place = 'after';
            }
          }
          continue;
        }
      }
      if (isSpace(byte)) continue;
      if (place === 'before') {
        if (byte !== OPEN_ARRAY) {
          throw new ConveyError(
            wrongFormat,
            `${name}: a JSON source is one array, [ … ]; for one object per line use jsonl.`,
          );
        }
        place = 'first';
      } else if (place === 'after') {
        if (byte === COMMA) place = 'next';
        else if (byte === CLOSE_ARRAY) place = 'done';
        else throw new ConveyError(damagedFile, `${name}: no comma after element ${element}.`);
      } else if (place === 'done') {
        throw new ConveyError(damagedFile, `${name}: there is more after the end of the array.`);
      } else if (place === 'first' && byte === CLOSE_ARRAY) {
        place = 'done';
      } else if (byte === COMMA || byte === CLOSE_ARRAY || byte === CLOSE_OBJECT) {
        throw new ConveyError(damagedFile, `${name}: an element is missing after element ${element}.`);
      } else {
        element++;
        place = 'element';
        start = i;
        isString = byte === QUOTE;
        depth = byte === OPEN_OBJECT || byte === OPEN_ARRAY ? 1 : 0;
        isBare = depth === 0 && !isString;
      }
    }
    if (place === 'element') {
      const rest = chunk.subarray(start);
      heldBytes += rest.length;
      if (heldBytes > maxBytes) held = [];
      else held.push(rest);
    }
    if (found.length > 0) yield found;
  }
  if (place === 'done') return;
  if (place === 'before') throw new ConveyError(emptyFile, `${name}.`);
  throw new ConveyError(damagedFile, `${name}: it ends inside its array, at element ${element}.`);
}
