import { canonicalJson, type JsonValue } from '../../canonical-json.ts';
import type { ChangePlace } from '../../catalog/changed-rows.ts';
import type { Transaction } from '../../database/connect.ts';
import type { Chain, ChainGap, Manifest } from '../../packages/manifest.ts';
import { parseJson } from '../../parse-json.ts';
import type { ChangeWindow, ExportPlan } from '../plan-export.ts';
import type { Schedule } from './schedules.ts';

/** What a manifest says of the chain that its export belongs to; nothing for any other export. */
export function chainOf(
  { window, scheduleId }: ExportPlan,
  reaches: ChangePlace | undefined,
): { chain?: Chain } {
  // One that somebody made again holds the same window, but is no link: the chain must not fork.
  if (window === null || window === undefined || typeof scheduleId !== 'string' || reaches === undefined)
    return {};
  return {
    chain: {
      schedule: scheduleId,
      sequence: window.sequence,
      from: window.from,
      to: reaches,
      prev_manifest_sha256: window.previousManifestSha256,
      gaps: [...window.gaps],
    },
  };
}

/**
 * The window of a schedule's next export: from where the last one ended, or everything when there is none, when the
 * chain was broken on purpose, or when the database is not the one that counted so far.
 */
export function nextWindow(
  { reaches, sequence, lastManifestSha256, gaps }: Schedule,
  feedEpoch: number,
  now: Date,
): ChangeWindow {
  const isReplaced = reaches !== null && reaches.epoch !== feedEpoch;
  return {
    from: isReplaced ? null : reaches,
    previousManifestSha256: lastManifestSha256,
    sequence: sequence + 1,
    gaps: isReplaced ? [...gaps, { reason: 'database_replaced', at: now.toISOString() }] : gaps,
  };
}

/** What is left to be said after a manifest named some gaps: those that came while its export ran. */
export function gapsLeft(gaps: readonly ChainGap[], named: readonly ChainGap[]): ChainGap[] {
  const told = new Set(named.map((gap) => canonicalJson(gap as unknown as JsonValue)));
  return gaps.filter((gap) => !told.has(canonicalJson(gap as unknown as JsonValue)));
}

/**
 * Notes that a package of a chain was taken back because a person in it was erased, as part of the caller's
 * transaction: the schedule's next package starts anew, and its signed manifest stands in for the one that is gone.
 * Nothing for an export that is no link of a chain.
 */
export async function noteErasedLink(
  transaction: Transaction,
  workspaceId: string,
  exportId: string,
): Promise<void> {
  const [row] = await transaction.query<{ manifest: string; sha256: string; at: Date }>(
    `select manifest, sha256, now() as at from exports
      where workspace_id = $1 and id = $2 and manifest is not null and schedule_id is not null`,
    [workspaceId, exportId],
  );
  const chain = row && (parseJson(row.manifest) as Manifest).chain;
  if (chain === undefined) return;
  const { schedule, gaps: _own, ...link } = chain;
  const gap: ChainGap = {
    reason: 'erasure',
    at: row!.at.toISOString(),
    manifest_sha256: row!.sha256,
    ...link,
  };
  await transaction.query(
    `update schedules set gaps = gaps || $3::jsonb, reaches = null, updated_at = now()
      where workspace_id = $1 and id = $2`,
    [workspaceId, schedule, JSON.stringify([gap])],
  );
}
