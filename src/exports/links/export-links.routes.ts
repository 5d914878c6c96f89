import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { Database } from '../../database/connect.ts';
import type { App } from '../../http/route-config.ts';
import {
  ended,
  expired,
  keptTooLong,
  noPackage,
  notReady,
  tooManyLinks,
  unknownExport,
  unknownLink,
} from '../exports.errors.ts';
import { askerOf } from '../export-asker.ts';
import { ensureWithinReach } from '../export-reach.ts';
import { describeExport, exportSchema } from '../keep/describe-export.ts';
import { acceptedExport, type ExportRow, getExport, listParts } from '../keep/find-export.ts';
import type { AcceptedExport } from '../request-export.ts';
import { createLink, type ExportLink, listLinks, revokeLink } from './export-links.ts';
import { extendExport } from './extend-export.ts';
import { LINK_PAGE } from './link-page.ts';

export interface LinkRoutes {
  database: Database;
  /** What links begin with. */
  publicUrl: string;
  /** How long after its order an export is kept at most. */
  mostLinkMs: number;
}

const DEFAULT_HOURS = 24;
const MOST_HOURS = 7 * 24;

const exportId = z.object({ id: z.string().describe('Id of the export (`exp_…`).') });

const linkSchema = z
  .object({
    id: z.string(),
    state: z
      .enum(['open', 'expired', 'revoked'])
      .describe('Whether it works by itself; its export may be gone.'),
    created_by: z.object({ type: z.string(), id: z.string(), name: z.string() }),
    created_at: z.iso.datetime(),
    expires_at: z.iso.datetime(),
    revoked_at: z.iso.datetime().nullable(),
    downloads: z.number().describe('Transfers that came to their end.'),
    last_download_at: z.iso.datetime().nullable(),
  })
  .meta({ id: 'ExportLink' });

/** Giving a finished export more time, and links that open it without a sign-in (contract §2 and §7). */
export function registerExportLinkRoutes(app: App, dependencies: LinkRoutes): void {
  const { database, publicUrl } = dependencies;
  const gone = [unknownExport, noPackage, notReady, ended, expired];

  app.post(
    '/v1/exports/:id/extend',
    {
      config: {
        operation: 'extendExport',
        permission: 'export.order',
        errors: [...gone, keptTooLong],
        replay: { operation: 'getExport', id: 'job_id' },
      },
      schema: {
        tags: ['exports'],
        summary: 'Keep the files of an export longer',
        description: 'At most as long after its order as `CONVEY_LINKS_MOST` says.',
        params: exportId,
        body: z.strictObject({ days: z.int().min(1).max(3650).describe('Added to `expires_at`.') }),
        response: { 200: exportSchema },
      },
    },
    async (request) => {
      const { row, accepted } = await reach(request, request.params.id);
      const { days } = request.body;
      await extendExport(database, accepted, row, { days, mostMs: dependencies.mostLinkMs });
      const parts = await listParts(database, request.scope, row.id);
      return describeExport(await getExport(database, request.scope, row.id), parts);
    },
  );

  app.post(
    '/v1/exports/:id/links',
    {
      config: {
        operation: 'createExportLink',
        permission: 'export.share',
        errors: [...gone, tooManyLinks],
      },
      schema: {
        tags: ['exports'],
        summary: 'Make a link that opens the export for whoever holds it',
        description:
          'Its address is in this answer and never shown again. It ends with the export, and when you may not have the export any more.',
        params: exportId,
        body: z.strictObject({
          hours: z.int().min(1).max(MOST_HOURS).default(DEFAULT_HOURS).describe('How long it works.'),
        }),
        response: {
          201: z.object({ ...linkSchema.shape, url: z.url().describe('The link itself: keep it now.') }),
        },
      },
    },
    async (request, reply) => {
      const { row, accepted } = await reach(request, request.params.id);
      const { link, token } = await createLink(database, accepted, row, request.body.hours);
      // Behind `#`: browsers send that part to nobody, so no log has it.
      return reply.code(201).send({ ...describeLink(link), url: `${publicUrl}${LINK_PAGE}#${token}` });
    },
  );

  app.get(
    '/v1/exports/:id/links',
    {
      config: { operation: 'listExportLinks', permission: 'export.share', errors: [unknownExport] },
      schema: {
        tags: ['exports'],
        summary: 'The links to an export, and how often each was used',
        params: exportId,
        response: { 200: z.object({ links: z.array(linkSchema) }) },
      },
    },
    async (request) => {
      const { row } = await reach(request, request.params.id);
      return { links: (await listLinks(database, request.scope, row.id)).map(describeLink) };
    },
  );

  app.delete(
    '/v1/exports/:id/links/:link',
    {
      config: {
        operation: 'revokeExportLink',
        permission: 'export.share',
        errors: [unknownExport, unknownLink],
      },
      schema: {
        tags: ['exports'],
        summary: 'Withdraw a link: it opens nothing from then on',
        params: exportId.extend({ link: z.string().describe('Id of the link (`lnk_…`).') }),
        response: { 200: linkSchema },
      },
    },
    async (request) => {
      const { id, link } = request.params;
      const { accepted } = await reach(request, id);
      return describeLink(await revokeLink(database, accepted, link));
    },
  );

  /** An export that the asker could fetch, to be acted on in their name. */
  async function reach(
    request: FastifyRequest,
    id: string,
  ): Promise<{ row: ExportRow; accepted: AcceptedExport }> {
    const row = await getExport(database, request.scope, id);
    ensureWithinReach(request.principal, row);
    const accepted = await acceptedExport(database, request.scope.workspaceId, row);
    return { row, accepted: { ...accepted, asker: askerOf(request) } };
  }
}

function describeLink(link: ExportLink): z.infer<typeof linkSchema> {
  return {
    id: link.id,
    state: link.revokedAt !== null ? 'revoked' : link.expiresAt <= new Date() ? 'expired' : 'open',
    created_by: link.createdBy,
    created_at: link.createdAt.toISOString(),
    expires_at: link.expiresAt.toISOString(),
    revoked_at: link.revokedAt?.toISOString() ?? null,
    downloads: link.downloads,
    last_download_at: link.lastDownloadAt?.toISOString() ?? null,
  };
}
