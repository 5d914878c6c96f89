import { sumRedactions } from '../../anonymize/redactions.ts';
import type { Signer } from '../../keys/signing-keys.ts';
import type { Manifest, Part, PartLayout, RecordLayout } from '../../packages/manifest.ts';
import { datasetsOf } from '../../packages/manifest.ts';
import { ANONYMIZED, filterToTell } from '../anonymized/anonymized-plan.ts';
import { findLeftOut } from './find-left-out.ts';
import type { FinishedExport, FinishedPart } from './finish-export.ts';
import type { ExportWarnings } from '../keep/find-warnings.ts';
import type { FileLayout, SectionLayout } from '../layout/file-layout.ts';
import { exportBaseName, type ExportPlan, isTable } from '../plan-export.ts';
import { addCounts } from '../render/check-counts.ts';
import type { AcceptedExport } from '../request-export.ts';
import { chainOf } from '../schedules/chain.ts';
import { partMediaType } from '../schedules/select-changes.ts';

/** States what an export holds (docs/package.md): a package's manifest, or the one of a receipt. */
export function buildManifest(
  { id, plan, requestedAt }: AcceptedExport,
  { snapshotAt, reaches, parts: finished, files, missingFiles }: FinishedExport,
  warnings: ExportWarnings,
  { signer, version }: { signer: Signer; version: string },
): Manifest {
  const parts = finished.map((part, index) => describePart(plan, part, index + 1));
  return {
    type: plan.keep === null ? 'convey.receipt.v1' : 'convey.package.v1',
    name: exportBaseName(plan, requestedAt),
    export: {
      id,
      kind: plan.kind,
      format: plan.format,
      ...(isTable(plan) ? modeOf(plan) : {}),
      ...(plan.format === 'csv' ? { profile: plan.csvProfile } : {}),
      requested_at: requestedAt.toISOString(),
    },
    product: plan.productName,
    workspace: plan.workspace,
    snapshot_at: snapshotAt.toISOString(),
    created_at: new Date().toISOString(),
    filter: filterToTell(plan),
    fields: plan.fields == null ? null : [...plan.fields],
    // A plan from before there were audiences to hold has no word on them: it is for all.
    audience: { internal: plan.includeInternal, audiences: plan.audiences ?? null },
    counts: addCounts(...parts.map((part) => part.counts)),
    parts,
    files: files.map(({ name, ref, bytes, sha256, crc32 }) => ({ name, ref, bytes, sha256, crc32 })),
    missing_files: missingFiles,
    left_out: [
      ...findLeftOut(plan),
      ...warnings.leftOut.map(({ code, count, detail }) => ({ what: `${code} (${count})`, why: detail })),
    ],
    redactions: sumRedactions(finished.map(({ redactions = [] }) => redactions)),
    ...(plan.anonymize ? { anonymized: ANONYMIZED } : {}),
    signer: {
      algorithm: 'Ed25519',
      fingerprint: signer.fingerprint,
      public_key: signer.publicKey,
      endorsements: [...signer.endorsements],
    },
    software: { name: 'convey', version },
    ...chainOf(plan, reaches),
  };
}

function describePart(plan: ExportPlan, part: FinishedPart, number: number): Part {
  const { name, file, bytes, sha256, crc32, counts } = part;
  const layout = file === undefined ? ({ format: 'zip' } as const) : layoutOf(file);
  const datasets = datasetsOf(layout);
  return {
    name,
    part: number,
    media_type: partMediaType(plan, file),
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
    case 'xlsx':
      return {
        format: 'xlsx',
        sheets: Object.fromEntries(
          format.sheets.map(({ name, rows }, index) => {
            const { records, lists } = sections[index]!;
            return [name, (rows === 'records' ? records : lists[rows.list]!).countedAs];
          }),
        ),
      };
    case 'documents':
      return format.layout === 'single'
        ? { format: 'documents', document: sections[0]!.records.countedAs, as: format.as }
        : { format: 'documents', archive: [...new Set(sections.flatMap(namesOf))] };
    case 'chat-jsonl':
      return { format: 'chat-jsonl', lines: recordOf(sections[0]!) };
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

function namesOf({ records, lists }: SectionLayout): string[] {
  return [records, ...lists].map(({ countedAs }) => countedAs);
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
