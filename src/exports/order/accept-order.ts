import type { FastifyReply, FastifyRequest } from 'fastify';
import type { JobEvents } from '../../jobs/job-events.ts';
import { readPreferences } from '../../http/prefer.ts';
import { askerOf } from '../export-asker.ts';
import { exportEnded } from '../keep/cancel-export.ts';
import { describeExport } from '../keep/describe-export.ts';
import { getExport, listParts } from '../keep/find-export.ts';
import type { ExportRequest } from '../plan-export.ts';
import { requestExport, type RequestDependencies } from '../request-export.ts';
import type { Order } from './order.schemas.ts';
import { requestOfOrder } from './request-of-order.ts';

export interface AcceptDependencies extends RequestDependencies {
  /** Tells when an export may have ended. */
  events: JobEvents;
  partConversations: number;
  /** Kept exports of one workspace that run at the same time. */
  keptPerWorkspace: number;
}

/** After how many seconds somebody may ask again how an export is. */
export const RETRY_SECONDS = 2;
/** `Prefer: wait` waits no longer than this, however long it asks for. */
const LONGEST_WAIT_MS = 60_000;

/**
 * Takes an order into the queue and answers 202 with where to ask how it is; `Prefer: wait=…` waits for its end, and
 * with `Prefer: handling=strict` it is refused rather than to wait its turn.
 * @param from what it repeats, if it does
 * @throws as `requestOfOrder` and `requestExport` do
 */
export async function acceptOrder(
  dependencies: AcceptDependencies,
  request: FastifyRequest,
  reply: FastifyReply,
  order: Order,
  from: Pick<ExportRequest, 'rerunOf' | 'window'> = {},
): Promise<FastifyReply> {
  const { database, events } = dependencies;
  const { scope, principal, headers } = request;
  const wanted = await requestOfOrder(dependencies, principal, order);
  const { waitMs, isStrict } = readPreferences(headers['prefer']);
  const accepted = await requestExport(
    dependencies,
    scope,
    askerOf(request),
    { ...wanted, ...from },
    undefined,
    {
      atMost: isStrict ? dependencies.keptPerWorkspace : undefined,
    },
  );
  if (waitMs !== undefined) await exportEnded(database, events, accepted, Math.min(LONGEST_WAIT_MS, waitMs));
  const row = await getExport(database, scope, accepted.id);
  const parts = await listParts(database, scope, accepted.id);
  const url = `/v1/exports/${accepted.id}`;
  reply.header('location', url).header('content-location', url).header('retry-after', RETRY_SECONDS);
  return reply.code(202).send(describeExport(row, parts));
}
