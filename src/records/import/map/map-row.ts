import { ConveyError } from '../../../errors.ts';
import { badValue, missingValue, notMapped, type Reject, RowProblem, tooManyKeys } from '../import.errors.ts';
import type { ImportLimits } from '../limits.ts';
import { tooLong } from '../read-rows.ts';
import type { MakeRecord } from './compile-record.ts';
import { toText } from './convert-value.ts';
import type { Find, Scope } from './read-path.ts';

export type MappedRecord = { bytes: Buffer } | { reject: Reject };

export type Test = (scope: Scope) => boolean;

export interface CompiledRule {
  type: string;
  when: Test | undefined;
  id: Find;
  make: MakeRecord;
  once: OnceKeys | undefined;
}

/** Rules that start from the same place: the row, or one list in it. */
export interface Group {
  each: string;
  /** Finds the list in the row; undefined for the row's own group. */
  list: Find | undefined;
  skips: Test[];
  rules: CompiledRule[];
}

/** The records that one group of rules makes of a row, element by element, rule by rule. */
export function* mapGroup(group: Group, row: Scope, limits: ImportLimits): Generator<MappedRecord> {
  if (group.rules.length === 0) return;
  if (group.list === undefined) {
    yield* mapScope(group, row, limits);
    return;
  }
  const items = group.list(row);
  if (!Array.isArray(items)) {
    yield rejected(badValue.code, group.each, `"${group.each}" is not a list.`);
    return;
  }
  for (let index = 0; index < items.length; index++) {
    const scope: Scope = { ...row, item: items[index], index };
    if (!group.skips.some((skip) => skip(scope))) yield* mapScope(group, scope, limits);
  }
}

function* mapScope(group: Group, scope: Scope, limits: ImportLimits): Generator<MappedRecord> {
  let isTaken = false;
  for (const rule of group.rules) {
    if (rule.when !== undefined && !rule.when(scope)) continue;
    isTaken = true;
    const record = mapRecord(rule, scope, limits);
    if (record !== undefined) yield record;
  }
  if (isTaken) return;
  const what = group.each === '' ? 'the row' : `element ${scope.index} of "${group.each}"`;
  yield rejected(notMapped.code, undefined, `No rule takes ${what}; "skip" leaves rows out on purpose.`);
}

/** One record or its reject; nothing for one that `once` has seen. */
function mapRecord(rule: CompiledRule, scope: Scope, limits: ImportLimits): MappedRecord | undefined {
  let field = 'id';
  try {
    const found = rule.id(scope);
    if (found === undefined || found === null || found === '') {
      throw new RowProblem(missingValue, `The ${rule.type} has no id.`);
    }
    const id = toText(found, 'the id');
    if (rule.once?.has(id)) return undefined;
    const record = rule.make(id, scope, (name) => {
      field = name;
    });
    const bytes = Buffer.from(JSON.stringify(record));
    if (bytes.length > limits.lineBytes) return { reject: tooLong(0, limits.lineBytes).reject };
    rule.once?.add(id);
    return { bytes };
  } catch (error) {
    if (error instanceof RowProblem) return rejected(error.code, field, error.message);
    // JSON.stringify recurses; JSON.parse does not, so a hostile file can be nested deeper than it can be written.
    if (error instanceof RangeError) return rejected(badValue.code, undefined, 'It is nested too deeply.');
    throw error;
  }
}

function rejected(code: string, field: string | undefined, detail: string): { reject: Reject } {
  return { reject: field === undefined ? { code, detail } : { code, field, detail } };
}

/** The ids a rule with `once` has made records of; with a bound of 0 only the last one. */
export class OnceKeys {
  readonly #keys = new Set<string>();
  readonly #maxKeys: number;
  #last: string | undefined;

  constructor(maxKeys: number) {
    this.#maxKeys = maxKeys;
  }

  has(key: string): boolean {
    return key === this.#last || this.#keys.has(key);
  }

  /** @throws `import.too_many_keys` */
  add(key: string): void {
    this.#last = key;
    if (this.#maxKeys === 0) return;
    if (this.#keys.size >= this.#maxKeys)
      throw new ConveyError(tooManyKeys, `The limit is ${this.#maxKeys}.`);
    this.#keys.add(key);
  }
}
