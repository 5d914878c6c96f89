import { RowEncoder } from '../../formats/encode-rows.ts';
import type { ColumnType } from '../../formats/codecs.ts';
import { newId } from '../../ids.ts';
import type { IngestRecord } from '../grammar/parse-record.ts';
import type { RecordShape } from '../grammar/record-shape.ts';

const LEADING: readonly ColumnType[] = ['bigint', 'bigint', 'text', 'text'];
/** `given` of a row that replaces: every bit. */
const EVERYTHING = -1;

/** Writes of one table, encoded for its staging table. */
export interface StagedRows {
  shape: RecordShape;
  /** By staged number `n`. */
  records: readonly IngestRecord[];
  bytes: Buffer;
  hasPatches: boolean;
  /** Some conversation names participants, so that theirs must be written too. */
  hasParticipants: boolean;
}

/** Rows encoded at a stretch: less than a millisecond. */
const ROWS_PER_STEP = 128;

/** Encodes the rows as binary COPY. `ref` is drawn for each; a row that is known keeps the one it has. */
export function encodeStage(shape: RecordShape, records: readonly IngestRecord[]): StagedRows {
  const steps = encodeInSteps(shape, records);
  for (;;) {
    const { done, value } = steps.next();
    if (done === true) return value;
  }
}

/** As `encodeStage`, with pauses in which the caller can see to others. */
export function* encodeInSteps(
  shape: RecordShape,
  records: readonly IngestRecord[],
): Generator<void, StagedRows, undefined> {
  const { columns, participantsBit, table } = shape;
  const types = [...LEADING, ...columns.map(({ type }) => type)];
  if (participantsBit !== undefined) types.push('jsonb');
  const encoder = new RowEncoder(types);
  const row: unknown[] = Array.from({ length: types.length });
  let hasPatches = false;
  let hasParticipants = false;
  for (let n = 0; n < records.length; n++) {
    const { id, op, given, values, participants } = records[n]!;
    row[0] = n;
    row[1] = op === 'patch' ? given : EVERYTHING;
    row[2] = id;
    row[3] = newId(table.refPrefix!);
    for (let index = 0; index < values.length; index++) row[LEADING.length + index] = values[index];
    if (op === 'patch') hasPatches = true;
    if (participantsBit !== undefined) {
      row[row.length - 1] = participants === undefined ? null : JSON.stringify(participants);
      if (participants !== undefined && participants.length > 0) hasParticipants = true;
    }
    encoder.row(row);
    if (n % ROWS_PER_STEP === ROWS_PER_STEP - 1) yield;
  }
  encoder.end();
  return { shape, records, bytes: encoder.take(), hasPatches, hasParticipants };
}
