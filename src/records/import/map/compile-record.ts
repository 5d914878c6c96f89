import { badValue, RowProblem } from '../import.errors.ts';
import type { CompileContext } from './compile-context.ts';
import { compileValue } from './compile-value.ts';
import type { Rule } from './map.schemas.ts';
import type { Scope } from './read-path.ts';

type Fields = Record<string, unknown>;

/** Makes the record object; tells `onField` which field it is at, so that a reject can name it. */
export type MakeRecord = (id: string, scope: Scope, onField: (name: string) => void) => Fields;

/** Compiles a rule's `fields` and `rest`. Keys come in the map's order: type, id, op, then the fields. */
export function compileRecord(rule: Rule, at: PropertyKey[], context: CompileContext): MakeRecord {
  const each = rule.each ?? '';
  const fields = Object.entries(rule.fields).map(([target, spec]) => ({
    target,
    keys: target.split('.'),
    get: compileValue(spec, [...at, 'fields', target], context),
  }));
  const rest = rule.rest?.split('.');
  return (id, scope, onField) => {
    const record: Fields = { type: rule.type, id };
    if (rule.op !== undefined) record['op'] = rule.op;
    for (const { target, keys, get } of fields) {
      onField(target);
      const value = get(scope);
      if (value !== undefined) put(record, keys, value);
    }
    if (rest !== undefined) {
      onField(rule.rest!);
      putRest(record, rest, scope.item, context.reads.get(each));
    }
    return record;
  };
}

function put(record: Fields, keys: string[], value: unknown): void {
  objectAt(record, keys.slice(0, -1))[keys.at(-1)!] = value;
}

function objectAt(record: Fields, keys: string[]): Fields {
  return keys.reduce<Fields>((at, key) => {
    at[key] ??= {};
    return at[key] as Fields;
  }, record);
}

/** Every column that no rule reads goes under `keys`, so that nothing of the source is lost. */
function putRest(record: Fields, keys: string[], item: unknown, read: Set<string> | undefined): void {
  if (typeof item !== 'object' || item === null || Array.isArray(item)) return;
  for (const [name, value] of Object.entries(item)) {
    if (read?.has(name) || name === '' || value === '' || value === null) continue;
    const target = objectAt(record, keys);
    if (Object.hasOwn(target, name)) {
      throw new RowProblem(
        badValue,
        `The column "${name}" would replace the field of that name; give it a field.`,
      );
    }
    // Defined, not assigned: a column called __proto__ is a field like any other.
    Object.defineProperty(target, name, { value, enumerable: true });
  }
}
