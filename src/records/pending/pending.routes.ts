import { z } from 'zod';
import type { Database } from '../../database/connect.ts';
import type { App } from '../../http/route-config.ts';
import { listPending } from './list-pending.ts';

const recordSchema = z.object({ type: z.string(), id: z.string() });

const pendingSchema = z
  .object({
    waiting: z.int().min(0),
    given_up: z.int().min(0).describe('Waited too long; listed for 30 days, no longer stored.'),
    parents: z
      .array(recordSchema.extend({ waiting: z.int().min(1), oldest_at: z.iso.datetime() }))
      .describe('The hundred records that most lines wait for.'),
    records: z.array(
      recordSchema.extend({
        parent: recordSchema,
        received_at: z.iso.datetime(),
        given_up_at: z.iso.datetime().nullable(),
      }),
    ),
    next_cursor: z.string().nullable().describe('Ask again with it for the next page; null at the end.'),
  })
  .meta({ id: 'PendingRecords' });

/** `GET /v1/ingest/pending`: lines that wait for the record they belong to, or did so in vain. */
export function registerPendingRoutes(app: App, { database }: { database: Database }): void {
  app.get(
    '/v1/ingest/pending',
    {
      config: { operation: 'listPending', permission: 'ingest' },
      schema: {
        tags: ['ingest'],
        summary: 'Records that wait for the record they belong to',
        description: 'In the order of their arrival. Their contents are not shown.',
        querystring: z.object({
          cursor: z.string().max(100).optional(),
          limit: z.coerce.number().int().min(1).max(100).default(20),
        }),
        response: { 200: pendingSchema },
      },
    },
    async ({ scope, query }) => {
      const page = await database.inScope(scope, (transaction) =>
        listPending(transaction, scope.workspaceId, query),
      );
      return {
        waiting: page.waiting,
        given_up: page.givenUp,
        parents: page.parents.map(({ type, id, waiting, oldestAt }) => ({
          type,
          id,
          waiting,
          oldest_at: oldestAt.toISOString(),
        })),
        records: page.records.map(({ type, id, parent, receivedAt, givenUpAt }) => ({
          type,
          id,
          parent,
          received_at: receivedAt.toISOString(),
          given_up_at: givenUpAt?.toISOString() ?? null,
        })),
        next_cursor: page.nextCursor,
      };
    },
  );
}
