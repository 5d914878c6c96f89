import { withoutUndefined } from '../../catalog/filter.schemas.ts';
import { ConveyError, type FieldProblem } from '../../errors.ts';
import { badRequest } from '../exports.errors.ts';
import { type ExportFormat, type ExportRequest, formatsOfKind, hasFiles, isTable } from '../plan-export.ts';
import { defaultFieldsOf, hasFields, needsMessages } from './default-fields.ts';
import { exportFieldNames } from './export-fields.ts';
import type { Order } from './order.schemas.ts';

/**
 * The request that an order stands for. Pure: whether the asker may have it, and what a saved field set holds, is
 * `requestOfOrder`'s business; a `field_set` must be in `fields` by now.
 * @param partConversations conversations in one part
 * @throws exports.bad_request naming each part of the order that does not go with the others
 */
export function readOrder(order: Order, partConversations: number): ExportRequest {
  const { kind, id, mode, profile, anonymize, notify, keep_days: keepDays } = order;
  const format = order.format ?? defaultFormatOf(kind);
  const problems = problemsOf(order, format);
  if (problems.length > 0) throw badOrder(problems);
  const filter = order.ids === undefined ? order.filter : { ids: order.ids };
  const fields = fieldsOf(order, format);
  return {
    kind,
    format,
    keep: { files: order.files ?? false, partConversations },
    ...(id === undefined ? {} : { recordId: id }),
    ...(order.for === undefined ? {} : { contactProfile: order.for }),
    ...(filter === undefined ? {} : { filter: withoutUndefined(filter) }),
    ...(mode === undefined ? {} : { mode }),
    ...(profile === undefined ? {} : { csvProfile: profile }),
    ...(fields === undefined ? {} : { fields }),
    ...(anonymize === undefined ? {} : { anonymize }),
    ...(notify === undefined ? {} : { notify }),
    ...(keepDays === undefined ? {} : { keepDays }),
  };
}

/** The refusal of an order, naming each part and what it takes. */
export function badOrder(problems: FieldProblem[]): ConveyError {
  const said = problems.map(({ pointer, detail }) => `${pointer.slice(1)} ${detail}.`).join(' ');
  return new ConveyError(badRequest, said, { fields: problems });
}

/** The format of an order that names none. */
function defaultFormatOf(kind: Order['kind']): ExportFormat {
  return formatsOfKind[kind].includes('ndjson') ? 'ndjson' : 'json';
}

/** Each part of an order that does not go with the others, and what it takes. */
function problemsOf(order: Order, format: ExportFormat): FieldProblem[] {
  const { kind, id, filter, ids, mode, profile, fields, anonymize } = order;
  const problems: FieldProblem[] = [];
  const refuse = (isWrong: boolean, part: string, detail: string) => {
    if (isWrong) problems.push({ pointer: `/${part}`, detail });
  };
  const isOne = kind === 'conversation' || kind === 'contact';
  refuse(
    order.files === true && !hasFiles({ kind }),
    'files',
    `is not for ${kind}, which holds no files: leave it out`,
  );
  refuse(
    !formatsOfKind[kind].includes(format),
    'format',
    `takes one of ${formatsOfKind[kind].join(', ')} for ${kind}`,
  );
  refuse(isOne && id === undefined, 'id', `is missing; takes the id of the one ${kind}`);
  refuse(!isOne && id !== undefined, 'id', 'is for one conversation or contact');
  refuse(filter !== undefined && kind !== 'conversations', 'filter', 'is for conversations');
  refuse(ids !== undefined && kind !== 'conversations', 'ids', 'is for conversations');
  refuse(ids !== undefined && filter !== undefined, 'ids', 'takes the place of filter: give one of them');
  refuse(
    mode !== undefined && (kind !== 'conversations' || !isTable({ format })),
    'mode',
    'is for the CSV or XLSX of conversations',
  );
  refuse(profile !== undefined && format !== 'csv', 'profile', 'is for CSV');
  refuse(order.for !== undefined && kind !== 'contact', 'for', 'is for one contact');
  refuse(fields !== undefined && !hasFields(kind), 'fields', 'is for conversations, all or one');
  refuse(
    fields !== undefined && needsMessages(order, format) && !fields.includes('messages'),
    'fields',
    'takes messages among them, for they are what such a file is made of',
  );
  refuse(Boolean(anonymize) && kind === 'audit', 'anonymize', 'is not for audit');
  return problems;
}

/** Chosen fields in the order of the table; contents of files need their list. */
function fieldsOf(order: Order, format: ExportFormat): string[] | undefined {
  if (!hasFields(order.kind)) return undefined;
  const wanted = order.fields ?? defaultFieldsOf({ ...order, format });
  if (wanted === undefined) return undefined;
  const chosen = new Set<string>(wanted);
  if (order.files) chosen.add('files');
  return exportFieldNames.filter((name) => chosen.has(name));
}
