import { open } from 'node:fs/promises';
import { readAt } from './read-file.ts';
import { type Verification, type VerifyOptions, verifyPackage } from './verify-package.ts';

/** Numbers that look random and are the same in every run: mulberry32. */
export function seeded(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

const IS_SENTENCE = /^[^\n]*[^\n\s]$/;

/** A verdict “no” in sentences, reached by a check: `unreadable` would be a failure of the verifier itself. */
export function expectCaught(result: Verification, why: string, ...codes: string[]): void {
  const found = result.problems.map(({ code }) => code);
  const text = `${why}: ${JSON.stringify(result.problems)}`;
  const isCaught =
    !result.ok && found.length > 0 && result.problems.every(({ message }) => IS_SENTENCE.test(message));
  const isRight = codes.length === 0 || found.some((code) => codes.includes(code));
  if (!isCaught || !isRight || found.includes('unreadable'))
    throw new Error(`not caught as ${codes.join()}: ${text}`);
}

/** Flips one bit of every given byte of a file, one after the other, and verifies each time. @returns how many */
export async function flipEach(
  file: string,
  offsets: Iterable<number>,
  path: string,
  options: VerifyOptions,
  ...codes: string[]
): Promise<number> {
  const handle = await open(file, 'r+');
  const random = seeded(1);
  let flips = 0;
  try {
    for (const offset of offsets) {
      const right = await readAt(handle, offset, 1);
      if (right.length !== 1) throw new Error(`${file} has no byte ${offset}`);
      await handle.write(Buffer.from([(right[0] as number) ^ (1 << random(8))]), 0, 1, offset);
      expectCaught(await verifyPackage(path, options), `byte ${offset} of ${file}`, ...codes);
      await handle.write(right, 0, 1, offset);
      flips++;
    }
  } finally {
    await handle.close();
  }
  return flips;
}
