import { makeLongText } from './long-text.ts';
import type { Conversation } from './make-conversation.ts';
import { fillPhrase, languages } from './phrases/phrases.ts';
import type { Turn } from './plan-turns.ts';
import type { Random } from './random.ts';
import { emoji, roughTexts } from './rough-texts.ts';

/** Conversations whose question is long for certain: one of the shortest kind, one of the longest. */
const LONG = { some: 26, most: 27 };
/** Texts that only count when a message begins with them: `=`, `+`, `-`, `@`, a tab. */
const startsRough = /^[=+\-@\t ]/;

function phraseOf(turn: Turn, conversation: Conversation, random: Random): string {
  const phrases = languages[conversation.plan.language]!;
  const topic = phrases.topics[conversation.plan.topic];
  switch (turn) {
    case 'greeting':
      return phrases.greeting;
    case 'question':
      return random.pick(topic.questions);
    case 'answer':
      return topic.answer;
    case 'followUp':
      return random.pick(phrases.followUps);
    case 'botReply':
      return random.pick(phrases.botReplies);
    case 'handoff':
      return phrases.handoff;
    case 'note':
      // Half of the team writes its notes in English, whatever the customer speaks.
      return random.pick(random.chance(50) ? languages[0]!.notes : phrases.notes);
    case 'teammate':
      return random.pick(phrases.teammateReplies);
    case 'thanks':
      return random.pick(phrases.thanks);
    case 'closing':
      return random.pick(phrases.closings);
    case 'tool':
      return '';
  }
}

/** The text of a message. */
export function makeText(turn: Turn, conversation: Conversation, random: Random): string {
  const { index } = conversation.plan;
  const text = fillPhrase(phraseOf(turn, conversation, random), conversation.values);
  const isTheirs = turn === 'question' || turn === 'followUp';
  const isLongest = turn === 'question' && index === LONG.most;
  const isLong =
    isLongest ||
    (turn === 'question' && index === LONG.some) ||
    ((isTheirs || turn === 'teammate') && random.chance(0.35));
  if (isLong) {
    return `${text}\r\n\r\n${makeLongText(random, languages[conversation.plan.language]!, conversation.values, isLongest)}`;
  }
  const isFirstRough = turn === 'question' && index < roughTexts.length;
  if (isFirstRough || (isTheirs && random.chance(3))) {
    const rough = isFirstRough ? roughTexts[index]! : random.pick(roughTexts);
    return startsRough.test(rough) ? rough : `${text}\n${rough}`;
  }
  if ((isTheirs || turn === 'thanks' || turn === 'teammate') && random.chance(15))
    return `${text} ${random.pick(emoji)}`;
  return text;
}
