import { bots, TAGS, teammates } from './company.ts';
import type { Conversation } from './make-conversation.ts';
import type { ConversationPlan } from './plan-conversation.ts';
import type { Turn } from './plan-turns.ts';
import { Random, streams } from './random.ts';
import { timeText } from './sample-calendar.ts';
import { sampleId } from './sample-ids.ts';
import type { SampleRecord } from './sample-record.ts';
import type { SampleSize } from './sample-size.ts';

type EventKind =
  | 'created'
  | 'skill_fired'
  | 'knowledge_retrieved'
  | 'tagged'
  | 'untagged'
  | 'priority_changed'
  | 'escalated'
  | 'claimed'
  | 'released'
  | 'reassigned'
  | 'note_added'
  | 'snoozed'
  | 'wakened'
  | 'resolved'
  | 'archived';

/** What happened to a conversation, in order (V-24). A general thread has no team and so no events. */
export function planEvents({
  index,
  isGeneral,
  turns,
  isEscalated,
  team,
  status,
  isResolved,
}: ConversationPlan): EventKind[] {
  if (isGeneral) return [];
  const isSnoozed = status === 'snoozed' || (isResolved && index % 23 === 6);
  const kinds: [EventKind, boolean][] = [
    ['created', true],
    ['skill_fired', turns.includes('tool')],
    ['knowledge_retrieved', index % 2 === 0 && turns.includes('answer')],
    ['tagged', index % 4 === 0],
    ['untagged', index % 16 === 0],
    ['priority_changed', index % 7 === 3],
    ['escalated', isEscalated],
    ['claimed', team.length > 0],
    ['released', team.length > 2],
    ['reassigned', team.length > 1],
    ['note_added', turns.includes('note')],
    ['snoozed', isSnoozed],
    ['wakened', isSnoozed && status !== 'snoozed'],
    ['resolved', isResolved],
    ['archived', status === 'archived'],
  ];
  return kinds.filter(([, happens]) => happens).map(([kind]) => kind);
}

/** Room for every kind, so that the number of an event tells its conversation. */
const EVENTS_PER_CONVERSATION = 16;

export function* makeEvents(size: SampleSize, conversation: Conversation): Generator<SampleRecord> {
  const { plan, id } = conversation;
  const kinds = planEvents(plan);
  for (let i = 0; i < kinds.length; i++) {
    const kind = kinds[i]!;
    const number = plan.index * EVENTS_PER_CONVERSATION + i;
    const random = new Random(size.seed, streams.event, number);
    const at = timeText(momentOf(kind, conversation, i / kinds.length));
    const [before, after, reason] = makeChange(kind, plan, random);
    const record: SampleRecord = {
      type: 'event',
      id: sampleId(size.seed, 'event', number),
      conversation_id: id,
      kind,
      actor: makeActor(kind, plan),
    };
    record.at = at;
    if (before !== undefined) record.before = before;
    if (after !== undefined) record.after = after;
    if (reason !== undefined) record.reason = reason;
    record.created_at = at;
    if (random.chance(10)) {
      record.updated_at = at;
      record.version = 1;
      record.attributes = { request_id: `req_${random.hex(12)}` };
    }
    if (random.chance(10)) record.user_agent = 'Glow/4.2 (Otter; "desk")';
    yield record;
  }
}

/** The turn that an event goes with, where there is one. */
const TURNS: Partial<Record<EventKind, Turn>> = {
  skill_fired: 'tool',
  knowledge_retrieved: 'answer',
  escalated: 'handoff',
  note_added: 'note',
  claimed: 'note',
};

function momentOf(kind: EventKind, { plan, times }: Conversation, share: number): number {
  if (kind === 'resolved' || kind === 'archived') return times.endMs;
  const turn = TURNS[kind];
  const place = turn === undefined ? -1 : plan.turns.indexOf(turn);
  if (place >= 0) return times.messages[place]!;
  // Between the handoff, if the team came in, and the last message.
  const handoff = plan.turns.indexOf('handoff');
  const fromMs = handoff >= 0 && share > 0 ? times.messages[handoff]! : plan.startMs;
  return fromMs + Math.floor((times.lastMs - fromMs) * share);
}

function makeActor(kind: EventKind, plan: ConversationPlan): Record<string, unknown> {
  if (kind === 'created') return { type: 'system', id: null };
  if (kind === 'skill_fired' || kind === 'knowledge_retrieved' || kind === 'escalated')
    return { type: 'bot', ...bots[0] };
  if (plan.team.length === 0) return { type: 'api_key', id: 'key-shop', name: 'Shop (nightly)' };
  const mate = teammates[plan.team[kind === 'reassigned' ? 1 : 0]!]!;
  return { type: 'user', id: mate.id, name: mate.name, ip: `2001:db8::${plan.index % 9999}` };
}

/** State before, state after, reason: objects, lists, words, numbers or null, as hosts send them. */
function makeChange(
  kind: EventKind,
  plan: ConversationPlan,
  random: Random,
): [unknown, unknown, string | undefined] {
  const mate = (place: number): unknown => {
    const member = plan.team[place];
    return member === undefined ? null : { id: teammates[member]!.id, name: teammates[member]!.name };
  };
  switch (kind) {
    case 'created':
      return [undefined, { status: 'open', channel: plan.channel }, undefined];
    case 'skill_fired':
      return [undefined, { skill: 'find_order', took_ms: random.below(900) }, undefined];
    case 'knowledge_retrieved':
      return [undefined, random.between(1, 9), `topic: ${plan.topic}`];
    case 'tagged':
      return [[], [random.pick(TAGS)], undefined];
    case 'untagged':
      return [['bug', 'a,b'], ['a,b'], 'tag was "wrong"'];
    case 'priority_changed':
      return ['normal', 'urgent', 'Waits since Monday; says "urgent", twice'];
    case 'escalated':
      return [
        { status: 'open' },
        { status: 'escalated', team: 'workshop' },
        'The customer asked for a person.',
      ];
    case 'claimed':
      return [null, mate(0), undefined];
    case 'released':
      return [mate(0), null, 'End of shift\n(see note)'];
    case 'reassigned':
      return [mate(0), mate(1), 'Knows the hinge.'];
    case 'note_added':
      return [undefined, { notes: 1 }, undefined];
    case 'snoozed':
      return [
        { status: 'waiting' },
        { status: 'snoozed', days: random.between(1, 5) },
        'Parcel is on its way.',
      ];
    case 'wakened':
      return ['snoozed', 'open', undefined];
    case 'resolved':
      return [
        { status: 'open' },
        { status: 'resolved' },
        plan.isEscalated ? 'Part sent.' : 'Answered by the bot.',
      ];
    case 'archived':
      return [
        { status: 'resolved', is_read_only: false },
        { status: 'archived', is_read_only: true },
        undefined,
      ];
  }
}
