import { z } from 'zod';
import { sentence } from '../../http/sentence.ts';
import { countsSchema } from '../ingest.routes.ts';
import { recordTypes } from '../import/map/map.schemas.ts';

const count = z.int().min(0);
const FORMATS = ['convey', 'csv', 'tsv', 'jsonl', 'json'] as const;
/** Of the lines that were not taken so many stand in the answer; the CSV has up to a thousand. */
export const SHOWN = 50;

export const importId = z.object({ id: z.string().describe('Id of the import (`imp_…`).') });

export const rejectionSchema = z.object({
  source: z.string().describe('The file, or the part of the package.'),
  line: z.int().min(0).describe('From 1; of `json` the position of the element.'),
  code: z.string(),
  field: z.string().nullable(),
  detail: sentence().nullable(),
});

export const importSchema = z
  .object({
    id: z.string(),
    source: z.enum(['files', 'sample']).describe('Uploaded files, or the sample data.'),
    status: z
      .enum(['preparing', 'running', 'done', 'failed', 'cancelled'])
      .describe('`preparing`: takes files, and nothing has been imported.'),
    file: z.string().nullable().describe('Name of the file that is imported.'),
    format: z.string().nullable(),
    created_by: z.object({ type: z.string(), id: z.string(), name: z.string() }),
    created_at: z.iso.datetime(),
    started_at: z.iso.datetime().nullable(),
    finished_at: z.iso.datetime().nullable(),
    upload: z
      .object({
        files: z.array(z.string()).describe('Names of those that have arrived.'),
        is_arriving: z.boolean().describe('Whether one is on its way at this moment.'),
        kept_until: z.iso.datetime().describe('From then on it is given up by itself, with its files.'),
      })
      .nullable()
      .describe('While it is `preparing`: what was uploaded to it.'),
    progress: z
      .object({ records: count, bytes: count, total_bytes: count.nullable() })
      .nullable()
      .describe('How far it has been read, while it runs.'),
    result: z
      .object({
        received: count.describe('Lines that are not blank.'),
        accepted: countsSchema.pick({ inserted: true, updated: true, deleted: true, merged: true }),
        unchanged: count.describe('Said what was stored already.'),
        skipped_older: count.describe('Older than what is stored.'),
        pending: count.describe('Wait for the record they belong to, up to 24 hours.'),
        rejected_count: count,
        rejected: z.array(rejectionSchema).describe(`The first ${SHOWN}.`),
        by_type: z.record(z.string(), countsSchema),
        signed_by: z.string().nullable().describe('Of a package: the key whose signature holds.'),
        files: z.object({
          stored: count,
          kept: count.describe('The same bytes were there already.'),
          missing: z.array(z.string()).describe(`Contents that could not be stored; the first ${SHOWN}.`),
        }),
      })
      .nullable()
      .describe('What was taken; null unless it is done.'),
    failure: z
      .object({ code: z.string(), title: sentence(), detail: z.string().nullable() })
      .nullable()
      .describe('Why it ended early.'),
  })
  .meta({ id: 'Import' });

export const previewSchema = z
  .object({
    format: z.enum(FORMATS).describe('As it was named, or what the file seems to be.'),
    delimiter: z.string().nullable().describe('Between the cells of a table.'),
    columns: z.array(z.string()).describe('Columns of the table, or keys of the first objects.'),
    rows: z
      .array(z.object({ line: count, cells: z.array(z.string().nullable()) }))
      .describe('The first rows, cells in the order of the columns; long ones are cut.'),
    records: z
      .array(z.object({ line: count, record: z.record(z.string(), z.unknown()) }))
      .describe('What the first rows become; long texts are cut.'),
    taken_count: count.describe('Records that would be taken, of those that were looked at.'),
    rejected_count: count,
    rejected: z.array(rejectionSchema).describe('The first fifty.'),
    is_whole: z.boolean().describe('Whether the whole file was looked at, and not its beginning alone.'),
  })
  .meta({ id: 'ImportPreview' });

export const recordTypesSchema = z
  .object({
    record_types: z.array(
      z.object({
        type: z.enum(recordTypes),
        doc: sentence(),
        fields: z.array(
          z.object({
            name: z.string().describe('As a line and a map name it: `author.id`.'),
            doc: sentence(),
            required: z.boolean().describe('A new record must have it.'),
            kind: z.enum(['text', 'number', 'boolean', 'time', 'list', 'object']),
            values: z.array(z.string()).nullable().describe('The words that it takes; null: any.'),
          }),
        ),
      }),
    ),
  })
  .meta({ id: 'RecordTypes' });

const file = z.string().min(1).max(200).describe('Name of an uploaded file.');
const map = z
  .record(z.string(), z.unknown())
  .optional()
  .describe(
    'How rows become records, as `convey import --map` takes it; its side files are uploaded as well.',
  );

export const previewBody = z.strictObject({
  file,
  format: z.enum(FORMATS).optional().describe('Left out: told by the file’s beginning.'),
  map,
});
export const startBody = z.strictObject({ file, format: z.enum(FORMATS), map });
export const newImportBody = z.strictObject({
  source: importSchema.shape.source,
  conversations: z
    .int()
    .min(1)
    .max(10_000)
    .default(3000)
    .describe('Of the sample: its size; the rest is in proportion.'),
});
