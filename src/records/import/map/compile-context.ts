import type { Problem } from './parse-map.ts';
import { compilePath, type Find } from './read-path.ts';

/** What a map is compiled against, and what compiling it finds out. */
export interface CompileContext {
  /** Rows of a side file by key; filled before the first row is mapped. */
  joins: Map<string, Map<string, Record<string, unknown>>>;
  /** Columns that are taken from each side file: nothing else of it is kept in memory. */
  taken: Map<string, Set<string>>;
  /** The `each` path of the rule being compiled; empty without one. */
  each: string;
  /** Paths that are read, by the `each` path that they start from; the row's own under ''. */
  reads: Map<string, Set<string>>;
  problems: Problem[];
}

/** Compiles a path and notes what it reads. */
export function findPath(path: string, at: PropertyKey[], context: CompileContext): Find {
  const reference = compilePath(path);
  if (reference === undefined) {
    context.problems.push([
      at,
      `does not know ${path}; there are $row.…, $item, $index, $line, $file, $folder`,
    ]);
    return () => undefined;
  }
  if (reference.column !== undefined) {
    noteRead(context, reference.column.of === 'row' ? '' : context.each, reference.column.path);
  }
  return reference.find;
}

function noteRead(context: CompileContext, each: string, path: string): void {
  const reads = context.reads.get(each) ?? new Set();
  context.reads.set(each, reads.add(path));
}

/** What "nothing" is in a source: CSV cannot tell an empty cell from a missing one. */
export const isEmpty = (value: unknown): boolean => value === undefined || value === null || value === '';
