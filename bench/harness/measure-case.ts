import { rm } from 'node:fs/promises';
import type { CaseResult, Series } from './results.ts';
import { median } from './results.ts';
import type { Outcome, Skipped } from './run-child.ts';
import { sampleBackends } from './sample-backends.ts';

/** One program in a comparison. */
export interface Contender {
  key: string;
  label: string;
  role: Series['role'];
  run(): Promise<Outcome | Skipped>;
  /** Looks at what a run made; throws when it is not right. Called for the warm-up run. */
  verify?: (outcome: Outcome) => Promise<void>;
  /** Where its server processes are looked at; only ours are. */
  sampledUrl?: string;
}

/**
 * Runs the contenders of a case: a warm-up run of each, which is not timed but checked and whose server
 * processes are sampled, and then in turn, so that a slow moment of the machine hits all of them.
 */
export async function measureCase(
  name: string,
  contenders: readonly Contender[],
  runs: number,
): Promise<CaseResult> {
  const result: CaseResult = { name, contenders: {} };
  const running: { contender: Contender; series: Series; cores: number[] }[] = [];
  for (const contender of contenders) {
    const { key, label, role } = contender;
    const warm = await warmUp(contender);
    if ('skipped' in warm) {
      result.contenders[key] = { label, skipped: warm.skipped };
      say(name, key, warm.skipped);
      continue;
    }
    const { outcome, series } = warm;
    result.contenders[key] = { ...series, label, role, bytes: outcome.bytes };
    running.push({ contender, series: result.contenders[key], cores: [] });
  }
  for (let run = 1; run <= runs; run++) {
    for (const { contender, series, cores } of running) {
      const outcome = await contender.run();
      if ('skipped' in outcome) throw new Error(`${name} ${contender.key}: ${outcome.skipped}`);
      await removeFile(outcome);
      series.runs_s.push(round(outcome.seconds));
      series.median_s = round(median(series.runs_s));
      notePeak(series, outcome);
      if (outcome.coresBusy !== undefined && series.role === 'ours') {
        cores.push(outcome.coresBusy);
        series.cores_busy = round(median(cores));
      }
      say(name, contender.key, `${outcome.seconds.toFixed(2)} s`);
    }
  }
  return result;
}

async function warmUp(contender: Contender): Promise<Skipped | { outcome: Outcome; series: Series }> {
  const { result: outcome, memory } =
    contender.sampledUrl === undefined
      ? { result: await contender.run(), memory: undefined }
      : await sampleBackends(contender.sampledUrl, () => contender.run());
  if ('skipped' in outcome) return outcome;
  try {
    await contender.verify?.(outcome);
  } finally {
    await removeFile(outcome);
  }
  const { label, role } = contender;
  const series: Series = { label, role, runs_s: [], median_s: 0, bytes: outcome.bytes };
  notePeak(series, outcome);
  if (memory !== undefined) series.backends = memory;
  return { outcome, series };
}

function notePeak(series: Series, { peakRssBytes }: Outcome): void {
  if (peakRssBytes !== undefined && series.role === 'ours')
    series.peak_rss_bytes = Math.max(series.peak_rss_bytes ?? 0, peakRssBytes);
}

/** At once, so that the disk does not write it back during the next run. */
async function removeFile({ path }: Outcome): Promise<void> {
  if (path !== undefined) await rm(path, { force: true });
}

const round = (seconds: number) => Math.round(seconds * 10_000) / 10_000;

/** A line of progress. */
export function say(name: string, what: string, value: string): void {
  process.stderr.write(`  ${name.padEnd(20)}${what.padEnd(12)}${value}\n`);
}
