/** What the customers of the made-up lamp maker write about. */
export const TOPICS = ['pairing', 'delivery', 'invoice', 'flicker', 'cancel', 'warranty'] as const;
export type Topic = (typeof TOPICS)[number];

interface TopicPhrases {
  subject: string;
  questions: readonly string[];
  answer: string;
}

/**
 * One language of the sample. Every sentence was written for Convey. `{order} {product} {plan} {amount}
 * {name} {agent} {email} {phone}` are filled in; a phrase without one is used as it is.
 */
export interface Phrases {
  /** ISO 639-1. */
  language: string;
  /** BCP 47. */
  locale: string;
  namePattern: '{given} {family}' | '{family} {given}' | '{family}{given}';
  /** Name in its own script, and what an email address makes of it. */
  givenNames: readonly (readonly [name: string, handle: string])[];
  familyNames: readonly string[];
  topics: Readonly<Record<Topic, TopicPhrases>>;
  greeting: string;
  followUps: readonly string[];
  botReplies: readonly string[];
  handoff: string;
  teammateReplies: readonly string[];
  notes: readonly string[];
  thanks: readonly string[];
  closings: readonly string[];
  csatComments: readonly string[];
  memories: readonly string[];
}
