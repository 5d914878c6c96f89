import type { components } from './schema.d.ts';

/** What the server says of a request that it did not take (RFC 9457). */
export type Problem = components['schemas']['Problem'];

/** A request that was not taken. */
export class RefusedError extends Error {
  override readonly name = 'RefusedError';
  readonly status: number;
  /** Missing: something between us and the server answered. */
  readonly problem: Problem | undefined;
  /** Seconds after which it may be asked again, where the server says so. */
  readonly retryAfter: number | undefined;

  constructor(status: number, problem: Problem | undefined, retryAfter?: number) {
    super(problem?.title ?? `The server answered ${status}.`);
    this.status = status;
    this.problem = problem;
    this.retryAfter = retryAfter;
  }
}

/** What the server says of a reply that is none of what was asked for. */
export async function readRefusal(reply: Response): Promise<RefusedError> {
  const isProblem = reply.headers.get('content-type')?.startsWith('application/problem+json') === true;
  const problem = isProblem ? ((await reply.json()) as Problem) : undefined;
  const retryAfter = Number(reply.headers.get('retry-after') ?? Number.NaN);
  return new RefusedError(reply.status, problem, Number.isNaN(retryAfter) ? undefined : retryAfter);
}

/** The code of a refusal, for decisions; undefined for any other error. */
export function codeOf(error: unknown): string | undefined {
  return error instanceof RefusedError ? error.problem?.code : undefined;
}

/** Whether who asked again would hear the same: it is not theirs, not there, or no longer. */
export function isFinal(error: unknown): boolean {
  return error instanceof RefusedError && [403, 404, 410].includes(error.status);
}

/** No reply, or one of a server that is in trouble, or of somebody who stands before one that is away. */
export function isNoAnswer(error: unknown): boolean {
  return !(error instanceof RefusedError) || error.status >= 500;
}
