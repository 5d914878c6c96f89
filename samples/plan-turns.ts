import type { Random } from './random.ts';

/** What a message is for; its role, author and text follow from it. */
export type Turn =
  | 'greeting'
  | 'question'
  | 'tool'
  | 'answer'
  | 'followUp'
  | 'botReply'
  | 'handoff'
  | 'note'
  | 'teammate'
  | 'thanks'
  | 'closing';

const TEAM_CYCLE: readonly Turn[] = [
  'note',
  'teammate',
  'followUp',
  'teammate',
  'followUp',
  'note',
  'followUp',
  'teammate',
];

/**
 * The turns of a conversation of exactly `count` messages: question, tool call, answer with sources, then to
 * and fro with the bot, and, when it is escalated, with teammates and their notes; thanks at the end.
 */
export function planTurns(random: Random, count: number, isEscalated: boolean, isResolved: boolean): Turn[] {
  const turns: Turn[] = [];
  if (count >= 6 && random.chance(40)) turns.push('greeting');
  turns.push('question');
  if (count >= 5 && random.chance(45)) turns.push('tool');
  turns.push('answer');
  const end: Turn[] = count < 5 || !isResolved ? [] : random.chance(60) ? ['thanks', 'closing'] : ['thanks'];
  const middle = count - turns.length - end.length;
  const teamTurns = isEscalated && middle >= 3 ? Math.max(3, Math.floor(middle / 2)) : 0;
  for (let i = 0; i < middle - teamTurns; i++) {
    turns.push(i % 2 === 0 ? 'followUp' : random.chance(15) ? 'tool' : 'botReply');
  }
  for (let i = 0; i < teamTurns; i++)
    turns.push(i === 0 ? 'handoff' : TEAM_CYCLE[(i - 1) % TEAM_CYCLE.length]!);
  turns.push(...end);
  return turns.slice(0, count);
}
