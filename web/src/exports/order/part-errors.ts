import { RefusedError } from '../../api/problem.ts';

/** What the server says of one part of an order; undefined: nothing is wrong with it. */
export type PartErrors = (part: string) => string | undefined;

/** What an error says of each part, by the first step of the pointers in it. */
export function partErrorsOf(error: unknown): PartErrors {
  const problems = error instanceof RefusedError ? (error.problem?.errors ?? []) : [];
  return (part) => {
    const said = problems.filter(({ pointer }) => pointer.split('/')[1] === part).map(({ detail }) => detail);
    return said.length === 0 ? undefined : [...new Set(said)].join('; ');
  };
}

/** Whether all that an error says stands at one of the parts. */
export function areOfParts(error: unknown, parts: readonly string[]): boolean {
  const problems = error instanceof RefusedError ? (error.problem?.errors ?? []) : [];
  return problems.length > 0 && problems.every(({ pointer }) => parts.includes(pointer.split('/')[1] ?? ''));
}
