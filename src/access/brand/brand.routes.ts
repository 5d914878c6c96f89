import { buffer } from 'node:stream/consumers';
import { z } from 'zod';
import { USUAL_COLOR } from '../../formats/documents/brand-color.ts';
import { DOWNLOAD_HEADERS } from '../../http/download-headers.ts';
import { rawBodyOf } from '../../http/read-body.ts';
import type { RegisterRoutes } from '../../http/route-config.ts';
import { badName } from '../access.errors.ts';
import { actorOfRequest } from '../actor.ts';
import {
  type Brand,
  type BrandDependencies,
  changeBrand,
  deleteLogo,
  getLogo,
  logoId,
  putLogo,
  readBrand,
} from './brand.ts';
import { badLogo, noLogo } from './brand.errors.ts';

const MOST_LOGO_BYTES = 1024 * 1024;

const logoContent = Object.fromEntries(
  ['image/png', 'image/jpeg'].map((type) => [type, { schema: z.any() }]),
);

const brandSchema = z
  .object({
    name: z.string().nullable().describe('Above transcripts; null: the product’s name.'),
    color: z.string().nullable().describe('`#rrggbb`; null: the usual one.'),
    logo: z
      .object({ id: z.string(), media_type: z.enum(['image/png', 'image/jpeg']) })
      .nullable()
      .describe('The logo, if there is one: which and what it is.'),
    usual: z.object({ name: z.string(), color: z.string() }).describe('What stands where none is set.'),
  })
  .meta({ id: 'Brand' });

/** `/v1/settings/brand`: how the workspace's transcripts (PDF and HTML) look. */
export function brandRoutes({
  productName,
  ...dependencies
}: BrandDependencies & { productName: string }): RegisterRoutes {
  const { database } = dependencies;
  const usual = { name: productName, color: USUAL_COLOR };
  const describeBrand = ({ name, color, logo }: Brand): z.infer<typeof brandSchema> => ({
    name,
    color,
    logo: logo === null ? null : { id: logoId(logo), media_type: logo.mediaType },
    usual,
  });
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

    app.get(
      '/v1/settings/brand/logo',
      {
        config: { operation: 'getLogo', permission: 'settings.manage', errors: [noLogo] },
        schema: {
          tags: ['access'],
          summary: 'The logo of transcripts',
          querystring: z.object({
            id: z.string().max(100).optional().describe('Only if it is this one; left out: whichever it is.'),
          }),
          response: { 200: { description: 'The image, as we wrote it.', content: logoContent } },
        },
      },
      async ({ scope, query }, reply) => {
        const { mediaType, bytes } = await getLogo(dependencies, scope.workspaceId, query.id);
        const extension = mediaType === 'image/png' ? 'png' : 'jpg';
        // We wrote the image ourselves, pixel by pixel: it may be shown as well as kept.
        return reply
          .header('content-type', mediaType)
          .header('content-disposition', `inline; filename="logo.${extension}"`)
          .headers(DOWNLOAD_HEADERS)
          .send(bytes);
      },
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
