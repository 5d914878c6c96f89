/** How a limit stands after a request was counted. */
export interface LimitState {
  name: string;
  quota: number;
  windowSeconds: number;
  /** Requests in the window so far, this one among them. */
  count: number;
  /** Until the window ends. */
  leftMs: number;
}

/**
 * The fields `RateLimit-Policy` and `RateLimit` as structured lists (RFC 9651), after
 * draft-ietf-httpapi-ratelimit-headers-10: quota and window; requests remaining and seconds until the quota is
 * there again.
 */
export function rateLimitFields(states: readonly LimitState[]): Record<string, string> {
  const policy = states.map(({ name, quota, windowSeconds }) => `"${name}";q=${quota};w=${windowSeconds}`);
  const now = states.map(
    (state) => `"${state.name}";r=${Math.max(0, state.quota - state.count)};t=${secondsLeft(state)}`,
  );
  return { 'ratelimit-policy': policy.join(', '), ratelimit: now.join(', ') };
}

/** Whole seconds until the window ends, at least 1. */
export function secondsLeft({ leftMs }: Pick<LimitState, 'leftMs'>): number {
  return Math.max(1, Math.ceil(leftMs / 1000));
}
