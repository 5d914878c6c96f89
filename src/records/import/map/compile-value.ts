import { missingValue, noJoin, RowProblem, unknownValue } from '../import.errors.ts';
import { type CompileContext, findPath, isEmpty } from './compile-context.ts';
import { compileTime } from './compile-time.ts';
import { convertValue, toText } from './convert-value.ts';
import type { Finish, ValueSpec } from './map.schemas.ts';
import type { Find, Scope } from './read-path.ts';

/** A value's getter: undefined means "nothing", and the field is left out. May throw RowProblem. */
export type Get = Find;

/** Compiles one value of a map; problems go to `context.problems` under `at`. */
export function compileValue(spec: ValueSpec, at: PropertyKey[], context: CompileContext): Get {
  if (typeof spec === 'string') return compileTemplate(spec, at, context);
  if ('constant' in spec) return () => spec.constant;
  if ('list' in spec) return compileList(spec.list, at, context);
  if ('object' in spec) return compileObject(spec.object, at, context);
  if ('time' in spec) return compileTime(spec.time, [...at, 'time'], context);
  if ('template' in spec) {
    const find = compileTemplate(spec.template, [...at, 'template'], context);
    return finishValue(find, spec, false, 'the template', at, context);
  }
  if ('join' in spec) {
    return finishValue(
      compileJoin(spec, at, context),
      spec,
      false,
      `"${spec.take}" of ${spec.join}`,
      at,
      context,
    );
  }
  const find = findPath(spec.from, [...at, 'from'], context);
  return finishValue(find, spec, spec.empty === 'keep', `"${spec.from}"`, at, context);
}

/** Text with `{path}` in it, `{{` and `}}` for braces; nothing if one of its paths has nothing. */
function compileTemplate(text: string, at: PropertyKey[], context: CompileContext): Get {
  const parts: (string | Find)[] = [];
  const pattern = /\{\{|\}\}|\{([^{}]*)\}|[{}]|[^{}]+/g;
  for (const [token, path] of text.matchAll(pattern)) {
    if (token === '{{' || token === '}}') parts.push(token[0]!);
    else if (path) parts.push(findPath(path, at, context));
    else if (token === '{' || token === '}' || token === '{}') {
      context.problems.push([at, `has a stray ${token}; write {{ or }} for a brace`]);
    } else parts.push(token);
  }
  return (scope) => {
    let value = '';
    for (const part of parts) {
      if (typeof part === 'string') {
        value += part;
        continue;
      }
      const found = part(scope);
      if (isEmpty(found)) return undefined;
      value += toText(found, 'a value of the template');
    }
    return value;
  };
}

function finishValue(
  find: Find,
  spec: Finish,
  keepsEmpty: boolean,
  what: string,
  at: PropertyKey[],
  context: CompileContext,
): Get {
  const { values, split, as, required } = spec;
  const otherwise =
    spec.otherwise == null ? undefined : compileValue(spec.otherwise, [...at, 'otherwise'], context);
  const orElse: Get = (scope) => {
    const value = otherwise?.(scope);
    if (value === undefined && required) throw new RowProblem(missingValue, `${what} is missing or empty.`);
    return value;
  };
  return (scope) => {
    let value = find(scope);
    if (value === undefined || (isEmpty(value) && !keepsEmpty)) return orElse(scope);
    if (values !== undefined) {
      const key = toText(value, what);
      if (!Object.hasOwn(values, key)) {
        if (spec.otherwise !== undefined) return orElse(scope);
        throw new RowProblem(unknownValue, `${what} is none of ${Object.keys(values).join(', ')}.`);
      }
      value = values[key];
      if (isEmpty(value)) return orElse(scope);
    }
    if (split !== undefined) {
      const pieces = cut(toText(value, what), split);
      if (pieces.length === 0) return orElse(scope);
      return as === undefined ? pieces : pieces.map((piece) => convertValue(piece, as, what));
    }
    return as === undefined ? value : convertValue(value, as, what);
  };
}

/** Pieces of a text; spaces around them are nobody's, and an empty one is none. */
function cut(text: string, separator: string): string[] {
  return text
    .split(separator)
    .map((piece) => piece.trim())
    .filter((piece) => piece !== '');
}

function compileJoin(
  spec: { join: string; on: string; take: string; missing?: 'reject' | 'omit' | undefined },
  at: PropertyKey[],
  context: CompileContext,
): Find {
  const taken = context.taken.get(spec.join);
  if (taken === undefined) {
    context.problems.push([[...at, 'join'], `is not among the map's joins: "${spec.join}"`]);
    return () => undefined;
  }
  taken.add(spec.take);
  const on = findPath(spec.on, [...at, 'on'], context);
  return (scope) => {
    const key = on(scope);
    if (isEmpty(key)) return undefined;
    const row = context.joins.get(spec.join)!.get(toText(key, `"${spec.on}"`));
    if (row !== undefined) return row[spec.take];
    if (spec.missing === 'omit') return undefined;
    throw new RowProblem(noJoin, `${spec.join} has no row for the value of "${spec.on}".`);
  };
}

function compileList(specs: ValueSpec[], at: PropertyKey[], context: CompileContext): Get {
  const gets = specs.map((spec, index) => compileValue(spec, [...at, 'list', index], context));
  return (scope) => {
    const values = gets.map((get) => get(scope)).filter((value) => value !== undefined);
    return values.length === 0 ? undefined : values;
  };
}

function compileObject(specs: Record<string, ValueSpec>, at: PropertyKey[], context: CompileContext): Get {
  const gets = Object.entries(specs).map(
    ([key, spec]) => [key, compileValue(spec, [...at, 'object', key], context)] as const,
  );
  return (scope: Scope) => {
    const found = gets
      .map(([key, get]) => [key, get(scope)] as const)
      .filter(([, value]) => value !== undefined);
    return found.length === 0 ? undefined : Object.fromEntries(found);
  };
}
