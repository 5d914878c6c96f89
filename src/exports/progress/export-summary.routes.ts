import { z } from 'zod';
import type { Database } from '../../database/connect.ts';
import type { App } from '../../http/route-config.ts';
import { describeExport, exportSchema } from '../keep/describe-export.ts';
import { isTimeZone } from '../schedules/rhythm.ts';
import { summarizeExports } from './summarize-exports.ts';

const MOST_DAYS = 90;

const summary = z
  .object({
    days: z
      .array(
        z.object({
          day: z.iso.date(),
          made: z.number().describe('Exports that stood; their files may be gone since.'),
          failed: z.number(),
          bytes: z.number().describe('Of those that stood.'),
        }),
      )
      .describe('Every day, today the last.'),
    people: z
      .array(
        z.object({
          by: z.object({ type: z.string(), id: z.string(), name: z.string() }),
          made: z.number(),
          bytes: z.number(),
        }),
      )
      .describe('Who had most of them made.'),
    expiring: z.array(exportSchema).describe('Kept ones whose files end first.'),
  })
  .meta({ id: 'ExportSummary' });

/** `GET /v1/exports/summary`: the exports of the last days at a glance (for the web app). */
export function registerExportSummaryRoutes(app: App, { database }: { database: Database }): void {
  app.get(
    '/v1/exports/summary',
    {
      config: { operation: 'summarizeExports', permission: 'export.read' },
      schema: {
        tags: ['exports'],
        summary: 'The exports of the last days at a glance',
        description: 'Of those that your list of exports shows. The five first of each.',
        querystring: z.object({
          days: z.coerce.number().int().min(1).max(MOST_DAYS).default(30),
          time_zone: z
            .string()
            .max(100)
            .refine(isTimeZone, 'takes an IANA name, like Europe/Berlin')
            .default('UTC')
            .describe('Whose days they are: an IANA name.'),
        }),
        response: { 200: summary },
      },
    },
    async ({ scope, principal, query: { days, time_zone: timeZone } }) => {
      const found = await summarizeExports(database, scope, principal, { days, timeZone, now: new Date() });
      return { ...found, expiring: found.expiring.map((row) => describeExport(row, [])) };
    },
  );
}
