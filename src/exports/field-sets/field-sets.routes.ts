import { z } from 'zod';
import { badName } from '../../access/access.errors.ts';
import { actorOfRequest } from '../../access/actor.ts';
import type { Principal } from '../../access/principal.ts';
import type { Database } from '../../database/connect.ts';
import { endPage, nextCursor, pageOf, pageQuery } from '../../http/paging.ts';
import type { App } from '../../http/route-config.ts';
import { exportFieldNames } from '../order/export-fields.ts';
import { fieldSetTaken, tooManyFieldSets, unknownFieldSet } from './field-sets.errors.ts';
import {
  changeFieldSet,
  createFieldSet,
  deleteFieldSet,
  type FieldSet,
  listFieldSets,
  mayChange,
} from './field-sets.ts';

const field = z.enum(exportFieldNames);
const fieldSetSchema = z
  .object({
    id: z.string(),
    name: z.string(),
    fields: z.array(field),
    shared: z.boolean().describe('Whether everybody in the workspace sees it.'),
    created_by: z.string().describe('Id of the user or key that made it.'),
    created_at: z.iso.datetime(),
    may_change: z.boolean().describe('Whether you may change and delete it.'),
  })
  .meta({ id: 'FieldSet' });

const parts = {
  name: z.string().describe('1 to 100 characters in one line; of one’s own sets no two have the same.'),
  fields: z
    .array(field)
    .min(1)
    .max(exportFieldNames.length)
    .transform((chosen) => exportFieldNames.filter((name) => chosen.includes(name)))
    .describe('What of each conversation.'),
  shared: z.boolean().describe('Everybody in the workspace may use it; takes `export.share_fields`.'),
};
const newBody = z.strictObject({ ...parts, shared: parts.shared.default(false) });
const changeBody = z.strictObject({
  name: parts.name.optional(),
  fields: parts.fields.optional(),
  shared: parts.shared.optional(),
});
const fieldSetId = z.object({ id: z.string().describe('Id of the choice (`fst_…`).') });
const permission = 'export.order';
const tags = ['exports'];

/** `/v1/field-sets`: choices of fields that people keep for their exports (V-05). */
export function registerFieldSetRoutes(app: App, { database }: { database: Database }): void {
  app.get(
    '/v1/field-sets',
    {
      config: { operation: 'listFieldSets', permission },
      schema: {
        tags,
        summary: 'Your saved choices of fields, and those that are shared',
        querystring: z.object(pageQuery),
        response: { 200: z.object({ field_sets: z.array(fieldSetSchema), next_cursor: nextCursor }) },
      },
    },
    async (request, reply) => {
      const { principal, scope, query } = request;
      const read = await database.inScope(scope, (transaction) =>
        listFieldSets(transaction, principal, pageOf(query)),
      );
      const { entries, next_cursor } = endPage(request, reply, read, query, ({ id }) => id);
      return { field_sets: entries.map((set) => describe(set, principal)), next_cursor };
    },
  );

  app.post(
    '/v1/field-sets',
    {
      config: {
        operation: 'createFieldSet',
        permission,
        errors: [badName, fieldSetTaken, tooManyFieldSets],
      },
      schema: {
        tags,
        summary: 'Keep a choice of fields',
        description: 'An order names it as `field_set` instead of `fields`.',
        body: newBody,
        response: { 201: fieldSetSchema },
      },
    },
    async (request, reply) => {
      const { name, fields, shared: isShared } = request.body;
      const { principal } = request;
      const wanted = { name, fields, isShared };
      const made = await createFieldSet(database, principal, actorOfRequest(request), wanted);
      return reply.code(201).send(describe(made, principal));
    },
  );

  app.patch(
    '/v1/field-sets/:id',
    {
      config: { operation: 'changeFieldSet', permission, errors: [badName, unknownFieldSet, fieldSetTaken] },
      schema: {
        tags,
        summary: 'Rename, change or share a choice of fields',
        description: 'Exports that were made with it stay as they are.',
        params: fieldSetId,
        body: changeBody,
        response: { 200: fieldSetSchema },
      },
    },
    async (request) => {
      const { principal, params } = request;
      const { name, fields, shared: isShared } = request.body;
      const change = { name, fields, isShared };
      const by = actorOfRequest(request);
      return describe(await changeFieldSet(database, principal, by, params.id, change), principal);
    },
  );

  app.delete(
    '/v1/field-sets/:id',
    {
      config: { operation: 'deleteFieldSet', permission, errors: [unknownFieldSet] },
      schema: {
        tags,
        summary: 'Delete a choice of fields',
        params: fieldSetId,
        response: { 204: z.null().describe('It is gone.') },
      },
    },
    async (request, reply) => {
      await deleteFieldSet(database, request.principal, actorOfRequest(request), request.params.id);
      return reply.code(204).send(null);
    },
  );
}

function describe(set: FieldSet, principal: Principal): z.infer<typeof fieldSetSchema> {
  return {
    id: set.id,
    name: set.name,
    fields: set.fields,
    shared: set.isShared,
    created_by: set.createdBy,
    created_at: set.createdAt.toISOString(),
    may_change: mayChange(principal, set),
  };
}
