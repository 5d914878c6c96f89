import { z } from 'zod';
import { badName } from '../../access/access.errors.ts';
import { actorOfRequest } from '../../access/actor.ts';
import { filterBody, withoutUndefined } from '../../catalog/filter.schemas.ts';
import type { Database } from '../../database/connect.ts';
import { endPage, nextCursor, pageOf, pageQuery } from '../../http/paging.ts';
import type { App } from '../../http/route-config.ts';
import { tooManyViews, unknownView, viewTaken } from './saved-views.errors.ts';
import { changeView, createView, deleteView, listViews, type SavedView } from './saved-views.ts';

const viewSchema = z
  .object({
    id: z.string(),
    name: z.string(),
    filter: z
      .record(z.string(), z.unknown())
      .describe('The parts of the filter that are set, lists as lists.'),
    created_at: z.iso.datetime(),
  })
  .meta({ id: 'SavedView' });

const parts = {
  name: z.string().describe('1 to 100 characters in one line; of one’s own views no two have the same.'),
  filter: filterBody,
};
const viewId = z.object({ id: z.string().describe('Id of the view (`viw_…`).') });
const permission = 'conversations.read';
const tags = ['records'];

/** `/v1/saved-views`: filters of conversations that people keep for themselves (V-18). */
export function registerSavedViewRoutes(app: App, { database }: { database: Database }): void {
  app.get(
    '/v1/saved-views',
    {
      config: { operation: 'listSavedViews', permission },
      schema: {
        tags,
        summary: 'Your saved views, the newest first',
        description: 'Views are personal: nobody sees another’s.',
        querystring: z.object(pageQuery),
        response: { 200: z.object({ saved_views: z.array(viewSchema), next_cursor: nextCursor }) },
      },
    },
    async (request, reply) => {
      const { principal, scope, query } = request;
      const read = await database.inScope(scope, (transaction) =>
        listViews(transaction, principal, pageOf(query)),
      );
      const { entries, next_cursor } = endPage(request, reply, read, query, ({ id }) => id);
      return { saved_views: entries.map(describe), next_cursor };
    },
  );

  app.post(
    '/v1/saved-views',
    {
      config: { operation: 'createSavedView', permission, errors: [badName, viewTaken, tooManyViews] },
      schema: {
        tags,
        summary: 'Keep a filter of conversations under a name',
        body: z.strictObject(parts),
        response: { 201: viewSchema },
      },
    },
    async (request, reply) => {
      const { name, filter } = request.body;
      const view = { name, filter: withoutUndefined(filter) };
      const made = await createView(database, request.principal, actorOfRequest(request), view);
      return reply.code(201).send(describe(made));
    },
  );

  app.patch(
    '/v1/saved-views/:id',
    {
      config: { operation: 'changeSavedView', permission, errors: [badName, unknownView, viewTaken] },
      schema: {
        tags,
        summary: 'Rename a view, or have it keep another filter',
        params: viewId,
        body: z.strictObject({ name: parts.name.optional(), filter: parts.filter.optional() }),
        response: { 200: viewSchema },
      },
    },
    async (request) => {
      const { name, filter } = request.body;
      const change = { name, filter: filter && withoutUndefined(filter) };
      const { principal, params } = request;
      return describe(await changeView(database, principal, actorOfRequest(request), params.id, change));
    },
  );

  app.delete(
    '/v1/saved-views/:id',
    {
      config: { operation: 'deleteSavedView', permission, errors: [unknownView] },
      schema: {
        tags,
        summary: 'Delete a view',
        params: viewId,
        response: { 204: z.null().describe('It is gone.') },
      },
    },
    async (request, reply) => {
      await deleteView(database, request.principal, actorOfRequest(request), request.params.id);
      return reply.code(204).send(null);
    },
  );
}

function describe({ id, name, filter, createdAt }: SavedView): z.infer<typeof viewSchema> {
  return { id, name, filter, created_at: createdAt.toISOString() };
}
