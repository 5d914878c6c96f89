import { z } from 'zod';
import { MOST_IDS } from '../../catalog/filter/filter-parts.ts';
import { filterBody } from '../../catalog/filter.schemas.ts';
import { exportFormats, exportKinds } from '../../catalog/tables/workings.ts';
import { exportFieldNames } from './export-fields.ts';

const MOST_NOTIFIED = 20;

const ofConversations = {
  filter: filterBody.optional().describe('Which conversations; left out: all.'),
  ids: z
    .array(z.string())
    .min(1)
    .max(MOST_IDS)
    .optional()
    .describe(`These conversations, at most ${MOST_IDS}; instead of a filter.`),
  mode: z.enum(['conversations', 'messages']).optional().describe('Rows of a table of conversations.'),
  fields: z
    .array(z.enum(exportFieldNames))
    .min(1)
    .max(exportFieldNames.length)
    .optional()
    .describe('What of each conversation; left out: messages, customer, tags, or the table’s own columns.'),
  field_set: z
    .string()
    .max(100)
    .optional()
    .describe('A saved choice of fields (`fst_…`), instead of fields.'),
};

const ofAll = {
  profile: z.enum(['machine', 'spreadsheet']).optional().describe('CSV: byte-exact, or for a double click.'),
  files: z.boolean().optional().describe('With the contents of files; left out: without.'),
  anonymize: z
    .boolean()
    .optional()
    .describe('Pseudonyms for people, and what names them masked in texts; left out: as it is.'),
  notify: z
    .array(z.email().max(320))
    .max(MOST_NOTIFIED)
    .optional()
    .describe('Mail addresses of members who are told when it has ended.'),
  keep_days: z
    .int()
    .min(1)
    .max(3650)
    .optional()
    .describe('For how many days from now it can be fetched; left out: as the server is set.'),
};

/** An order of conversations: the body of `POST /v1/conversations/export` (V-08). */
export const conversationsOrderBody = z.strictObject({
  format: z.enum(exportFormats).optional().describe('Left out: NDJSON.'),
  ...ofConversations,
  ...ofAll,
});

/** An order: what `POST /v1/exports` takes, and schedules and previews with it. */
export const orderBody = z.strictObject({
  kind: z.enum(exportKinds).describe('What to export.'),
  format: z.enum(exportFormats).optional().describe('Left out: NDJSON where the kind has it, else JSON.'),
  id: z.string().optional().describe('The one conversation or contact.'),
  for: z
    .enum(['record', 'subject'])
    .optional()
    .describe('Of one contact: for the workspace, or for the person.'),
  ...ofConversations,
  ...ofAll,
});

/** What somebody orders, checked by its schema only. `readOrder` says whether it goes together. */
export type Order = z.infer<typeof orderBody>;

/** Changes to an order that is made again: each part that is given replaces the old one. */
export const orderChangesBody = orderBody.omit({ kind: true, id: true }).partial();

/** The order of an export that was made: what a rerun begins with. Its fields are what its field set had then. */
export const storedOrder = orderBody
  .omit({ notify: true, ids: true, field_set: true, filter: true, keep_days: true })
  .extend({ filter: z.record(z.string(), z.unknown()).optional() })
  .describe('As `POST /v1/exports` takes it: a rerun makes this again, but for what it changes.');

export type OrderChanges = z.infer<typeof orderChangesBody>;
