import { ConveyError } from '../../../errors.ts';
import { badJoin } from '../import.errors.ts';
import type { ImportLimits } from '../limits.ts';
import { readRows } from '../read-rows.ts';
import type { CompileContext } from './compile-context.ts';
import { toText } from './convert-value.ts';
import type { JoinSpec } from './map.schemas.ts';

/**
 * Reads the side files of a map into `context.joins`, by key and only with the columns that are taken.
 * `open` gives the text bytes of a file beside the source.
 * @throws `import.bad_join` for a missing column, a bad row, a key that comes twice (either row could be
 * meant), or more text than `limits.joinBytes`
 */
export async function loadJoins(
  specs: Record<string, JoinSpec>,
  context: CompileContext,
  open: (file: string) => AsyncIterable<Buffer>,
  limits: ImportLimits,
): Promise<void> {
  let bytes = 0;
  for (const [name, spec] of Object.entries(specs)) {
    const taken = [...context.taken.get(name)!];
    const rows = new Map<string, Record<string, unknown>>();
    const fail = (detail: string): ConveyError =>
      new ConveyError(badJoin, `joins.${name}, ${spec.file}: ${detail}`);
    const onHeader = (columns: string[]): void => {
      const missing = [spec.key, ...taken].filter((column) => !columns.includes(column));
      if (missing.length > 0) throw fail(`it has no column "${missing.join('", "')}".`);
    };
    const options = { name: spec.file, maxRowBytes: limits.lineBytes, onHeader };
    for await (const row of readRows(open(spec.file), spec.format, options)) {
      if ('reject' in row) throw fail(`line ${row.line}: ${row.reject.detail}`);
      const found = row.value[spec.key];
      if (found === undefined || found === null || found === '') throw fail(`line ${row.line} has no key.`);
      const key = toText(found, 'the key');
      if (rows.has(key)) throw fail(`line ${row.line} has a key that came before.`);
      const kept: Record<string, unknown> = Object.create(null);
      bytes += key.length;
      for (const column of taken) {
        if (!Object.hasOwn(row.value, column)) continue;
        const value = row.value[column];
        bytes += typeof value === 'string' ? value.length : JSON.stringify(value).length;
        kept[column] = value;
      }
      if (bytes > limits.joinBytes) throw fail(`the side files hold more than ${limits.joinBytes} bytes.`);
      rows.set(key, kept);
    }
    context.joins.set(name, rows);
  }
}
