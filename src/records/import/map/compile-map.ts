import { ConveyError } from '../../../errors.ts';
import { missingColumn } from '../import.errors.ts';
import type { ImportLimits } from '../limits.ts';
import { compileRecord } from './compile-record.ts';
import { type CompileContext, findPath } from './compile-context.ts';
import { compileValue } from './compile-value.ts';
import type { Condition, ImportMap, Rule } from './map.schemas.ts';
import {
  type CompiledRule,
  type Group,
  type MappedRecord,
  mapGroup,
  OnceKeys,
  type Test,
} from './map-row.ts';
import { mapError } from './parse-map.ts';
import type { Place, Scope } from './read-path.ts';

export interface CompiledMap {
  /** For each side file, the columns to keep; its rows by key go to `context.joins` before rows are mapped. */
  context: CompileContext;
  /** @throws `import.missing_column` when the map names a column that the table does not have */
  checkColumns(columns: string[]): void;
  /** The records of one row, in order. `line` and `place` are what `$line`, `$file` and `$folder` give. */
  mapRow(value: Record<string, unknown>, line: number, place: Place): Generator<MappedRecord>;
}

/**
 * Compiles a checked map into a function from rows to ingest records (JSON bytes). Nothing of a map is
 * ever run as code. The same rows through the same map give the same bytes.
 * @throws `import.bad_map`
 */
export function compileMap(map: ImportMap, limits: ImportLimits): CompiledMap {
  const context: CompileContext = {
    joins: new Map(),
    taken: new Map(Object.keys(map.joins ?? {}).map((name) => [name, new Set<string>()])),
    each: '',
    reads: new Map(),
    problems: [],
  };
  const groups = compileGroups(map, context, limits);
  if (context.problems.length > 0) throw mapError(context.problems);

  return {
    context,
    checkColumns(columns) {
      const known = new Set(columns.filter((column) => column !== ''));
      const missing = [...(context.reads.get('') ?? [])].filter((path) => !known.has(path));
      if (missing.length === 0) return;
      const names = (list: string[]): string =>
        list
          .slice(0, 20)
          .map((name) => `"${name}"`)
          .join(', ');
      throw new ConveyError(missingColumn, `Missing: ${names(missing)}. The table has ${names([...known])}.`);
    },
    *mapRow(value, line, place) {
      const scope: Scope = { row: value, item: value, index: 0, line, place };
      if (groups[0]!.skips.some((skip) => skip(scope))) return;
      for (const group of groups) yield* mapGroup(group, scope, limits);
    },
  };
}

function compileGroups(map: ImportMap, context: CompileContext, limits: ImportLimits): Group[] {
  const skips = map.skip ?? [];
  // The row's own group is first, even without rules: its skips hold for the lists in it too.
  const paths = new Set([
    '',
    ...skips.map((skip) => skip.each ?? ''),
    ...map.emit.map((rule) => rule.each ?? ''),
  ]);
  return [...paths].map((each): Group => {
    context.each = '';
    const list = each === '' ? undefined : findPath(each, ['emit'], context);
    context.each = each;
    return {
      each,
      list,
      skips: skips.flatMap((skip, index) =>
        (skip.each ?? '') === each ? [compileCondition(skip, ['skip', index], context)] : [],
      ),
      rules: map.emit.flatMap((rule, index) =>
        (rule.each ?? '') === each ? [compileRule(rule, ['emit', index], context, limits)] : [],
      ),
    };
  });
}

function compileRule(
  rule: Rule,
  at: PropertyKey[],
  context: CompileContext,
  limits: ImportLimits,
): CompiledRule {
  return {
    type: rule.type,
    when: rule.when && compileCondition(rule.when, [...at, 'when'], context),
    id: compileValue(rule.id, [...at, 'id'], context),
    make: compileRecord(rule, at, context),
    once: rule.once && new OnceKeys(rule.once === 'consecutive' ? 0 : limits.onceKeys),
  };
}

function compileCondition(condition: Condition, at: PropertyKey[], context: CompileContext): Test {
  const find = findPath(condition.from, [...at, 'from'], context);
  const list = condition.in ?? condition.notIn;
  const known = new Set(list?.map(String));
  return (scope) => {
    const value = find(scope);
    const isPresent = value !== undefined && value !== null && value !== '';
    if (list === undefined) return isPresent === condition.present;
    const isKnown = isPresent && known.has(typeof value === 'string' ? value : JSON.stringify(value));
    return isKnown === (condition.in !== undefined);
  };
}
