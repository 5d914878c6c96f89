import { z } from 'zod';
import type { App } from '../../http/route-config.ts';
import { sentence } from '../../http/sentence.ts';
import type { Arrival, Arrivals } from './arrivals.ts';

const count = z.int().min(0);

const arrivalSchema = z
  .object({
    at: z.iso.datetime(),
    key: z.object({ id: z.string(), name: z.string() }).describe('Who sent it.'),
    received: count.describe('Lines that are not blank.'),
    taken: count.describe('Lines that changed something.'),
    by_type: z.record(z.string(), count).describe('The lines that changed something, by type of record.'),
    unchanged: count.describe('Said what was stored already.'),
    pending: count.describe('Wait for the record they belong to, up to 24 hours.'),
    rejected_count: count,
    rejected: z
      .array(z.object({ line: z.int().min(1), code: z.string(), field: z.string(), detail: sentence() }))
      .describe('The first five.'),
    failure: z
      .object({ code: z.string(), title: sentence() })
      .nullable()
      .describe('Why the request as a whole was refused or ended early.'),
  })
  .meta({ id: 'IngestRequest' });

/** `GET /v1/ingest/requests`: what came last, for whoever connects a product. */
export function registerArrivalRoutes(app: App, arrivals: Arrivals): void {
  app.get(
    '/v1/ingest/requests',
    {
      config: { operation: 'listIngestRequests', permission: 'records.import' },
      schema: {
        tags: ['ingest'],
        summary: 'The last requests that brought records, the newest first',
        description:
          'Up to twenty of those that this server got since it started: to see what a product sends while it is connected. Contents are not shown.',
        response: { 200: z.object({ requests: z.array(arrivalSchema) }) },
      },
    },
    ({ scope }) => ({ requests: arrivals.list(scope.workspaceId).map(describeArrival) }),
  );
}

function describeArrival({ at, by, result, failure }: Arrival): z.infer<typeof arrivalSchema> {
  const { received, accepted, unchanged, pending, rejected_count, rejected, by_type: types } = result;
  const changed = Object.entries(types).map(
    ([type, { inserted, updated, deleted, merged }]) =>
      [type, inserted + updated + deleted + merged] as const,
  );
  return {
    at: at.toISOString(),
    key: { id: by.id, name: by.name },
    received,
    taken: accepted.inserted + accepted.updated + accepted.deleted + accepted.merged,
    by_type: Object.fromEntries(changed.filter(([, n]) => n > 0)),
    unchanged,
    pending,
    rejected_count,
    rejected,
    failure,
  };
}
