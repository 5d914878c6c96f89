import type { IngestResult } from '../count-outcomes.ts';

/** Of a workspace so many requests are remembered, and of so many workspaces. */
const REQUESTS = 20;
const WORKSPACES = 1000;
/** Of the lines that a request lost so many are remembered; the count is exact. */
const REASONS = 5;

/** A request to `POST /v1/ingest`: who sent it when, and what became of it. */
export interface Arrival {
  at: Date;
  by: { id: string; name: string };
  /** What was taken by the end, also of one that ended early. */
  result: Pick<IngestResult, (typeof TOLD)[number]>;
  /** Why the request as a whole was refused or ended early. */
  failure: { code: string; title: string } | null;
}

const TOLD = [
  'received',
  'accepted',
  'unchanged',
  'pending',
  'rejected_count',
  'rejected',
  'by_type',
] as const;

/**
 * The last requests that brought records, for whoever connects a product and watches. In this process alone, until it
 * ends: what came in for good is what the lists show.
 */
export class Arrivals {
  readonly #byWorkspace = new Map<string, Arrival[]>();

  note(workspaceId: string, arrival: Arrival): void {
    const { result } = arrival;
    const told = Object.fromEntries(TOLD.map((name) => [name, result[name]])) as unknown as Arrival['result'];
    const kept = { ...arrival, result: { ...told, rejected: result.rejected.slice(0, REASONS) } };
    const before = this.#byWorkspace.get(workspaceId) ?? [];
    // The workspace that got something last stands last.
    this.#byWorkspace.delete(workspaceId);
    this.#byWorkspace.set(workspaceId, [kept, ...before].slice(0, REQUESTS));
    if (this.#byWorkspace.size > WORKSPACES) this.#byWorkspace.delete(this.#byWorkspace.keys().next().value!);
  }

  /** The newest first. */
  list(workspaceId: string): readonly Arrival[] {
    return this.#byWorkspace.get(workspaceId) ?? [];
  }
}
