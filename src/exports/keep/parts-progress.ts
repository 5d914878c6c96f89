import type { RenderProgress } from '../render/tell-progress.ts';

/** What all parts of an export did together. */
export class PartsProgress {
  readonly #parts = new Map<number, RenderProgress>();
  readonly #tell: ((progress: RenderProgress) => void) | undefined;

  constructor(tell: ((progress: RenderProgress) => void) | undefined) {
    this.#tell = tell;
  }

  /** One part is so far now. */
  tell(part: number, progress: RenderProgress): void {
    this.#parts.set(part, progress);
    const all = [...this.#parts.values()];
    const sum = (of: (one: RenderProgress) => number) => all.reduce((total, one) => total + of(one), 0);
    this.#tell?.({
      stage: progress.stage,
      records: sum(({ records }) => records),
      bytes: sum(({ bytes }) => bytes),
      ...(all.some(({ documents }) => documents !== undefined)
        ? { documents: sum(({ documents = 0 }) => documents) }
        : {}),
    });
  }

  /** One part is done, and this is what it came to. */
  end(part: number, { records, bytes }: Pick<RenderProgress, 'records' | 'bytes'>): void {
    const last = this.#parts.get(part) ?? { stage: 'running' };
    this.tell(part, { ...last, records, bytes });
  }
}
