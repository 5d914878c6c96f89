import type { Transaction } from '../../database/connect.ts';
import { type ExportFormat, type ExportPlan, hasDocuments } from '../plan-export.ts';
import { sumCounts } from '../../sum-counts.ts';
import type { Counts } from '../render/check-counts.ts';
import { type Amount, usualCost } from './usual-costs.ts';

/** How big an export may become and how long it may run. A guess, and said to be one. */
export interface Estimate {
  /** Of all its files, contents of files included where they are asked for. */
  bytes: number;
  /** From its start on; how long it waits for its turn is not in it. */
  seconds: number;
  /** Between what it will hardly be less, or more, than. */
  seconds_range: { from: number; to: number };
  /** `past_exports`: this workspace's own of the same sort. `defaults`: none to go by. */
  based_on: 'past_exports' | 'defaults';
}

/** Snapshot, signature, books: what every export takes. */
const START_SECONDS = 1;
const FILE_BYTES_PER_SECOND = 30e6;
/** Exports that are looked back on. */
const MOST_PAST = 20;
/** Fewer records than this, all together, say nothing about size. */
const ENOUGH_FOR_BYTES = 100;
/** What usually takes less than this, all together, says nothing about speed: its start was most of it. */
const ENOUGH_FOR_SECONDS = 0.2;
/** How far a guess may be off, either way: by the speed that was seen here, and by the usual one. */
const RANGE_SEEN = 1.6;
const RANGE_USUAL = 3;

/** A past export of the format. */
export interface PastExport extends Omit<Amount, 'bytesOfFiles'> {
  bytes: number;
  seconds: number;
  /** Of the same kind, rows and fields as well: its records are as large. */
  isSame: boolean;
}

/** Guesses from the workspace's past exports of the same sort, or from what is usual. */
export async function estimateExport(
  transaction: Transaction,
  plan: ExportPlan,
  counted: { counts: Counts; bytesOfFiles: number },
): Promise<Estimate> {
  return guess(plan.format, amountOf(plan, counted), await findPast(transaction, plan));
}

/** What a plan has to write. */
function amountOf(
  plan: Pick<ExportPlan, 'format' | 'anonymize'>,
  { counts, bytesOfFiles }: { counts: Counts; bytesOfFiles: number },
): Amount {
  const makesDocuments = hasDocuments(plan) || plan.format === 'zip';
  const documents = makesDocuments ? (counts['conversations'] ?? 0) + (counts['tickets'] ?? 0) : 0;
  return { records: sumCounts(counts), documents, bytesOfFiles, isAnonymized: plan.anonymize === true };
}

/** The guess itself. Pure. */
export function guess(format: ExportFormat, amount: Amount, past: readonly PastExport[]): Estimate {
  const usual = usualCost(format, amount);
  const bytesFactor = factorOf(
    past.filter(({ isSame }) => isSame),
    (all) => all.reduce((sum, { records }) => sum + records, 0) >= ENOUGH_FOR_BYTES,
    (one) => [one.bytes, usualCost(format, { ...one, bytesOfFiles: 0 }).bytes],
  );
  const speed = (one: PastExport) => usualCost(format, { ...one, bytesOfFiles: 0 }).seconds;
  const secondsFactor = factorOf(
    past,
    (all) => all.reduce((sum, one) => sum + speed(one), 0) >= ENOUGH_FOR_SECONDS,
    (one) => [Math.max(0, one.seconds - START_SECONDS), speed(one)],
  );
  const seconds =
    START_SECONDS + usual.seconds * (secondsFactor ?? 1) + amount.bytesOfFiles / FILE_BYTES_PER_SECOND;
  const range = secondsFactor === undefined ? RANGE_USUAL : RANGE_SEEN;
  return {
    bytes: Math.round(usual.bytes * (bytesFactor ?? 1) + amount.bytesOfFiles),
    seconds: tenths(seconds),
    seconds_range: { from: tenths(seconds / range), to: tenths(seconds * range) },
    based_on: bytesFactor === undefined && secondsFactor === undefined ? 'defaults' : 'past_exports',
  };
}

/** By how much past exports differed from what is usual; undefined while there is too little to say so. */
function factorOf(
  past: readonly PastExport[],
  isEnough: (past: readonly PastExport[]) => boolean,
  compare: (one: PastExport) => readonly [seen: number, usual: number],
): number | undefined {
  if (!isEnough(past)) return undefined;
  const sums = past.map(compare).reduce(([a, b], [seen, usual]) => [a + seen, b + usual], [0, 0]);
  return sums[0] / sums[1];
}

const tenths = (value: number) => Math.round(value * 10) / 10;

/**
 * The workspace's last exports of the format. Those with contents of files are left aside: their bytes, and the time
 * that these take, say nothing about records.
 */
async function findPast(
  transaction: Transaction,
  { workspace, kind, format, mode, fields, anonymize }: ExportPlan,
): Promise<PastExport[]> {
  const rows = await transaction.query<{ counts: Counts; bytes: number; seconds: number; is_same: boolean }>(
    `select counts, bytes::float8 as bytes, extract(epoch from finished_at - snapshot_at)::float8 as seconds,
            kind = $2 and plan ->> 'mode' = $4 and coalesce(plan -> 'fields', 'null') = $5::jsonb as is_same
       from exports
      where workspace_id = $1 and format = $3 and status in ('ready', 'expired')
        and coalesce(plan ->> 'anonymize', 'false') = $6
        and coalesce(plan #>> '{keep,files}', 'false') = 'false'
        and counts is not null and bytes is not null and snapshot_at is not null
      order by is_same desc, created_at desc, id desc limit $7`,
    [workspace.id, kind, format, mode, JSON.stringify(fields ?? null), String(anonymize ?? false), MOST_PAST],
  );
  return rows.map(({ counts, bytes, seconds, is_same: isSame }) => {
    const { bytesOfFiles: _none, ...amount } = amountOf(
      { format, anonymize: anonymize ?? false },
      { counts, bytesOfFiles: 0 },
    );
    return { ...amount, bytes, seconds, isSame };
  });
}
