import { CHANNELS, STATUSES, type Status, teammates, usualChannels } from './company.ts';
import { accountLanguage, contactLanguage } from './people.ts';
import { TOPICS, type Topic } from './phrases/declare.ts';
import { planTurns, type Turn } from './plan-turns.ts';
import { hasRecording } from './plan-files.ts';
import { mixBits, Random, streams } from './random.ts';
import type { SampleSize } from './sample-size.ts';

const DAY_MS = 86_400_000;

/** Everything about a conversation but its words; the counts of a sample follow from plans alone. */
export interface ConversationPlan {
  index: number;
  /** Number of its first message in the whole sample. */
  firstMessage: number;
  language: number;
  topic: Topic;
  /** Number of the contact; undefined for the thread of an account. */
  contact: number | undefined;
  account: number | undefined;
  /** A thread outside every workspace: its lines say `"workspace_id": null`. */
  isGeneral: boolean;
  /** Contacts who take part beside the first. */
  participants: number[];
  channel: string;
  status: Status;
  isEscalated: boolean;
  /** Resolved, or archived after that. */
  isResolved: boolean;
  startMs: number;
  turns: Turn[];
  /** Numbers of the teammates, in order of joining. */
  team: number[];
  hasAda: boolean;
  /** Messages of its ticket, 0 where there is none. */
  ticketMessages: number;
}

const isGeneralThread = (index: number): boolean => index % 500 === 20;
const isThread = (index: number): boolean => index % 50 === 21 || isGeneralThread(index);
const isGroup = (index: number): boolean => index % 40 === 22;

/** The contact of a conversation: the first ones have one each, later ones come back, some very often. */
export function contactOf(size: SampleSize, index: number): number | undefined {
  if (isThread(index) || size.contacts === 0) return undefined;
  if (index < size.contacts) return index;
  const share = mixBits(size.seed, streams.start + 50, index) / 0x1_0000_0000;
  return Math.floor(share * share * size.contacts);
}

/** When a conversation begins. One of a contact who comes back begins after their first. */
export function startOf(size: SampleSize, index: number): number {
  const contact = contactOf(size, index);
  const from = contact === undefined || contact === index ? size.calendar.beginMs : startOf(size, contact);
  return size.calendar.draw(new Random(size.seed, streams.start, index), from);
}

function drawStatus(random: Random, index: number, isOld: boolean): Status {
  if (index < STATUSES.length) return STATUSES[index]!;
  const isDone = random.chance(isOld ? 95 : 45);
  if (isDone) return random.chance(isOld ? 20 : 5) ? 'archived' : 'resolved';
  return random.pick(STATUSES.slice(0, 6));
}

function drawChannel(size: SampleSize, random: Random, index: number, isThread: boolean): string {
  if (isThread) return 'hosted';
  if (index < CHANNELS.length) return CHANNELS[index]!;
  return hasRecording(size, index) ? 'voice' : random.pick(usualChannels);
}

/** Plans a conversation of `messages` messages. */
export function planConversation(
  size: SampleSize,
  index: number,
  firstMessage: number,
  messages: number,
): ConversationPlan {
  const random = new Random(size.seed, streams.conversation, index);
  const contact = contactOf(size, index);
  const isAccounts = contact === undefined;
  const startMs = startOf(size, index);
  const isOld = startMs < size.calendar.untilMs - 40 * DAY_MS;
  const drawn = drawStatus(random, index, isOld);
  const status = isAccounts && drawn !== 'archived' ? (drawn === 'resolved' ? 'resolved' : 'open') : drawn;
  const isResolved = status === 'resolved' || status === 'archived';
  const isEscalated = !isAccounts && (isResolved ? random.chance(35) : status !== 'open');
  const account = isAccounts ? random.below(size.accounts) : undefined;
  const team: number[] = [];
  if (isEscalated && status !== 'escalated') {
    const joining = index < 8 ? 2 : random.between(1, 3);
    const first = random.below(teammates.length);
    for (let i = 0; i < joining; i++) team.push((first + i * 3) % teammates.length);
  }
  const participants: number[] = [];
  if (contact !== undefined && isGroup(index)) {
    for (let i = 0; i < (index === 22 ? 2 : random.between(1, 3)); i++) {
      const other = index === 22 ? 30 + i : random.below(size.contacts);
      if (other < size.contacts && other !== contact && !participants.includes(other))
        participants.push(other);
    }
  }
  return {
    index,
    firstMessage,
    language: contact === undefined ? accountLanguage(size, account!) : contactLanguage(size, contact),
    topic: random.pick(TOPICS),
    contact,
    account,
    isGeneral: isGeneralThread(index),
    participants,
    channel: drawChannel(size, random, index, isAccounts),
    status,
    isEscalated,
    isResolved,
    startMs,
    turns: planTurns(random, messages, isEscalated, isResolved),
    team,
    hasAda: !isAccounts && (index < 16 || random.chance(40)),
    ticketMessages: isEscalated && (index < 8 || random.chance(25)) ? random.between(1, 4) : 0,
  };
}
