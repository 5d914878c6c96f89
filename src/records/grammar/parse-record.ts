import { badField, unknownType } from '../ingest.errors.ts';
import { ensureSize, readId, takes } from './read-field.ts';
import { type Participant, readParticipants } from './read-participants.ts';
import { type FieldPlan, type RecordShape, shapesByType } from './record-shape.ts';
import { Refusal } from './refusal.ts';

const OPS = ['upsert', 'patch', 'delete', 'merge'] as const;

export type Op = (typeof OPS)[number];

/** One line of a body, checked and ready to be staged. */
export interface IngestRecord {
  shape: RecordShape;
  op: Op;
  id: string;
  /** By `shape.columns`; null where nothing was given. */
  values: unknown[];
  /** Bits of the columns that the line gave. An upsert writes all of them all the same. */
  given: number;
  /** Conversations: who takes part; undefined leaves the stored ones. */
  participants: readonly Participant[] | undefined;
  /** `merge`: the contact that stays. */
  into: string | undefined;
  /** It belongs to its account's personal workspace. */
  isPersonal: boolean;
  /** 1-based. */
  line: number;
  /** The line as it came, for keeping it while it waits. */
  text: string;
  /** Folded from these lines of one batch, in order (`fold-records.ts`); undefined: from this one alone. */
  parts: readonly IngestRecord[] | undefined;
  /** It has waited for its parent, as this row of `ingest_pending`. */
  waited: { id: string; receivedAt: Date } | undefined;
}

export type JsonObject = Readonly<Record<string, unknown>>;

const TYPES = [...shapesByType.keys()].join(', ');
const CONTROL_FIELDS = new Set(['type', 'id', 'op']);

/** Reads a parsed line by the catalogue. Throws a Refusal. */
export function parseRecord(object: JsonObject, line: number, text: string, maxBytes: number): IngestRecord {
  const type = object['type'];
  const shape = typeof type === 'string' ? shapesByType.get(type) : undefined;
  if (shape === undefined) throw new Refusal(unknownType, 'type', `It takes one of ${TYPES}.`);
  const record: IngestRecord = {
    shape,
    op: readOp(object, shape),
    id: readId(object['id'], 'id'),
    values: shape.blank.slice(),
    given: 0,
    participants: undefined,
    into: undefined,
    isPersonal: false,
    line,
    text,
    parts: undefined,
    waited: undefined,
  };
  if (record.op === 'merge') readMerge(record, object);
  else if (record.op === 'delete') readDelete(record, object, maxBytes);
  else readFields(record, object, maxBytes);
  return record;
}

function readOp(object: JsonObject, shape: RecordShape): Op {
  const op = object['op'] ?? 'upsert';
  const isKnown = OPS.some((one) => one === op);
  if (!isKnown) throw takes('op', `one of ${OPS.join(', ')}`);
  if (op === 'merge' && shape.table.name !== 'contacts') throw takes('op', 'merge for contacts only');
  return op as Op;
}

function readMerge(record: IngestRecord, object: JsonObject): void {
  record.into = readId(object['into'], 'into');
  if (record.into === record.id) throw takes('into', 'another contact’s id');
}

/** A deletion needs its clock and where to look; whatever else it says no longer matters. */
function readDelete(record: IngestRecord, object: JsonObject, maxBytes: number): void {
  const { updatedAt, version, account, conversation, fields } = record.shape;
  for (const [key, field] of fields) {
    const value = object[key];
    if (value === undefined || value === null) continue;
    if (field === updatedAt || field === version || field === account || field === conversation) {
      setField(record, field as FieldPlan, value, key, maxBytes);
    }
  }
  record.isPersonal = object['workspace_id'] === null || object['scope'] === 'user';
  if (record.isPersonal) ensurePersonal(record);
}

