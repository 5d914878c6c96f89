import { buffer } from 'node:stream/consumers';
import { z } from 'zod';
import { rawBodyOf } from '../../http/read-body.ts';
import type { RegisterRoutes } from '../../http/route-config.ts';
import { badName } from '../access.errors.ts';
import { actorOfRequest } from '../actor.ts';
import { type Brand, type BrandDependencies, changeBrand, deleteLogo, putLogo, readBrand } from './brand.ts';
import { badLogo } from './brand.errors.ts';

const MOST_LOGO_BYTES = 1024 * 1024;

const brandSchema = z
  .object({
    name: z.string().nullable().describe('Above transcripts; null: the product’s name.'),
    color: z.string().nullable().describe('`#rrggbb`; null: the usual one.'),
    logo: z
      .object({ media_type: z.enum(['image/png', 'image/jpeg']) })
      .nullable()
      .describe('The logo, if there is one: what it is.'),
  })
  .meta({ id: 'Brand' });

/** `/v1/settings/brand`: how the workspace's transcripts (PDF and HTML) look. */
export function brandRoutes(dependencies: BrandDependencies): RegisterRoutes {
  const { database } = dependencies;
  return (app) => {
    app.get(
      '/v1/settings/brand',
      {
        config: { operation: 'getBrand', permission: 'settings.manage' },
        schema: {
          tags: ['access'],
          summary: 'How the workspace’s transcripts look',
          response: { 200: brandSchema },
        },
      },
      async ({ scope }) =>
        describeBrand(
          await database.inScope(scope, (transaction) => readBrand(transaction, scope.workspaceId)),
        ),
    );

    app.put(
      '/v1/settings/brand',
      {
        config: { operation: 'changeBrand', permission: 'settings.manage', errors: [badName] },
        schema: {
          tags: ['access'],
          summary: 'Set the name and colour of transcripts',
          description:
            'Both at once: what is null or left out is as usual again. The logo stays. A colour too light to be read on white is used in a darker shade.',
          body: z.strictObject({
            name: z.string().nullable().default(null).describe('1 to 100 characters in one line.'),
            color: z
              .string()
              .regex(/^#[0-9a-f]{6}$/i)
              .nullable()
              .default(null)
              .describe('`#rrggbb`.'),
          }),
          response: { 200: brandSchema },
        },
      },
      async (request) =>
        describeBrand(
          await changeBrand(dependencies, request.principal, actorOfRequest(request), request.body),
        ),
    );

    app.put(
      '/v1/settings/brand/logo',
      {
        config: {
          operation: 'putLogo',
          permission: 'settings.manage',
          rawBody: { types: ['image/png', 'image/jpeg'], maxBytes: MOST_LOGO_BYTES },
          errors: [badLogo],
        },
        schema: {
          tags: ['access'],
          summary: 'Set the logo of transcripts',
          description:
            'A PNG (not interlaced) or JPEG of up to 1 MB and 2,000 by 2,000 pixels; its content says which, not its media type. It is decoded and written anew, at most 800 by 200 pixels, so that nothing else that was in the file is kept.',
          response: { 200: brandSchema },
        },
      },
      async (request) =>
        describeBrand(
          await putLogo(
            dependencies,
            request.principal,
            actorOfRequest(request),
            await buffer(rawBodyOf(request)),
          ),
        ),
    );

    app.delete(
      '/v1/settings/brand/logo',
      {
        config: { operation: 'deleteLogo', permission: 'settings.manage' },
        schema: {
          tags: ['access'],
          summary: 'Take the logo away',
          response: { 200: brandSchema },
        },
      },
      async (request) =>
        describeBrand(await deleteLogo(dependencies, request.principal, actorOfRequest(request))),
    );
  };
}

function describeBrand({ name, color, logo }: Brand): z.infer<typeof brandSchema> {
  return { name, color, logo: logo === null ? null : { media_type: logo.mediaType } };
}
