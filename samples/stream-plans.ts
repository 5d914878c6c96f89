import { type ConversationPlan, planConversation } from './plan-conversation.ts';
import { mixBits, streams } from './random.ts';
import type { SampleSize } from './sample-size.ts';

const BLOCK = 64;
/** Shares of the messages of a block: most conversations are short, a few are very long. */
const SHARES = [1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 7, 8, 10, 14, 24];
/** The conversations that every kind of message needs are never starved. */
const FIRST_SHARE = 6;

const isEmpty = (index: number): boolean => index % 997 === 41;

/**
 * How many messages each conversation of a block has. Blocks share the total out among themselves, so that
 * it is met exactly and yet no block needs to know another.
 */
function shareMessages(size: SampleSize, block: number): number[] {
  const first = block * BLOCK;
  const end = Math.min(first + BLOCK, size.conversations);
  const before = (index: number): number => Math.floor((index * size.messages) / size.conversations);
  let left = before(end) - before(first);
  const shares: number[] = [];
  const counts: number[] = [];
  for (let index = first; index < end; index++) {
    const bits = mixBits(size.seed, streams.block, index);
    shares.push(isEmpty(index) ? 0 : index < 32 ? FIRST_SHARE + (bits & 3) : SHARES[bits & 15]!);
    const least = shares.at(-1)! > 0 && left > 0 ? 1 : 0;
    counts.push(least);
    left -= least;
  }
  const allShares = shares.reduce((sum, share) => sum + share, 0);
  const spare = left;
  if (allShares > 0) {
    for (let i = 0; i < counts.length; i++) {
      const more = Math.floor((spare * shares[i]!) / allShares);
      counts[i]! += more;
      left -= more;
    }
  }
  // What rounding left over; a block of nothing but empty ones cannot be (997 > 64), a lone one can.
  for (let i = 0; left > 0; i = (i + 1) % counts.length) {
    const isStarved = shares[i] === 0;
    if (isStarved && counts.length > 1) continue;
    counts[i]! += 1;
    left -= 1;
  }
  return counts;
}

/** The plans of all conversations, in order. */
export function* streamPlans(size: SampleSize): Generator<ConversationPlan> {
  let firstMessage = 0;
  for (let block = 0; block * BLOCK < size.conversations; block++) {
    const counts = shareMessages(size, block);
    for (let i = 0; i < counts.length; i++) {
      yield planConversation(size, block * BLOCK + i, firstMessage, counts[i]!);
      firstMessage += counts[i]!;
    }
  }
}