function readFields(record: IngestRecord, object: JsonObject, maxBytes: number): void {
  const { shape, op } = record;
  let extra: Record<string, unknown> | undefined;
  const keep = (key: string, value: unknown) => {
    extra ??= Object.create(null) as Record<string, unknown>; // so that `__proto__` is a key like any other
    extra[key] = value;
  };
  if (shape.participantsBit !== undefined && op === 'upsert') record.participants = [];
  for (const key in object) {
    const value = object[key];
    const field = shape.fields.get(key);
    if (field === shape.attributes) continue; // last, since unknown fields join it
    if (field instanceof Map) {
      const rest = readGroup(record, field, key, value, maxBytes);
      if (rest !== undefined) keep(key, rest);
    } else if (field !== undefined) {
      setField(record, field as FieldPlan, value, key, maxBytes);
    } else if (key === 'participants' && shape.participantsBit !== undefined) {
      const { participants, rest } = readParticipants(value);
      record.participants = participants;
      record.given += shape.participantsBit;
      if (rest !== undefined) keep(key, rest);
    } else if (key === 'workspace_id' && value === null) {
      record.isPersonal = true;
    } else if (!CONTROL_FIELDS.has(key)) {
      keep(key, value);
    }
  }
  readAttributes(record, object['attributes'], extra, maxBytes);
  if (op === 'upsert') ensureComplete(record);
  if (shape.type === 'memory' && object['scope'] === 'user') record.isPersonal = true;
  if (record.isPersonal) ensurePersonal(record);
}

function setField(
  record: IngestRecord,
  plan: FieldPlan,
  value: unknown,
  field: string,
  maxBytes: number,
): void {
  if (value === null) {
    if (plan.fallsBack) return;
    if (plan.isRequired && record.op === 'patch') throw takes(field, 'a value: it cannot be cleared');
    record.values[plan.index] = plan.empty;
  } else {
    record.values[plan.index] = plan.read(value, field, maxBytes);
  }
  record.given += plan.bit;
}

/** Reads `author: {…}`; gives back what of it Convey has no column for. */
function readGroup(
  record: IngestRecord,
  group: ReadonlyMap<string, FieldPlan>,
  name: string,
  value: unknown,
  maxBytes: number,
): Record<string, unknown> | undefined {
  if (value === null) {
    for (const [key, plan] of group) setField(record, plan, null, `${name}.${key}`, maxBytes);
    return undefined;
  }
  if (typeof value !== 'object' || Array.isArray(value)) throw takes(name, 'an object');
  let rest: Record<string, unknown> | undefined;
  for (const key in value) {
    const one = (value as JsonObject)[key];
    const plan = group.get(key);
    if (plan !== undefined) {
      setField(record, plan, one, `${name}.${key}`, maxBytes);
    } else {
      rest ??= Object.create(null) as Record<string, unknown>;
      rest[key] = one;
    }
  }
  return rest;
}

/** `attributes` as given, joined by the fields without a column; of two with one name the field wins. */
function readAttributes(
  record: IngestRecord,
  given: unknown,
  extra: Record<string, unknown> | undefined,
  maxBytes: number,
): void {
  const isGiven = given !== undefined && given !== null;
  if (!isGiven && extra === undefined) return;
  if (isGiven && (typeof given !== 'object' || Array.isArray(given))) throw takes('attributes', 'an object');
  const joined: Record<string, unknown> = Object.assign(Object.create(null), given);
  for (const key in extra) joined[key] = joinKeys(joined[key], extra[key]);
  const { attributes } = record.shape;
  record.values[attributes.index] = ensureSize(JSON.stringify(joined), 'attributes', maxBytes);
  record.given += attributes.bit;
}

/** What was left of a group (`author`) joins what `attributes` says of it; anything else replaces. */
function joinKeys(old: unknown, added: unknown): unknown {
  const areObjects = [old, added].every(
    (one) => typeof one === 'object' && one !== null && !Array.isArray(one),
  );
  return areObjects ? Object.assign(Object.create(null), old, added) : added;
}

function ensureComplete({ shape, values }: IngestRecord): void {
  for (const { index, field } of shape.required) {
    if (values[index] === null) throw new Refusal(badField, field, 'It is missing.');
  }
}

/** A personal record says whose it is, by account or by thread, and has no part in any contact. */
function ensurePersonal({ shape, op, values, participants }: IngestRecord): void {
  const { account, conversation, table } = shape;
  if (account === undefined && conversation === undefined) {
    throw takes('workspace_id', 'null for what an account or a thread owns only');
  }
  const isAddressed =
    (account !== undefined && values[account.index] !== null) ||
    (conversation !== undefined && values[conversation.index] !== null) ||
    (op !== 'upsert' && table.name === 'conversations');
  if (!isAddressed) throw takes('account_id', 'the account in whose personal workspace the record is');
  const contact = table.references.find(
    ({ table: parent, kind }) => parent === 'contacts' && kind === 'owner',
  );
  const index = shape.columns.findIndex(({ name }) => name === contact?.column);
  if (index >= 0 && values[index] !== null) throw takes('contact_id', 'nothing in a personal workspace');
  if ((participants?.length ?? 0) > 0) throw takes('participants', 'nothing in a personal workspace');
}
