import { bots, teammates } from './company.ts';
import { makeAdaMessage } from './make-ada.ts';
import type { Conversation } from './make-conversation.ts';
import { citeSource } from './make-knowledge.ts';
import { makeText } from './message-text.ts';
import { contactPerson } from './people.ts';
import type { Turn } from './plan-turns.ts';
import { Random, streams } from './random.ts';
import { timeText } from './sample-calendar.ts';
import { sampleId } from './sample-ids.ts';
import type { SampleRecord } from './sample-record.ts';
import type { SampleSize } from './sample-size.ts';

const ROLES: Readonly<Record<Turn, string>> = {
  greeting: 'assistant',
  question: 'user',
  tool: 'tool',
  answer: 'assistant',
  followUp: 'user',
  botReply: 'assistant',
  handoff: 'system',
  note: 'teammate',
  teammate: 'teammate',
  thanks: 'user',
  closing: 'assistant',
};

/** The messages of a conversation, in order of time. */
export function* makeMessages(size: SampleSize, conversation: Conversation): Generator<SampleRecord> {
  const { plan } = conversation;
  let asked: string | undefined;
  let byThem = 0;
  for (let i = 0; i < plan.turns.length; i++) {
    const turn = plan.turns[i]!;
    const message = makeMessage(size, conversation, i, turn, byThem, asked);
    if (message.role === 'user') {
      asked = message.id;
      byThem++;
    }
    yield message;
  }
}

function makeMessage(
  size: SampleSize,
  conversation: Conversation,
  place: number,
  turn: Turn,
  byThem: number,
  asked: string | undefined,
): SampleRecord {
  const { plan, times } = conversation;
  const number = plan.firstMessage + place;
  const random = new Random(size.seed, streams.message, number);
  const at = times.messages[place]!;
  const role = ROLES[turn];
  const record: SampleRecord = { type: 'message', id: sampleId(size.seed, 'message', number) };
  if (plan.isGeneral) record.workspace_id = null;
  record.conversation_id = conversation.id;
  record.role = role;
  if (role === 'teammate') record.is_internal = turn === 'note';
  const author = makeAuthor(size, conversation, role, place, byThem);
  if (author !== undefined) record.author = author;
  if (turn === 'tool') {
    record.tool = makeTool(conversation, random);
    // Some hosts also store what a tool said as text.
    if (random.chance(30)) record.body = JSON.stringify((record.tool as { result: unknown }).result);
  } else {
    record.body = makeText(turn, conversation, random);
  }
  if (turn === 'answer') {
    const cited = citeSource(plan.topic, plan.language);
    record.citations = random.chance(75)
      ? [cited]
      : [cited, { title: 'Firmware notes, "4.2"', url: 'https://help.example.com/fw' }];
  }
  if (asked !== undefined && role !== 'user' && turn !== 'handoff') record.in_reply_to = asked;
  record.created_at = timeText(at);
  if (random.chance(2))
    record.edited_at = record.updated_at = timeText(
      Math.min(at + random.between(1000, 90_000), size.calendar.untilMs),
    );
  else if (random.chance(5)) record.updated_at = record.created_at;
  if (plan.hasAda) record.ada = makeAdaMessage(plan, turn, random);
  if (random.chance(4)) record.version = random.between(1, 5);
  if (random.chance(4)) record.delivery_status = random.pick(['delivered', 'read', 'bounced']);
  if (random.chance(3))
    record.attributes = {
      client: { app: 'glow', build: 4200 + random.below(99) },
      typing_ms: random.below(60_000),
    };
  return record;
}

function makeAuthor(
  size: SampleSize,
  { plan, person, accountId, contactIds }: Conversation,
  role: string,
  place: number,
  byThem: number,
): Record<string, string> | undefined {
  switch (role) {
    case 'user': {
      if (accountId !== undefined) return { id: accountId, name: person.name };
      // Everybody in the conversation has their say in turn.
      const who = byThem % contactIds.length;
      const speaker = who === 0 ? person : contactPerson(size, plan.participants[who - 1]!);
      return { id: contactIds[who]!, name: speaker.name, contact_id: contactIds[who]! };
    }
    case 'teammate': {
      const { id, name } = teammates[plan.team[place % Math.max(plan.team.length, 1)] ?? 0]!;
      return { id, name };
    }
    case 'assistant': {
      const { id, name } = plan.channel === 'voice' ? bots[1]! : bots[0]!;
      return { id, name };
    }
    case 'tool':
      return { id: 'tool-runner', name: 'Shop tools' };
    default:
      return undefined;
  }
}

function makeTool({ plan, values }: Conversation, random: Random): Record<string, unknown> {
  if (plan.topic === 'invoice' || plan.topic === 'cancel') {
    return {
      name: 'find_subscription',
      arguments: { email: values.email, plan: values.plan },
      result: {
        found: true,
        price: 4.9,
        periods: [{ from: '2026-01-01', paid: true }, null],
        note: 'says "auto-renew"',
      },
    };
  }
  return {
    name: 'find_order',
    arguments: { order: values.order, include: ['parcels', 'invoices'] },
    result: {
      status: random.pick(['packed', 'sent', 'delivered']),
      parcels: [{ carrier: 'Otter Post', weight_kg: 1.25 }],
      path: 'C:\\orders\\',
    },
  };
}
