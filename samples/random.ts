/** Mixes three whole numbers into 32 bits (the finaliser of MurmurHash3 over a running state). */
export function mixBits(seed: number, stream: number, index: number): number {
  let h = Math.imul(seed ^ Math.imul(stream + 1, 0x9e3779b1), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 15) ^ Math.imul(index + 1, 0xc2b2ae35), 0x27d4eb2f);
  h ^= h >>> 16;
  h = Math.imul(h, 0x85ebca6b);
  h ^= h >>> 13;
  h = Math.imul(h, 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}

const fourDigits = Array.from({ length: 0x1_0000 }, (_, number) => number.toString(16).padStart(4, '0'));

/** 32 bits as eight hexadecimal digits. */
export function hexOf(bits: number): string {
  return fourDigits[bits >>> 16]! + fourDigits[bits & 0xffff]!;
}

/**
 * Random numbers of one thing of the sample, named by seed, stream and index, so that any record can be made
 * without making those before it. Whole-number arithmetic alone: the same on every machine (mulberry32).
 */
export class Random {
  private state: number;

  constructor(seed: number, stream: number, index: number) {
    this.state = mixBits(seed, stream, index);
  }

  /** 32 random bits. */
  bits(): number {
    this.state = (this.state + 0x6d2b79f5) | 0;
    let t = this.state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return (t ^ (t >>> 14)) >>> 0;
  }

  /** A whole number from 0 to `limit` − 1. */
  below(limit: number): number {
    return Math.floor((this.bits() / 0x1_0000_0000) * limit);
  }

  /** A whole number from `least` to `most`, both included. */
  between(least: number, most: number): number {
    return least + this.below(most - least + 1);
  }

  /** True in `percent` of 100 cases. */
  chance(percent: number): boolean {
    return this.bits() < percent * 42_949_672.96;
  }

  pick<T>(list: readonly T[]): T {
    return list[this.below(list.length)]!;
  }

  /** Lower-case hexadecimal digits. */
  hex(digits: number): string {
    let text = '';
    while (text.length < digits) text += hexOf(this.bits());
    return text.slice(0, digits);
  }
}

/** One stream per purpose: adding a draw to one leaves the others as they were. */
export const streams = {
  ids: 1,
  account: 2,
  contact: 3,
  conversation: 4,
  block: 5,
  start: 6,
  message: 7,
  event: 8,
  ticket: 9,
  file: 10,
  knowledge: 11,
  memory: 12,
  longText: 13,
  ada: 14,
} as const;
