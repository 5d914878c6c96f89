import { z } from 'zod';
import type { Metrics } from './metrics.ts';
import { DatabaseProbe, type ProbeDeps } from './probe-database.ts';
import type { App } from './route-config.ts';

const readySchema = z
  .object({
    status: z.enum(['ready', 'unready']),
    database: z.enum(['ok', 'unreachable']),
    migrations: z
      .enum(['ok', 'missing', 'unknown'])
      .optional()
      .describe('`missing`: run `convey migrate`. `unknown`: another version migrated this database.'),
    feed_lag_ms: z
      .int()
      .optional()
      .describe('Age of the oldest open writing transaction, which holds the change feed back.'),
  })
  .meta({ id: 'Readiness' });

/** `/healthz`: the process answers. `/readyz`: it can do its work. */
export function registerHealth(app: App, deps: ProbeDeps, metrics: Metrics): void {
  const probe = new DatabaseProbe(deps);
  metrics.gauge('convey_feed_lag_seconds', 'Age of the oldest open writing transaction.', async () => {
    const { feedLagMs } = await probe.read();
    return feedLagMs / 1000;
  });
  metrics.gauge('convey_database_connections', 'Connections of the pool for short work.', () => {
    const { totalCount, idleCount, waitingCount } = deps.database.pool;
    return [
      { labels: { state: 'busy' }, value: totalCount - idleCount },
      { labels: { state: 'idle' }, value: idleCount },
      { labels: { state: 'waiting' }, value: waitingCount },
    ];
  });

  app.get(
    '/healthz',
    {
      config: { operation: 'getHealth' },
      schema: {
        tags: ['server'],
        summary: 'Whether the process answers',
        response: { 200: z.object({ status: z.literal('ok') }) },
      },
    },
    async () => ({ status: 'ok' as const }),
  );
  app.get(
    '/readyz',
    {
      config: { operation: 'getReadiness' },
      schema: {
        tags: ['server'],
        summary: 'Whether it can do its work',
        response: { 200: readySchema, 503: readySchema },
      },
    },
    async (_request, reply) => {
      const state = await probe.read().catch(() => undefined);
      if (state === undefined) {
        return reply.code(503).send({ status: 'unready' as const, database: 'unreachable' as const });
      }
      const isReady = state.migrations === 'ok';
      return reply.code(isReady ? 200 : 503).send({
        status: isReady ? ('ready' as const) : ('unready' as const),
        database: 'ok' as const,
        migrations: state.migrations,
        feed_lag_ms: state.feedLagMs,
      });
    },
  );
}
