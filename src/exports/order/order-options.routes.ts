import { z } from 'zod';
import { type PermissionName, permissionNames } from '../../access/permissions.ts';
import { MOST_IDS } from '../../catalog/filter/filter-parts.ts';
import type { App } from '../../http/route-config.ts';
import { sentence } from '../../http/sentence.ts';
import { exportFormats, exportKinds } from '../../catalog/tables/workings.ts';
import { exportFieldNames } from './export-fields.ts';
import { listFieldOptions, listKindOptions } from './order-options.ts';

const permission = z.enum(permissionNames as [PermissionName, ...PermissionName[]]);
const field = z.enum(exportFieldNames);
const format = z.enum(exportFormats);

const optionsSchema = z
  .object({
    kinds: z.array(
      z.object({
        kind: z.enum(exportKinds),
        permission,
        allowed: z.boolean().describe('Whether you have that permission.'),
        formats: z.array(
          z.object({
            format,
            profiles: z.array(z.enum(['machine', 'spreadsheet'])).describe('Empty where there is one only.'),
            rows: z
              .array(
                z.object({
                  mode: z.enum(['conversations', 'messages']).nullable(),
                  default_fields: z
                    .array(field)
                    .nullable()
                    .describe('Of an order that names none; null: there is no choice, or all are taken.'),
                  needed_fields: z.array(field).describe('It is nothing without them.'),
                }),
              )
              .describe('What a row can be; one, with `mode` null, where there is no choice.'),
          }),
        ),
        direct_formats: z.array(format).describe('Those that `GET …/export` of the kind sends at once.'),
        can_hold_files: z.boolean().describe('Whether the contents of files can come with it.'),
        can_anonymize: z.boolean(),
      }),
    ),
    fields: z
      .array(
        z.object({
          field,
          doc: sentence().describe('What it holds.'),
          permission: permission.nullable().describe('What choosing it takes beside the kind’s permission.'),
          allowed: z.boolean(),
        }),
      )
      .describe('What of each conversation there is to choose, in this order.'),
    most_ids: z.number().describe('Conversations in a selection.'),
    keep_days: z.object({
      usual: z.number().describe('Of an order that says nothing of it.'),
      most: z.number(),
    }),
  })
  .meta({ id: 'ExportOptions' });

export interface OptionsDependencies {
  linkMs: number;
  mostLinkMs: number;
}

const DAY_MS = 24 * 3_600_000;

/** `GET /v1/exports/options`: what an order may say, for forms that are not to know it by themselves. */
export function registerOrderOptionsRoutes(app: App, { linkMs, mostLinkMs }: OptionsDependencies): void {
  app.get(
    '/v1/exports/options',
    {
      config: { operation: 'getExportOptions', permission: 'self.read' },
      schema: {
        tags: ['exports'],
        summary: 'What can be exported, and what an order of it may say',
        description:
          'Kinds with their formats and the fields of each, the usual ones first said, and which of them you may have.',
        response: { 200: optionsSchema },
      },
    },
    async ({ principal }): Promise<z.infer<typeof optionsSchema>> => ({
      kinds: listKindOptions(principal).map((options) => ({
        kind: options.kind,
        permission: options.permission,
        allowed: options.isAllowed,
        formats: options.formats.map(({ format, profiles, rows }) => ({
          format,
          profiles: [...profiles],
          rows: rows.map(({ mode = null, defaultFields, neededFields }) => ({
            mode,
            default_fields: defaultFields && [...defaultFields],
            needed_fields: [...neededFields],
          })),
        })),
        direct_formats: [...options.directFormats],
        can_hold_files: options.canHoldFiles,
        can_anonymize: options.canAnonymize,
      })),
      fields: listFieldOptions(principal).map(({ isAllowed, ...field }) => ({
        ...field,
        allowed: isAllowed,
      })),
      most_ids: MOST_IDS,
      keep_days: { usual: Math.max(1, Math.floor(linkMs / DAY_MS)), most: Math.floor(mostLinkMs / DAY_MS) },
    }),
  );
}
