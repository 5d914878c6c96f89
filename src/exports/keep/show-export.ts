import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Database } from '../../database/connect.ts';
import { ensureWithinReach } from '../export-reach.ts';
import { RETRY_SECONDS } from '../order/accept-order.ts';
import { describeExport } from './describe-export.ts';
import { getExport, listParts } from './find-export.ts';

/**
 * Answers how an export is: 202 with how far it is while it waits or runs, 200 once it has ended.
 * @throws exports.unknown, and as `ensureWithinReach` does
 */
export async function showExport(
  { database }: { database: Database },
  request: FastifyRequest,
  reply: FastifyReply,
  id: string,
): Promise<FastifyReply> {
  const row = await getExport(database, request.scope, id);
  ensureWithinReach(request.principal, row);
  const view = describeExport(row, await listParts(database, request.scope, id));
  if (row.status !== 'queued' && row.status !== 'running') return reply.send(view);
  reply
    .header('retry-after', RETRY_SECONDS)
    .header('x-progress', `${view.progress.stage}: ${view.progress.records.done} records`);
  return reply.code(202).send(view);
}
