import { createCalendar, type SampleCalendar } from './sample-calendar.ts';

/** What a sample may be asked to be. The same options give the same records, byte for byte. */
export interface SampleOptions {
  /** Conversations, general threads included; default 3,000. */
  conversations?: number;
  /** Average; default 20,000 / 3,000. */
  messagesPerConversation?: number;
  /** Any whole number; default 1. */
  seed?: number;
  /** End of the 14 months; default 2026-10-31T00:00:00Z. Nothing but renewals lies after it. */
  until?: Date;
}

/** The options with their defaults, and what follows from them. */
export interface SampleSize {
  conversations: number;
  messages: number;
  contacts: number;
  accounts: number;
  files: number;
  seed: number;
  calendar: SampleCalendar;
}

const MAX_FILES = 500;

/** @throws RangeError for a count that is no whole number or a date that is none */
export function sampleSize(options: SampleOptions = {}): SampleSize {
  const conversations = options.conversations ?? 3000;
  const perConversation = options.messagesPerConversation ?? 20_000 / 3000;
  const seed = options.seed ?? 1;
  const until = options.until ?? new Date('2026-10-31T00:00:00Z');
  if (!Number.isSafeInteger(conversations) || conversations < 0 || conversations > 1_000_000) {
    throw new RangeError('conversations must be a whole number from 0 to 1,000,000');
  }
  if (!(perConversation >= 0 && perConversation <= 1000)) {
    throw new RangeError('messagesPerConversation must be a number from 0 to 1,000');
  }
  if (!Number.isSafeInteger(seed)) throw new RangeError('seed must be a whole number');
  if (Number.isNaN(until.getTime())) throw new RangeError('until is not a date');
  return {
    conversations,
    messages: Math.round(conversations * perConversation),
    contacts: Math.round((conversations * 2) / 3),
    accounts: Math.ceil(conversations / 50),
    // At least one of each kind and owner, however small the sample.
    files: Math.min(MAX_FILES, Math.max(Math.round(conversations / 50), 8), conversations),
    seed: seed | 0,
    calendar: createCalendar(until),
  };
}
