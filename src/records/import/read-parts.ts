import { createHash, type Hash } from 'node:crypto';
import { isUtf8 } from 'node:buffer';
import { ConveyError } from '../../errors.ts';
import { badText } from '../ingest.errors.ts';
import { damagedFile, emptyFile } from './import.errors.ts';
import type { ImportItem } from './import-source.ts';
import { isBlank, tooLong } from './read-rows.ts';
import { splitLines } from './split-lines.ts';

/**
 * The records of one part in Convey's own format: its lines as they are, unparsed. A last line
 * `{"_end":true,"records":n,"sha256":…}` is checked against the lines and bytes before it and not passed
 * on; since that is known only at the end, records before a mismatch have been given already.
 * @throws `import.damaged_file` when that line does not match or is not last
 */
export async function* readPart(
  chunks: AsyncIterable<Buffer>,
  source: string,
  maxLineBytes: number,
): AsyncGenerator<ImportItem, { records: number; hasEnd: boolean }, undefined> {
  const hash = createHash('sha256');
  let records = 0;
  let hasEnd = false;
  for await (const { bytes, lines } of splitLines(chunks, maxLineBytes)) {
    for (const { line, start, end, isTooLong } of lines) {
      const text = bytes.subarray(start, end);
      if (!isTooLong && isBlank(text)) continue;
      if (hasEnd) throw new ConveyError(damagedFile, `${source}: line ${line} comes after the end line.`);
      if (!isTooLong && text.indexOf('{"_end"') === 0) {
        hash.update(bytes.subarray(0, start));
        checkEnd(text, records, hash, source);
        hasEnd = true;
        continue;
      }
      records++;
      if (isTooLong) yield { source, ...tooLong(line, maxLineBytes) };
      else if (isUtf8(text)) yield { line, source, bytes: text };
      else yield { line, source, reject: { code: badText.code, detail: 'The line is not valid UTF-8.' } };
    }
    if (!hasEnd) hash.update(bytes);
  }
  return { records, hasEnd };
}

function checkEnd(text: Buffer, records: number, hash: Hash, source: string): void {
  const fail = (why: string): ConveyError => new ConveyError(damagedFile, `${source}: ${why}`);
  let end: { _end?: unknown; records?: unknown; sha256?: unknown };
  try {
    end = JSON.parse(text.toString('utf8'));
  } catch {
    throw fail('its end line is cut short.');
  }
  if (end._end !== true) throw fail('its end line is not one that Convey writes.');
  if (end.records !== records) {
    throw fail(`its end line says ${JSON.stringify(end.records)} records, there are ${records}.`);
  }
  if (end.sha256 !== hash.digest('hex')) throw fail('its SHA-256 is not the one in its end line.');
}

/** All parts of a package, one after the other. An import that finds no line at all is a mistake, not a success. */
export async function* readParts(
  parts: { name: string; chunks: () => AsyncIterable<Buffer> }[],
  maxLineBytes: number,
): AsyncGenerator<ImportItem, void, undefined> {
  let isEmpty = true;
  for (const { name, chunks } of parts) {
    const { records, hasEnd } = yield* readPart(chunks(), name, maxLineBytes);
    if (records > 0 || hasEnd) isEmpty = false;
  }
  if (isEmpty) throw new ConveyError(emptyFile, `${parts[0]!.name}.`);
}
