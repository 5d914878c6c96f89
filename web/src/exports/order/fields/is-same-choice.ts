import type { OrderField } from '../export-order.ts';

/** Whether two choices have the same fields, in whichever order. */
export function isSameChoice(one: readonly OrderField[], other: readonly OrderField[]): boolean {
  return one.length === other.length && one.every((field) => other.includes(field));
}
