import type { Transaction } from '../../database/connect.ts';
import { type ExportFormat, type ExportPlan } from '../plan-export.ts';

/** How big an export may become and how long it may run. A guess, and said to be one. */
export interface Estimate {
  /** Of all its files, contents of files included where they are asked for. */
  bytes: number;
  /** From its start on; how long it waits for its turn is not in it. */
  seconds: number;
  /** `past_exports`: this workspace's own of the same kind, format and fields. `defaults`: none to go by. */
  based_on: 'past_exports' | 'defaults';
}

/** What there is to export. */
export interface Amount {
  records: number;
  bytesOfFiles: number;
}

/** What one record takes where the workspace has no exports to go by, measured on the benchmark's data. */
interface Rate {
  bytes: number;
  seconds: number;
}

const ROWS: Rate = { bytes: 450, seconds: 4e-6 };
const DEFAULTS: Readonly<Record<ExportFormat, Rate>> = {
  json: ROWS,
  ndjson: ROWS,
  csv: { bytes: 300, seconds: 4e-6 },
  xlsx: { bytes: 150, seconds: 1e-5 },
  html: { bytes: 900, seconds: 2e-5 },
  pdf: { bytes: 1500, seconds: 3e-4 },
  'chat-jsonl': { bytes: 250, seconds: 4e-6 },
  zip: { bytes: 1500, seconds: 3e-4 },
};

/** Snapshot, signature, books: what every export takes. */
const START_SECONDS = 1;
const FILE_BYTES_PER_SECOND = 30e6;
/** Exports that are looked back on. */
const MOST_PAST = 20;
/** Fewer records than this, all together, say nothing about size, and about speed. */
const ENOUGH_FOR_BYTES = 100;
const ENOUGH_FOR_SECONDS = 10_000;

/** What past exports of the same sort were, all together. */
export interface Past {
  exports: number;
  records: number;
  bytes: number;
  seconds: number;
}

/** Guesses from the workspace's past exports of the same sort, or from measured defaults. */
export async function estimateExport(
  transaction: Transaction,
  plan: ExportPlan,
  amount: Amount,
): Promise<Estimate> {
  return guess(plan.format, amount, await findPast(transaction, plan));
}

/** The guess itself. Pure. */
export function guess(format: ExportFormat, { records, bytesOfFiles }: Amount, past: Past): Estimate {
  const usual = DEFAULTS[format];
  const hasBytes = past.records >= ENOUGH_FOR_BYTES;
  const hasSeconds = past.records >= ENOUGH_FOR_SECONDS;
  const bytesEach = hasBytes ? past.bytes / past.records : usual.bytes;
  const secondsEach = hasSeconds
    ? Math.max(0, past.seconds - past.exports * START_SECONDS) / past.records
    : usual.seconds;
  const seconds = START_SECONDS + records * secondsEach + bytesOfFiles / FILE_BYTES_PER_SECOND;
  return {
    bytes: Math.round(records * bytesEach + bytesOfFiles),
    seconds: Math.round(seconds * 10) / 10,
    based_on: hasBytes ? 'past_exports' : 'defaults',
  };
}

/** Exports with contents of files are left aside: their bytes say nothing about records. */
async function findPast(
  transaction: Transaction,
  { workspace, kind, format, mode, fields }: ExportPlan,
): Promise<Past> {
  const [past] = await transaction.query<Past>(
    `select count(*)::float8 as exports, coalesce(sum(records), 0)::float8 as records,
            coalesce(sum(bytes), 0)::float8 as bytes, coalesce(sum(seconds), 0)::float8 as seconds
       from (select bytes, extract(epoch from finished_at - snapshot_at) as seconds,
                    (select sum(value::numeric) from jsonb_each_text(counts)) as records
               from exports
              where workspace_id = $1 and kind = $2 and format = $3 and status in ('ready', 'expired')
                and plan ->> 'mode' = $4 and coalesce(plan -> 'fields', 'null') = $5::jsonb
                and coalesce(plan #>> '{keep,files}', 'false') = 'false'
                and counts is not null and bytes is not null and snapshot_at is not null
              order by created_at desc, id desc limit $6) recent`,
    [workspace.id, kind, format, mode, JSON.stringify(fields ?? null), MOST_PAST],
  );
  return past!;
}
