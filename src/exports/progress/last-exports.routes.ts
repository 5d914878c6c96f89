import { z } from 'zod';
import type { Database } from '../../database/connect.ts';
import type { App } from '../../http/route-config.ts';
import { bulkKinds, type LastExport, listLastExports } from './last-exports.ts';

const who = z.object({ type: z.string(), id: z.string(), name: z.string() });

const lastExport = z
  .object({
    kind: z.enum(bulkKinds),
    made: z
      .object({ job_id: z.string(), format: z.string(), by: who, at: z.iso.datetime(), bytes: z.number() })
      .nullable()
      .describe('The newest that was finished.'),
    downloaded: z
      .object({ job_id: z.string(), by: who.nullable(), at: z.iso.datetime(), bytes: z.number() })
      .nullable()
      .describe('The last time that somebody had all of one.'),
  })
  .meta({ id: 'LastExport' });

/** `GET /v1/exports/last`: when each kind of bulk export was last made and fetched, and by whom (H-11). */
export function registerLastExportRoutes(app: App, { database }: { database: Database }): void {
  app.get(
    '/v1/exports/last',
    {
      config: { operation: 'getLastExports', permission: 'export.read' },
      schema: {
        tags: ['exports'],
        summary: 'The last bulk export of each kind',
        description: 'Of the kinds that you may export. One conversation or one person is no bulk export.',
        response: { 200: z.object({ exports: z.array(lastExport) }) },
      },
    },
    async ({ scope, principal }) => {
      const found = await listLastExports(database, scope, principal);
      return { exports: found.map(describeLast) };
    },
  );
}

function describeLast({ kind, made, downloaded }: LastExport): z.infer<typeof lastExport> {
  const shown = <Event extends { id: string; at: string }>({ id, at, ...rest }: Event) => ({
    job_id: id,
    at: new Date(at).toISOString(),
    ...rest,
  });
  return {
    kind: kind as (typeof bulkKinds)[number],
    made: made && shown(made),
    downloaded: downloaded && shown(downloaded),
  };
}
