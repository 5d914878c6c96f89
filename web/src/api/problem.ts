import type { components } from './schema.d.ts';

/** What the server says of a request that it did not take (RFC 9457). */
export type Problem = components['schemas']['Problem'];

/** A request that was not taken. */
export class RefusedError extends Error {
  override readonly name = 'RefusedError';
  readonly status: number;
  /** Missing: something between us and the server answered. */
  readonly problem: Problem | undefined;

  constructor(status: number, problem: Problem | undefined) {
    super(problem?.title ?? `The server answered ${status}.`);
    this.status = status;
    this.problem = problem;
  }
}

/** The code of a refusal, for decisions; undefined for any other error. */
export function codeOf(error: unknown): string | undefined {
  return error instanceof RefusedError ? error.problem?.code : undefined;
}
