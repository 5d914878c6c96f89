import { basename, dirname, resolve } from 'node:path';

/** What the values of one record are taken from. */
export interface Scope {
  row: Record<string, unknown>;
  /** The element of the rule's `each` list; the row itself for a rule without one. */
  item: unknown;
  /** 0-based position in the `each` list; 0 without one. */
  index: number;
  /** Line of the row, or position of the element. */
  line: number;
  place: Place;
}

/** Names of the source file and of the folder that holds it; the folder often says which set it is. */
export interface Place {
  file: string;
  folder: string;
}

export function placeOf(path: string): Place {
  const full = resolve(path);
  return { file: basename(full), folder: basename(dirname(full)) };
}

export type Find = (scope: Scope) => unknown;

/** Where a path starts: names that begin with `$` are Convey's, the rest are the source's. */
export interface Reference {
  /** A column of the row, or of the `each` element; nothing for Convey's own names. */
  column: { of: 'row' | 'item'; path: string } | undefined;
  find: Find;
}

const own: Record<string, Find> = {
  $file: (scope) => scope.place.file,
  $folder: (scope) => scope.place.folder,
  $line: (scope) => scope.line,
  $index: (scope) => scope.index,
  $item: (scope) => scope.item,
};

/** Compiles a path of a map: `column`, `a.b.0`, `$row.column`, `$index` …; undefined for an unknown `$name`. */
export function compilePath(path: string): Reference | undefined {
  if (!path.startsWith('$')) {
    const steps = path.split('.');
    return { column: { of: 'item', path }, find: (scope) => walk(scope.item, path, steps) };
  }
  if (path.startsWith('$row.')) {
    const rest = path.slice('$row.'.length);
    const steps = rest.split('.');
    return { column: { of: 'row', path: rest }, find: (scope) => walk(scope.row, rest, steps) };
  }
  return Object.hasOwn(own, path) ? { column: undefined, find: own[path]! } : undefined;
}

/** A column called exactly so comes first: CSV columns may have dots in their names. */
function walk(root: unknown, path: string, steps: string[]): unknown {
  if (typeof root !== 'object' || root === null) return undefined;
  if (Object.hasOwn(root, path)) return (root as Record<string, unknown>)[path];
  let at: unknown = root;
  for (const step of steps) {
    if (typeof at !== 'object' || at === null || !Object.hasOwn(at, step)) return undefined;
    at = (at as Record<string, unknown>)[step];
  }
  return at;
}
