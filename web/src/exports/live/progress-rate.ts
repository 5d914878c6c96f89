/** How many records there were at a time. */
export interface Sample {
  atMs: number;
  done: number;
}

/** Older samples say nothing about how fast it goes now. */
const WINDOW_MS = 20_000;
/** Two samples closer than this say nothing either. */
const SHORTEST_MS = 500;
/** Of seconds that are fewer than this, many went by before the first record. */
const SHORTEST_AVERAGE = 20;

/**
 * The samples with one more. They begin with the first record, since getting ready for it says nothing about how fast it
 * goes; and again where the count went back, as it does at another attempt.
 */
export function addSample(samples: readonly Sample[], sample: Sample): readonly Sample[] {
  const last = samples.at(-1);
  if (last === undefined || last.done === 0 || sample.done < last.done) return [sample];
  return [...samples.filter(({ atMs }) => sample.atMs - atMs <= WINDOW_MS), sample];
}

/** Records per second; undefined while too little is known. */
export function rateOf(samples: readonly Sample[]): number | undefined {
  const [first, last] = [samples[0], samples.at(-1)];
  if (first === undefined || last === undefined || last.atMs - first.atMs < SHORTEST_MS) return undefined;
  const rate = ((last.done - first.done) / (last.atMs - first.atMs)) * 1000;
  return rate > 0 ? rate : undefined;
}

/** Records per second since the beginning; undefined while that was a moment ago, or there are none. */
export function averageOf(done: number, seconds: number | undefined): number | undefined {
  return seconds === undefined || seconds < SHORTEST_AVERAGE || done === 0 ? undefined : done / seconds;
}

/** Seconds until all that was planned is done; undefined while that cannot be said. */
export function secondsLeft(
  { done, planned }: { done: number; planned: number | null },
  rate: number | undefined,
): number | undefined {
  if (planned === null || rate === undefined) return undefined;
  return Math.max(0, planned - done) / rate;
}
