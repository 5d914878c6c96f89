import { z } from 'zod';
import type { Manifest } from '../../packages/manifest.ts';
import { sentence } from '../../http/sentence.ts';
import { parseJson } from '../../parse-json.ts';
import { ANONYMIZED } from '../anonymized/anonymized-plan.ts';
import { findLeftOut } from '../finish/find-left-out.ts';
import type { ExportRow } from './find-export.ts';

/** Missing files that are told one by one; the manifest has all. */
const MOST_MISSING = 100;

/** What an export states about itself beside its records (docs/package.md, “The manifest”). */
export const contentsSchema = z
  .object({
    file_name: z
      .string()
      .nullable()
      .describe('Of the package’s zip, or of the one file; null: not made yet.'),
    left_out: z
      .array(z.object({ what: sentence(), why: sentence() }))
      .describe('What somebody might miss, and why it is not there.'),
    missing_files: z.object({
      total: z.number(),
      files: z
        .array(z.object({ ref: z.string(), id: z.string().nullable(), reason: sentence() }))
        .describe(`Files whose bytes it could not have; at most ${MOST_MISSING}, the manifest has all.`),
    }),
    audience: z.object({
      internal: z.boolean().describe('With internal notes and events.'),
      audiences: z.array(z.string()).nullable().describe('Only conversations of these; null: of all.'),
    }),
    anonymized: sentence().nullable().describe('What anonymising did, and what it cannot promise.'),
    redactions: z
      .array(z.object({ path: z.string(), reason: sentence(), count: z.number() }))
      .describe('What was masked where, and how often.'),
    signed_by: z.string().nullable().describe('Fingerprint of the key that signed it; null: not signed.'),
    chain: z
      .object({ schedule: z.string(), sequence: z.number(), prev_manifest_sha256: z.string().nullable() })
      .nullable()
      .describe('Of an incremental export: its place among the packages of its schedule.'),
  })
  .meta({ id: 'ExportContents' });

/** What the export states, as `contentsSchema` has it: from its manifest, or while there is none from its plan. */
export function describeContents({ plan, manifest: text }: ExportRow): z.infer<typeof contentsSchema> {
  const manifest = text === null ? undefined : (parseJson(text) as Manifest);
  const missing = manifest?.missing_files ?? [];
  const chain = manifest?.chain;
  return {
    file_name: fileNameOf(manifest),
    left_out: manifest?.left_out ?? findLeftOut(plan),
    missing_files: {
      total: missing.length,
      files: missing.slice(0, MOST_MISSING).map(({ ref, id = null, reason }) => ({ ref, id, reason })),
    },
    audience: {
      internal: plan.includeInternal,
      audiences: plan.audiences == null ? null : [...plan.audiences],
    },
    anonymized: manifest?.anonymized ?? (plan.anonymize === true ? ANONYMIZED : null),
    redactions: manifest?.redactions ?? [],
    signed_by: manifest?.signer.fingerprint ?? null,
    chain:
      chain === undefined
        ? null
        : {
            schedule: chain.schedule,
            sequence: chain.sequence,
            prev_manifest_sha256: chain.prev_manifest_sha256,
          },
  };
}

function fileNameOf(manifest: Manifest | undefined): string | null {
  if (manifest === undefined) return null;
  return manifest.type === 'convey.receipt.v1' ? manifest.parts[0]!.name : `${manifest.name}.zip`;
}
