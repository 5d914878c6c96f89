import type { ConversationPlan } from './plan-conversation.ts';
import type { Turn } from './plan-turns.ts';
import { Random, streams } from './random.ts';
import type { SampleSize } from './sample-size.ts';

const SECOND_MS = 1000;
const MINUTE_MS = 60 * SECOND_MS;

/** The shortest and longest wait before each turn, in milliseconds. */
const WAITS: Readonly<Record<Turn, readonly [number, number]>> = {
  greeting: [0, SECOND_MS],
  question: [4 * SECOND_MS, 3 * MINUTE_MS],
  tool: [200, 3 * SECOND_MS],
  answer: [700, 6 * SECOND_MS],
  followUp: [8 * SECOND_MS, 25 * MINUTE_MS],
  botReply: [700, 5 * SECOND_MS],
  handoff: [0, SECOND_MS],
  note: [30 * SECOND_MS, 20 * MINUTE_MS],
  teammate: [2 * MINUTE_MS, 150 * MINUTE_MS],
  thanks: [MINUTE_MS, 600 * MINUTE_MS],
  closing: [2 * SECOND_MS, 30 * MINUTE_MS],
};

/** When everything in a conversation happens. */
export interface ConversationTimes {
  /** One per message, never decreasing; some are exactly equal. */
  messages: number[];
  lastMs: number;
  /** Also set where it is not resolved: the moment of its last event. */
  endMs: number;
}

export function planTimes(size: SampleSize, plan: ConversationPlan): ConversationTimes {
  const random = new Random(size.seed, streams.start + 60, plan.index);
  const waits = plan.turns.map((turn, i) => {
    if (i === 0) return 0;
    // A tool's result and the answer built on it often carry the same millisecond.
    if (plan.turns[i - 1] === 'tool' && random.chance(30)) return 0;
    if (random.chance(1)) return 0;
    return random.between(WAITS[turn][0], WAITS[turn][1]);
  });
  const closing = random.between(MINUTE_MS, 1200 * MINUTE_MS);
  const whole = waits.reduce((sum, wait) => sum + wait, closing);
  const room = size.calendar.untilMs - plan.startMs;
  // Nothing may lie after the end of the sample: conversations that would are told faster.
  const squeeze = (ms: number): number => (whole > room ? Math.floor((ms * room) / whole) : ms);

  let sum = 0;
  const messages = waits.map((wait) => plan.startMs + squeeze((sum += wait)));
  const lastMs = messages.at(-1) ?? plan.startMs;
  return { messages, lastMs, endMs: plan.startMs + squeeze(whole) };
}
