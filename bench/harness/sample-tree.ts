import { readFileSync } from 'node:fs';

const EVERY_MS = 50;

/** Resident memory of a process and of all that it started, sampled from /proc until `stop`. */
export class TreeMemory {
  peakBytes = 0;
  readonly #pid: number;
  readonly #timer: NodeJS.Timeout;

  constructor(pid: number) {
    this.#pid = pid;
    this.#timer = setInterval(() => {
      this.peakBytes = Math.max(this.peakBytes, rssOfTree(this.#pid));
    }, EVERY_MS);
  }

  /** @returns the largest sum seen */
  stop(): number {
    clearInterval(this.#timer);
    return this.peakBytes;
  }
}

function rssOfTree(pid: number): number {
  try {
    const [, kilobytes = '0'] = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
    const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').filter(Boolean);
    return Number(kilobytes) * 1024 + children.reduce((sum, child) => sum + rssOfTree(Number(child)), 0);
  } catch {
    return 0; // it has ended
  }
}
