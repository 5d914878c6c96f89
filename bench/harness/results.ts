import { execFileSync } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { cpus, totalmem } from 'node:os';
import type { BackendMemory } from './sample-backends.ts';
import type { ExpectedCounts } from './expected-counts.ts';

/** All runs of one contender in one case; raw values in the order of the runs. */
export interface Series {
  label: string;
  role: 'ours' | 'psql' | 'limit' | 'baseline';
  runs_s: number[];
  median_s: number;
  bytes: number;
  /** Largest over the runs. */
  peak_rss_bytes?: number;
  /** Cores of the machine that worked, ours and the database's; median of the runs. */
  cores_busy?: number;
  /** Of the warm-up run. */
  backends?: BackendMemory;
}

/** When and of what something was measured, where the results were put together from several runs (`--add`). */
interface Measured {
  at?: string;
  commit?: string;
}

/** A case at one size, by contender. */
export interface CaseResult extends Measured {
  name: string;
  contenders: Record<string, Series | { label: string; skipped: string }>;
}

/** What a small request or a first byte took. */
export interface Latencies extends Measured {
  runs_ms: number[];
  median_ms: number;
}

/** Everything measured at one size. */
export interface SizeResult {
  conversations: number;
  expected: ExpectedCounts;
  cases: CaseResult[];
  first_byte?: Latencies;
  /**
   * p95 of each run; `busy`: during a direct reply, `kept`: during a kept export, `control`: beside processes that spin
   * at the lowest priority, without an export.
   */
  small_requests?: Measured & {
    idle: Latencies;
    busy: Latencies;
    /** Results of before it was measured lack it. */
    kept?: Latencies;
    control: Latencies;
    failed: number;
    requests: number;
  };
}

/** One run of the benchmark. */
export interface BenchResults {
  at: string;
  commit: string;
  node: string;
  postgres: string;
  machine: { cpu: string; cores: number; memory_gb: number; platform: string };
  runs: number;
  sizes: SizeResult[];
}

/**
 * The results that a run adds to: those of an earlier run on the same programs, with the head of this one. What is kept
 * of it says when and at which commit it was measured.
 * @throws where there are none, or not such
 */
export async function readEarlier(file: string, head: Omit<BenchResults, 'sizes'>): Promise<BenchResults> {
  const earlier = JSON.parse(await readFile(file, 'utf8')) as BenchResults;
  for (const part of ['runs', 'node', 'postgres'] as const)
    if (earlier[part] !== head[part])
      throw new Error(`${file}: ${part} is ${earlier[part]}, not ${head[part]}: measure everything anew`);
  for (const { cases, first_byte: first, small_requests: small } of earlier.sizes)
    for (const one of [...cases, first, small])
      if (one !== undefined)
        Object.assign(one, { at: one.at ?? earlier.at, commit: one.commit ?? earlier.commit });
  return { ...head, sizes: earlier.sizes };
}

/** The results of a size, to be filled; those of the same case are replaced. */
export function sizeOf(
  results: BenchResults,
  made: Pick<SizeResult, 'conversations' | 'expected'>,
): SizeResult {
  const found = results.sizes.find(({ conversations }) => conversations === made.conversations);
  if (found !== undefined) return found;
  const size: SizeResult = { ...made, cases: [] };
  results.sizes.push(size);
  results.sizes.sort((a, b) => b.conversations - a.conversations);
  return size;
}

/** Puts a case among those of its size, in place of an earlier measurement. */
export function putCase({ cases }: SizeResult, made: CaseResult): void {
  const index = cases.findIndex(({ name }) => name === made.name);
  if (index === -1) cases.push(made);
  else cases[index] = made;
}

/** The head of a result: where and with what it was measured. */
export function describeRun(postgres: string, runs: number): Omit<BenchResults, 'sizes'> {
  return {
    at: new Date().toISOString(),
    commit: commit(),
    node: process.version,
    postgres,
    machine: {
      cpu: cpus()[0]?.model ?? 'unknown',
      cores: cpus().length,
      memory_gb: Math.round(totalmem() / 1e9),
      platform: `${process.platform} ${process.arch}`,
    },
    runs,
  };
}

/** The middle value; of an even number the mean of the two in the middle. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length / 2;
  return sorted.length % 2 === 1 ? sorted[Math.floor(middle)]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

/** The contender of a case, if it was run. */
export function findSeries(
  size: SizeResult | undefined,
  name: string,
  contender: string,
): Series | undefined {
  const found = size?.cases.find((one) => one.name === name)?.contenders[contender];
  return found !== undefined && 'runs_s' in found ? found : undefined;
}

function commit(): string {
  try {
    const git = (...args: string[]) => execFileSync('git', args, { encoding: 'utf8', stdio: 'pipe' }).trim();
    const isDirty = git('status', '--porcelain', '--', 'src', 'migrations') !== '';
    return `${git('rev-parse', '--short=12', 'HEAD')}${isDirty ? ' with changes' : ''}`;
  } catch {
    return 'unknown';
  }
}
