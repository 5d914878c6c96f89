import { createHash } from 'node:crypto';
import { badValue, RowProblem } from '../import.errors.ts';
import { type CompileContext, findPath, isEmpty } from './compile-context.ts';
import { convertValue, formatTime, toText } from './convert-value.ts';
import type { TimeSpec } from './map.schemas.ts';
import type { Find } from './read-path.ts';

/** A time that a source without times gets: the same one for the same row, in every import. */
export function compileTime(spec: TimeSpec, at: PropertyKey[], context: CompileContext): Find {
  const baseMs = Date.parse(spec.base);
  const by = spec.by === undefined ? undefined : findPath(spec.by, [...at, 'by'], context);
  const spreadBy =
    spec.spread === undefined ? undefined : findPath(spec.spread.by, [...at, 'spread', 'by'], context);
  const stepMs = (spec.stepSeconds ?? 0) * 1000;
  const spreadSeconds = Math.floor((spec.spread?.days ?? 0) * 86_400);
  return (scope) => {
    let atMs = baseMs;
    if (by !== undefined) {
      const step = convertValue(by(scope), 'number', `"${spec.by}"`) as number;
      atMs += Math.round(step * stepMs);
    }
    if (spreadBy !== undefined) {
      const key = spreadBy(scope);
      if (isEmpty(key)) throw new RowProblem(badValue, `"${spec.spread!.by}" is missing or empty.`);
      const digest = createHash('sha256')
        .update(toText(key, `"${spec.spread!.by}"`))
        .digest();
      atMs += (digest.readUIntBE(0, 6) % spreadSeconds) * 1000;
    }
    return formatTime(atMs, 'the time');
  };
}
