import { badText, tooDeep } from '../ingest.errors.ts';
import { formatPath } from './exact-numbers.ts';
import { Refusal } from './refusal.ts';

export const MAX_DEPTH = 100;
/** Doubles below this have lost digits (subnormal) or become 0; above, only the number of digits counts. */
const SMALLEST_FULL = 1e-290;

/**
 * True when a parsed value holds a number whose exponent may have gone beyond a double's range (0 is what
 * 1e-400 becomes). Refuses more than `MAX_DEPTH` levels; `depth` is the level that the value stands on.
 */
export function hasEdgeNumber(value: object, depth: number): boolean {
  if (depth > MAX_DEPTH) throw new Refusal(tooDeep, '', `It takes at most ${MAX_DEPTH} levels.`);
  let isEdge = false;
  for (const key in value) {
    const child = (value as Record<string, unknown>)[key];
    if (typeof child === 'number') isEdge ||= isEdgeNumber(child);
    else if (typeof child === 'object' && child !== null) isEdge = hasEdgeNumber(child, depth + 1) || isEdge;
  }
  return isEdge;
}

export function isEdgeNumber(value: number): boolean {
  return !Number.isFinite(value) || Math.abs(value) < SMALLEST_FULL;
}

/**
 * Refuses, with its path, the first text or key with a NUL (PostgreSQL's text cannot hold it) or an unpaired
 * surrogate (UTF-8 cannot). The value must have been found shallow enough.
 */
export function ensureGoodText(value: unknown, path: (string | number)[] = []): void {
  if (typeof value === 'string') {
    const problem = textProblem(value);
    if (problem !== undefined)
      throw new Refusal(badText, formatPath(path), `It takes text without ${problem}.`);
  } else if (Array.isArray(value)) {
    value.forEach((child, index) => ensureGoodText(child, [...path, index]));
  } else if (typeof value === 'object' && value !== null) {
    for (const [key, child] of Object.entries(value)) {
      const problem = textProblem(key);
      if (problem !== undefined) {
        throw new Refusal(badText, formatPath([...path, key]), `Its name takes text without ${problem}.`);
      }
      ensureGoodText(child, [...path, key]);
    }
  }
}

function textProblem(text: string): string | undefined {
  if (text.includes('\0')) return 'NUL (U+0000)';
  return text.isWellFormed() ? undefined : 'unpaired surrogates';
}
