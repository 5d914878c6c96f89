import type { OrderKind, OrderSettings } from './export-order.ts';

const keyOf = (workspace: string, kind: OrderKind) => `convey-order:${workspace}:${kind}`;

/** How the viewer ordered this kind the last time, in this browser; undefined: they did not. */
export function readLastSettings(workspace: string, kind: OrderKind): Partial<OrderSettings> | undefined {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(keyOf(workspace, kind)) ?? 'null');
    return typeof kept === 'object' && kept !== null ? (kept as Partial<OrderSettings>) : undefined;
  } catch {
    return undefined; // not ours, or from before
  }
}

/** Keeps how a kind was ordered; whom to tell of it is asked each time. */
export function keepLastSettings(workspace: string, kind: OrderKind, settings: OrderSettings): void {
  const { tells: _tells, ...kept } = settings;
  try {
    localStorage.setItem(keyOf(workspace, kind), JSON.stringify(kept));
  } catch {
    // A full or forbidden store: the next time begins as usual.
  }
}
