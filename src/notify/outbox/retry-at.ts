const JITTER = 0.1;
const LONGEST_WAIT_MS = 24 * 3_600_000;

/**
 * When to try again after a failure, or undefined when it was the last try.
 * @param delays waits between tries, in milliseconds
 * @param failures how many tries failed, this one included
 * @param waitMs what the receiver asked for (Retry-After): never sooner, but at most a day
 * @param random 0 to 1, so that what failed together does not come again together
 */
export function retryAt(
  now: Date,
  delays: readonly number[],
  failures: number,
  { waitMs = 0, random = Math.random() }: { waitMs?: number; random?: number } = {},
): Date | undefined {
  const delay = delays[failures - 1];
  if (delay === undefined) return undefined;
  const jittered = delay * (1 + JITTER * (2 * random - 1));
  return new Date(now.getTime() + Math.max(Math.round(jittered), Math.min(waitMs, LONGEST_WAIT_MS)));
}
