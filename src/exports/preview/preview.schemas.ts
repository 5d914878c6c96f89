import { z } from 'zod';
import { filterQuery, withoutUndefined } from '../../catalog/filter.schemas.ts';
import { flag, oneOrMore } from '../../catalog/filter/query-values.ts';
import { sentence } from '../../http/sentence.ts';
import { exportFieldNames } from '../order/export-fields.ts';
import { type Order, orderBody } from '../order/order.schemas.ts';
import type { Preview } from './preview-export.ts';

const { kind, format, id, for: forWhom, mode, profile, field_set: fieldSet } = orderBody.shape;

/** An order in a query: its parts, and the filter's beside them. */
export const orderQuery = z.object({
  kind: kind.default('conversations').describe('What would be exported.'),
  format,
  id,
  for: forWhom,
  mode,
  profile,
  field_set: fieldSet,
  fields: oneOrMore('What of each conversation; repeat for several.', { values: exportFieldNames }),
  files: flag('With the contents of files.'),
  anonymize: flag('With pseudonyms for people.'),
  ...filterQuery,
});

const FILTER_PARTS = new Set(Object.keys(filterQuery));

/** The order that a query asks for. */
export function orderOfQuery(query: z.infer<typeof orderQuery>): Order {
  const given = Object.entries(query).filter(([, value]) => value !== undefined);
  const filter = withoutUndefined(Object.fromEntries(given.filter(([name]) => FILTER_PARTS.has(name))));
  const rest = Object.fromEntries(given.filter(([name]) => !FILTER_PARTS.has(name)));
  return {
    ...(rest as Order),
    ...(Object.keys(filter).length > 0 ? { filter: filter as Order['filter'] } : {}),
  };
}

const count = z.number().min(0);

export const previewSchema = z
  .object({
    kind: z.string(),
    format: z.string(),
    fields: z
      .array(z.string())
      .nullable()
      .describe('What of each conversation; null: all that the kind has.'),
    snapshot_at: z.iso.datetime().describe('The moment that was counted.'),
    counts: z
      .record(z.string(), count)
      .describe('Records per dataset, by the statements that the export checks itself by.'),
    conversations: count.nullable().describe('Null for kinds that are not made of conversations.'),
    messages: count.nullable().describe('Their messages, replies and notes, as far as they were chosen.'),
    files: z
      .object({
        count,
        with_bytes: count,
        without_bytes: count.describe('Their contents never arrived.'),
        bytes: count.describe('Equal contents are counted each time; a package holds them once.'),
      })
      .describe('Files that the records name.'),
    parts: count.describe('Files with records that it comes in.'),
    left_out: z.array(z.object({ what: sentence(), why: sentence() })),
    estimate: z
      .object({
        bytes: count,
        seconds: count.describe('From its start on, without waiting for its turn.'),
        seconds_range: z
          .object({ from: count, to: count })
          .describe(
            'It will hardly take less, or more. Narrower where exports of the format were made here.',
          ),
        based_on: z
          .enum(['past_exports', 'defaults'])
          .describe('This workspace’s exports of the same sort, or what is usual.'),
      })
      .describe('A guess, not a promise.'),
  })
  .meta({ id: 'ExportPreview' });

/** The preview as `previewSchema` has it. */
export function describePreview(preview: Preview): z.infer<typeof previewSchema> {
  const { plan, snapshotAt, counts, conversations, messages, files, parts, leftOut, estimate } = preview;
  return {
    kind: plan.kind,
    format: plan.format,
    fields: plan.fields == null ? null : [...plan.fields],
    snapshot_at: snapshotAt.toISOString(),
    counts,
    conversations,
    messages,
    files,
    parts,
    left_out: leftOut,
    estimate,
  };
}
