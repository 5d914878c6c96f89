import { z } from 'zod';
import type { Database } from '../../database/connect.ts';
import type { App } from '../../http/route-config.ts';
import { listFilterValues, valuedParts } from './filter-values.ts';

const value = z.object({
  value: z.string().describe('As the filter takes it.'),
  name: z.string().nullable().describe('What people call it, where that differs: a teammate’s name.'),
});

/** `/v1/conversation-values`: what the filter can be set to, for whoever chooses instead of typing. */
export function registerFilterValueRoutes(app: App, { database }: { database: Database }): void {
  app.get(
    '/v1/conversation-values',
    {
      config: { operation: 'listFilterValues', permission: 'conversations.read' },
      schema: {
        tags: ['records'],
        summary: 'Words that parts of the filter find something by, those used most first',
        description:
          'Of the newest 20,000 conversations that you may see, at most 100 words of each part. The filter takes ' +
          'others as well.',
        response: {
          200: z
            .object(
              Object.fromEntries(valuedParts.map((part) => [part, z.array(value)])) as Record<
                (typeof valuedParts)[number],
                z.ZodArray<typeof value>
              >,
            )
            .meta({ id: 'FilterValues' }),
        },
      },
    },
    ({ scope }) => listFilterValues(database, scope),
  );
}
