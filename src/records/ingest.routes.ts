import { z } from 'zod';
import { rawBodyOf } from '../http/read-body.ts';
import type { App } from '../http/route-config.ts';
import { ingest, type IngestDependencies } from './ingest.ts';
import { atomicRefused, atomicTooLong, bodyTooLarge, IngestError, interrupted } from './ingest.errors.ts';
import { ConveyError } from '../errors.ts';
import { Arrivals } from './arrivals/arrivals.ts';
import { registerArrivalRoutes } from './arrivals/arrivals.routes.ts';
import { registerPendingRoutes } from './pending/pending.routes.ts';
import { bodyTooLarge as bodyCutOff } from '../http/http.errors.ts';

const count = z.int().min(0);
export const countsSchema = z.object({
  inserted: count,
  updated: count,
  deleted: count,
  merged: count,
  unchanged: count.describe('Said what was stored already.'),
  skipped_older: count.describe('Older, by `version` or `updated_at`, than what is stored.'),
  superseded: count.describe('A later line of the body about the same record had the last word.'),
  pending: count.describe('Wait for the record they belong to, up to 24 hours.'),
});

const resultSchema = z
  .object({
    received: count.describe('Lines that are not blank.'),
    accepted: countsSchema.pick({ inserted: true, updated: true, deleted: true, merged: true }),
    unchanged: count,
    skipped_older: count,
    superseded: count,
    pending: count,
    rejected_count: count,
    rejected: z
      .array(z.object({ line: z.int().min(1), code: z.string(), field: z.string(), detail: z.string() }))
      .describe('The first thousand, by line.'),
    released: count.describe('Lines of earlier bodies that found the record they waited for.'),
    by_type: z.record(z.string(), countsSchema),
    through_line: count.describe('Every line up to this one has been dealt with and committed.'),
  })
  .meta({ id: 'IngestResult' });

/**
 * `POST /v1/ingest`: records in, as NDJSON (contract §2a); `GET /v1/ingest/pending`: those that wait;
 * `GET /v1/ingest/requests`: what came last.
 */
export function registerIngestRoutes(
  app: App,
  dependencies: IngestDependencies & { bodyBytes: number },
): void {
  registerPendingRoutes(app, dependencies);
  const arrivals = new Arrivals();
  registerArrivalRoutes(app, arrivals);
  app.post(
    '/v1/ingest',
    {
      config: {
        operation: 'ingest',
        permission: 'ingest',
        limits: [], // a body is read no faster than it is committed
        rawBody: {
          types: ['application/x-ndjson', 'application/ndjson', 'application/jsonl'],
          maxBytes: dependencies.bodyBytes,
        },
        errors: [bodyTooLarge, atomicTooLong, atomicRefused, interrupted],
      },
      schema: {
        tags: ['ingest'],
        summary: 'Take records in',
        description:
          'One JSON object per line. Lines that cannot be taken are listed and the others are stored, in batches; ' +
          'with `atomic=true` all of up to 5,000 lines are stored or none.',
        querystring: z.object({
          atomic: z.enum(['true', 'false']).default('false').describe('All lines or none.'),
        }),
        response: { 200: resultSchema },
      },
    },
    async (request) => {
      const gone = new AbortController();
      request.raw.once('aborted', () => gone.abort(new Error('the client left')));
      const { workspaceId } = request.scope;
      const { id, name } = request.principal;
      const arrival = { at: new Date(), by: { id, name } };
      try {
        const result = await ingest(dependencies, request.scope, rawBodyOf(request), {
          atomic: request.query.atomic === 'true',
          signal: gone.signal,
        });
        arrivals.note(workspaceId, { ...arrival, result, failure: null });
        return result;
      } catch (error) {
        const told = asIngestError(error);
        if (error instanceof IngestError && told instanceof ConveyError) {
          const { code, title } = told.kind;
          arrivals.note(workspaceId, { ...arrival, result: error.result, failure: { code, title } });
        }
        throw told;
      }
    },
  );
}

/** A body that was cut off at its limit says what of it was committed. */
function asIngestError(error: unknown): unknown {
  const isCutOff = error instanceof IngestError && error.kind === bodyCutOff;
  return isCutOff ? new ConveyError(bodyTooLarge, error.detail, { cause: error }) : error;
}
