import { z } from 'zod';
import type { HashCounted } from '../../database/hash-counted.ts';
import { ConveyError } from '../../errors.ts';
import { badRange, preconditionFailed } from '../../http/http.errors.ts';
import type { App } from '../../http/route-config.ts';
import { ended, expired, linkEnded, unknownLink } from '../exports.errors.ts';
import { listParts } from '../keep/find-export.ts';
import { openPackage, packageZip } from '../keep/open-package.ts';
import { type SendDependencies, sendPackage } from '../keep/send-package.ts';
import { LINK_PAGE, LINK_SCRIPT, LINK_STYLE, linkPage, linkScript, linkStyle } from './link-page.ts';
import { checkTicket, makeTicket } from './link-ticket.ts';
import { openLink } from './open-link.ts';

export interface OpenedLinkRoutes extends SendDependencies {
  hashCounted: HashCounted;
  /** Transfers that one link gives; 0: as many as are asked for. */
  linkDownloads: number;
}

/**
 * What somebody with a link sees and gets, without a sign-in. Neither the page nor looking up what it opens counts as
 * a download; only bytes that were taken to their end do.
 */
export function registerOpenedLinkRoutes(app: App, dependencies: OpenedLinkRoutes): void {
  const { database, store, hashCounted, linkDownloads } = dependencies;

  for (const [url, operation, type, text] of [
    [LINK_PAGE, 'getLinkPage', 'text/html', linkPage],
    [LINK_SCRIPT, 'getLinkScript', 'text/javascript', linkScript],
    [LINK_STYLE, 'getLinkStyle', 'text/css', linkStyle],
  ] as const) {
    app.get(
      url,
      {
        config: { operation },
        schema: {
          tags: ['exports'],
          summary: 'The page that a link to an export opens',
          response: { 200: { description: 'Static.', content: { [type]: { schema: z.string() } } } },
        },
      },
      async (_request, reply) => reply.type(`${type}; charset=utf-8`).send(text),
    );
  }

  app.post(
    '/v1/links/open',
    {
      config: { operation: 'openExportLink', errors: [unknownLink, linkEnded] },
      schema: {
        tags: ['exports'],
        summary: 'What a link opens, and where to fetch it',
        description: 'Takes the part of the link behind `#`. It is no download yet, and may be asked again.',
        body: z.strictObject({ token: z.string().min(1).max(200) }),
        response: {
          200: z.object({
            kind: z.string(),
            format: z.string(),
            file_name: z.string(),
            bytes: z.number(),
            manifest_sha256: z.string(),
            made_at: z.iso.datetime(),
            expires_at: z.iso.datetime().describe('Until then the link works.'),
            downloads_left: z.number().nullable().describe('Null: as many as you like.'),
            url: z.string().describe('Path of the package, for an hour: takes GET with ranges, and HEAD.'),
          }),
        },
      },
    },
    async ({ body }) => {
      const { link, row } = await openLink(database, { token: body.token }, linkDownloads);
      const parts = await listParts(database, { workspaceId: link.workspaceId }, row.id);
      const { fileName, sizeBytes } = packageZip(store, openPackage(row, parts));
      const ticket = makeTicket(hashCounted, link.id);
      return {
        kind: row.plan.kind,
        format: row.plan.format,
        file_name: fileName,
        bytes: sizeBytes,
        manifest_sha256: row.sha256!,
        made_at: row.finished_at!.toISOString(),
        expires_at: link.expiresAt.toISOString(),
        downloads_left: linkDownloads === 0 ? null : linkDownloads - link.downloads,
        url: `/v1/links/${link.id}/package.zip?ticket=${ticket}`,
      };
    },
  );

  app.get(
    '/v1/links/:id/package.zip',
    {
      config: {
        operation: 'getLinkedPackage',
        export: true,
        cheapHead: true,
        errors: [unknownLink, linkEnded, expired, ended, badRange, preconditionFailed],
      },
      schema: {
        tags: ['exports'],
        summary: 'The package behind a link, by the address that opening it gave',
        description: 'Whoever made the link is asked for their permission again.',
        params: z.object({ id: z.string().describe('Id of the link (`lnk_…`).') }),
        querystring: z.object({ ticket: z.string().max(100).describe('From `POST /v1/links/open`.') }),
        response: {
          200: {
            description: 'The bytes; ranges are served.',
            content: { 'application/zip': { schema: z.any() } },
          },
          206: { description: 'A range of them.', content: { 'application/zip': { schema: z.any() } } },
          304: z.null().describe('They are what you have.'),
        },
      },
    },
    async (request, reply) => {
      const { id } = request.params;
      const ticket = checkTicket(hashCounted, id, request.query.ticket);
      if (ticket === 'wrong') throw new ConveyError(unknownLink);
      const { link, row } = await openLink(database, { id }, linkDownloads);
      if (ticket === 'over')
        throw new ConveyError(linkEnded, 'This download’s hour is over: open the link again.');
      const { workspaceId, createdBy } = link;
      const asker = {
        ...createdBy,
        interface: 'web' as const,
        ip: request.ip,
        userAgent: request.headers['user-agent'] ?? '',
        includeInternal: row.plan.includeInternal,
      };
      return sendPackage(dependencies, request, reply, row, { workspaceId, asker, linkId: link.id });
    },
  );
}
