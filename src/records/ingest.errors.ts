import { ConveyError, type ErrorKind, errorKind } from '../errors.ts';
import type { IngestResult } from './count-outcomes.ts';

// Why one line was not taken; the rest of the body is.
export const badText = errorKind(
  'ingest.bad_text',
  400,
  'The line holds bytes that are not UTF-8, a NUL or an unpaired surrogate.',
);
export const badJson = errorKind('ingest.bad_json', 400, 'The line is not one JSON object.');
export const tooDeep = errorKind(
  'ingest.too_deep',
  400,
  'The line nests too many levels or holds too many values.',
);
export const badNumber = errorKind(
  'ingest.bad_number',
  400,
  'The line holds a number that would lose digits. Send it as a string.',
);
export const badId = errorKind('ingest.bad_id', 400, 'An id is not one that records can have.');
export const unknownType = errorKind('ingest.unknown_type', 400, 'There is no such type of record.');
export const badField = errorKind('ingest.bad_field', 400, 'A field does not hold what it takes.');
export const textTooLong = errorKind('ingest.text_too_long', 413, 'A field holds more than 16 MiB.');
export const lineTooLong = errorKind('ingest.line_too_long', 413, 'The line is longer than 64 MiB.');
export const unknownRecord = errorKind(
  'ingest.unknown_record',
  404,
  'There is no record with this id to patch. Send it whole first.',
);
export const badMerge = errorKind('ingest.bad_merge', 409, 'These two contacts cannot be merged.');
export const threadTaken = errorKind(
  'ingest.thread_taken',
  409,
  'The thread belongs to another account. Delete it there first.',
);
export const changeTooLarge = errorKind(
  'ingest.change_too_large',
  422,
  'A line deletes or merges more records than one atomic body may change. Send it without atomic=true.',
);
export const unknownParent = errorKind(
  'ingest.unknown_parent',
  422,
  'The record that this one belongs to does not exist, and an atomic body does not wait.',
);

// Why a body as a whole was refused or stopped.
export const bodyTooLarge = errorKind(
  'ingest.body_too_large',
  413,
  'The body is larger than one ingest takes. What was committed before that stays; send the rest as another body.',
);
export const atomicTooLong = errorKind(
  'ingest.atomic_too_long',
  413,
  'An atomic body has more lines than one transaction takes. Nothing was stored.',
);
export const atomicRefused = errorKind(
  'ingest.atomic_refused',
  422,
  'Lines of an atomic body cannot be stored. Nothing was stored.',
);
export const interrupted = errorKind(
  'ingest.interrupted',
  503,
  'The body was stored in part only. What was committed stays; send it again from the line that is named.',
);

/** An ingest that ended early: what had been committed by then stays, and is counted here. */
export class IngestError extends ConveyError {
  readonly result: IngestResult;

  constructor(
    kind: ErrorKind,
    result: IngestResult,
    detail?: string,
    options?: ConstructorParameters<typeof ConveyError>[2],
  ) {
    super(kind, detail, options);
    this.result = result;
  }
}
