import type { IngestRecord } from './grammar/parse-record.ts';
import { hasBit } from './grammar/record-shape.ts';
import { parseJson } from '../parse-json.ts';

/** `earlier` stands and the later line is older than it; undefined: they cannot be folded. */
export type Folded = { record: IngestRecord; isOlder: boolean } | undefined;

/**
 * Folds two writes to one record into one that has, whatever is stored, the effect of both in order; or
 * answers undefined, and the later one needs a transaction after the earlier one's.
 *
 * What may be folded follows from how a line is judged: against the stored `version` if both have one, else
 * against `updated_at` if both have one, else it is never older. So lines without either always apply, and
 * lines with the same of the two form a chain in which the newest decides. Both must name the same parents:
 * where one of them has to wait and the other has not, the other is stored meanwhile.
 */
export function foldRecords(earlier: IngestRecord, later: IngestRecord): Folded {
  const age = compareAge(earlier, later);
  if (age === undefined || !haveSameParents(earlier, later)) return undefined;
  if (later.op === 'patch') return age === 'timeless' ? overlay(earlier, later) : undefined;
  // A patch is refused when there is no such record, which only the database knows.
  if (earlier.op === 'patch') return undefined;
  if (age === 'older') return { record: earlier, isOlder: true };
  const { fallbacks } = later.shape;
  const kept = fallbacks.filter((index) => later.values[index] === null && earlier.values[index] !== null);
  // The stored time or the earlier line's? That depends on whether the earlier line was applied.
  if (kept.length > 0 && age !== 'timeless') return undefined;
  for (const index of kept) later.values[index] = earlier.values[index];
  return { record: later, isOlder: false };
}

/** Whether both wait for the same records, or neither for any; a patch may leave its parents unsaid. */
export function haveSameParents(earlier: IngestRecord, later: IngestRecord): boolean {
  const { awaited } = later.shape;
  const areEqual = awaited.every(({ index }) => {
    const isGiven = later.op === 'upsert' || hasBit(later.given, 2 ** index);
    return !isGiven || later.values[index] === earlier.values[index];
  });
  if (!areEqual || later.participants === undefined) return areEqual;
  const ids = (record: IngestRecord) =>
    (record.participants ?? [])
      .map(([id]) => id)
      .sort()
      .join('\0');
  return ids(later) === ids(earlier);
}

/** How the later line stands to the earlier one; undefined where that depends on what is stored. */
function compareAge(earlier: IngestRecord, later: IngestRecord): 'timeless' | 'older' | 'newer' | undefined {
  const { version, updatedAt } = later.shape;
  const signs: number[] = [];
  for (const clock of [version, updatedAt]) {
    if (clock === undefined) continue;
    const before = earlier.values[clock.index] as number | null;
    const after = later.values[clock.index] as number | null;
    if ((before === null) !== (after === null)) return undefined;
    if (before !== null && after !== null) signs.push(Math.sign(after - before));
  }
  if (signs.length === 0) return 'timeless';
  // The first clock decides between the two, but the stored record may know the second one only.
  if (signs.some((sign) => sign > 0) && signs.some((sign) => sign < 0)) return undefined;
  return signs[0]! < 0 ? 'older' : 'newer';
}

/** A patch on top of an upsert or another patch. */
function overlay(earlier: IngestRecord, later: IngestRecord): Folded {
  const { shape } = later;
  const record: IngestRecord = {
    ...earlier,
    values: earlier.values.slice(),
    line: later.line,
    parts: [...(earlier.parts ?? [earlier]), later],
  };
  for (let index = 0; index < shape.columns.length; index++) {
    const bit = 2 ** index;
    if (!hasBit(later.given, bit)) continue;
    const value = later.values[index];
    record.values[index] =
      index === shape.attributes.index && hasBit(earlier.given, bit)
        ? joinJson(earlier.values[index] as string, value as string)
        : value;
    if (!hasBit(record.given, bit)) record.given += bit;
  }
  const { participantsBit } = shape;
  if (participantsBit !== undefined && later.participants !== undefined) {
    record.participants = later.participants;
    if (!hasBit(record.given, participantsBit)) record.given += participantsBit;
  }
  return { record, isOlder: false };
}

/** As PostgreSQL's `||` on objects: of a key that both have the right one counts. */
function joinJson(left: string, right: string): string {
  return JSON.stringify(Object.assign(Object.create(null), parseJson(left), parseJson(right)));
}
