import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import { Random } from '../../samples/random.ts';

/** Faults of each kind: a sample, unless `npm run faults` says how many. */
export const faultCount = Number(process.env['FAULTS_COUNT'] ?? 10);

/** What the random numbers begin with: printed, so that a run can be repeated. */
export const faultSeed = Number(process.env['FAULTS_SEED'] ?? Date.now() % 1_000_000_000);

/** What became of the export that a fault hit. */
export interface Outcome {
  ending: 'ready' | 'failed' | 'cancelled';
  code: string | null;
  /** Milliseconds from the order to the fault. */
  faultAfterMs: number;
  /** From the order to its end. */
  tookMs: number;
}

/** The exports that the faults of a kind are aimed at: all that differ in how they are made. */
export const orders: readonly { kind: string; format: string; [option: string]: unknown }[] = [
  { kind: 'conversations', format: 'ndjson', files: true },
  { kind: 'conversations', format: 'json' },
  { kind: 'conversations', format: 'csv', mode: 'messages' },
  { kind: 'workspace', format: 'ndjson', files: true },
  { kind: 'contacts', format: 'csv' },
  { kind: 'conversations', format: 'xlsx', mode: 'messages' },
  { kind: 'conversations', format: 'html', files: true },
  { kind: 'conversations', format: 'pdf' },
  { kind: 'conversations', format: 'chat-jsonl' },
  { kind: 'conversations', format: 'ndjson', anonymize: true },
  { kind: 'audit', format: 'ndjson' },
];

const faultKinds = ['kill-worker', 'cut-database', 'disk-full', 'break-store', 'leave-client'] as const;
export type FaultKind = (typeof faultKinds)[number];

/** Documents take longer than rows: the moment of their fault is drawn from a longer time. */
export function lengthOf({ format }: { format: string }): number {
  return format === 'pdf' ? 5 : 1;
}

/** The random numbers of one fault: the same for the same seed, whatever other faults there are. */
export function randomOf(kind: FaultKind, index: number): Random {
  return new Random(faultSeed, faultKinds.indexOf(kind), index);
}

/** Prints what became of a kind's exports, and keeps it where `npm run faults` collects it. */
export function reportFaults(kind: FaultKind, outcomes: readonly Outcome[]): void {
  const endings: Record<string, number> = {};
  for (const { ending, code } of outcomes) {
    const name = code === null ? ending : `${ending}: ${code}`;
    endings[name] = (endings[name] ?? 0) + 1;
  }
  const result = { kind, seed: faultSeed, faults: outcomes.length, endings };
  console.log(`faults: ${JSON.stringify(result)}`);
  const folder = process.env['FAULTS_FOLDER'];
  if (folder !== undefined) appendFileSync(join(folder, 'faults.ndjson'), `${JSON.stringify(result)}\n`);
}
