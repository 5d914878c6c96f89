import type { JsonObject } from '../canonical-json.ts';
import type { Signer } from '../keys/signing-keys.ts';
import type { Manifest, Part, PartLayout, RecordLayout } from '../packages/manifest.ts';
import { datasetsOf } from '../packages/manifest.ts';
import { findLeftOut } from './find-left-out.ts';
import type { FinishedExport, FinishedPart } from './finish-export.ts';
import type { FileLayout, SectionLayout } from './lay-out-files.ts';
import { exportBaseName, type ExportPlan, exportMediaType } from './plan-export.ts';
import { addCounts } from './render/check-counts.ts';
import type { AcceptedExport } from './request-export.ts';

/** States what an export holds (docs/package.md): a package's manifest, or the one of a receipt. */
export function buildManifest(
  { id, plan, requestedAt }: AcceptedExport,
  { snapshotAt, parts: finished, files, missingFiles }: FinishedExport,
  signer: Signer,
  version: string,
): Manifest {
  const parts = finished.map((part, index) => describePart(plan, part, index + 1));
  return {
    type: plan.keep === null ? 'convey.receipt.v1' : 'convey.package.v1',
    name: exportBaseName(plan, requestedAt),
    export: {
      id,
      kind: plan.kind,
      format: plan.format,
      ...(plan.format === 'csv' ? { ...modeOf(plan), profile: plan.csvProfile } : {}),
      requested_at: requestedAt.toISOString(),
    },
    product: plan.productName,
    workspace: plan.workspace,
    snapshot_at: snapshotAt.toISOString(),
    created_at: new Date().toISOString(),
    filter: JSON.parse(JSON.stringify(plan.filter)) as JsonObject,
    fields: null,
    // A plan from before there were audiences to hold has no word on them: it is for all.
    audience: { internal: plan.includeInternal, audiences: plan.audiences ?? null },
    counts: addCounts(...parts.map((part) => part.counts)),
    parts,
    files: files.map(({ name, ref, bytes, sha256, crc32 }) => ({ name, ref, bytes, sha256, crc32 })),
    missing_files: missingFiles,
    left_out: findLeftOut(plan),
    redactions: [],
    signer: {
      algorithm: 'Ed25519',
      fingerprint: signer.fingerprint,
      public_key: signer.publicKey,
      endorsements: [...signer.endorsements],
    },
    software: { name: 'convey', version },
  };
}

function describePart(plan: ExportPlan, part: FinishedPart, number: number): Part {
  const { name, file, bytes, sha256, crc32, counts } = part;
  const layout = file === undefined ? ({ format: 'zip' } as const) : layoutOf(file);
  const datasets = datasetsOf(layout);
  return {
    name,
    part: number,
    media_type: exportMediaType(plan),
    bytes,
    sha256,
    crc32,
    layout,
    counts: Object.fromEntries([...(datasets ?? [])].map((dataset) => [dataset, counts[dataset] ?? 0])),
  };
}

/** How somebody who knows nothing of the catalogue counts a part's records. */
function layoutOf({ format, sections }: FileLayout): PartLayout {
  switch (format.type) {
    case 'csv': {
      const [{ records, lists }] = sections as [SectionLayout];
      return { format: 'csv', dataset: (format.rows === 'records' ? records : lists[0]!).countedAs };
    }
    case 'json':
      return format.layout === 'array'
        ? { format: 'json', array: recordOf(sections[0]!) }
        : {
            format: 'json',
            sections: Object.fromEntries(
              sections.map((section) => [section.shape.section, recordOf(section)]),
            ),
          };
    case 'ndjson':
      return {
        format: 'ndjson',
        types: Object.fromEntries(
          sections.flatMap((section) =>
            format.layout === 'nested'
              ? [[section.shape.type, recordOf(section)]]
              : [section.shape, ...section.shape.lists].map(({ type }, index) => [
                  type,
                  { dataset: [section.records, ...section.lists][index]!.countedAs, lists: {} },
                ]),
          ),
        ),
      };
  }
}

function recordOf({ shape, records, lists }: SectionLayout): RecordLayout {
  return {
    dataset: records.countedAs,
    lists: Object.fromEntries(shape.lists.map(({ name }, index) => [name, lists[index]!.countedAs])),
  };
}

/** A row of what: only of kinds that leave the choice. */
function modeOf({ kind, mode }: ExportPlan): { mode?: string } {
  return kind === 'workspace' || kind === 'contacts' ? {} : { mode };
}
