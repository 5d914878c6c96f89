import type { ReactNode } from 'react';
import { RefusedError } from '../../api/problem.ts';

/**
 * What the server said of one field of a form, by its pointer, as a sentence; undefined: nothing. It is in English: it is
 * made of what the field takes.
 */
export function fieldErrorOf(error: unknown, pointer: string): ReactNode {
  const problem = error instanceof RefusedError ? error.problem : undefined;
  const detail = problem?.errors?.find((one) => one.pointer === pointer)?.detail;
  if (detail === undefined || detail === '') return undefined;
  const end = /[.!?]$/.test(detail) ? '' : '.';
  return <span lang="en">{`${detail.charAt(0).toUpperCase()}${detail.slice(1)}${end}`}</span>;
}
