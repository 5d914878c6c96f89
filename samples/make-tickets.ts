import { teammates } from './company.ts';
import type { Conversation } from './make-conversation.ts';
import { fillPhrase, languages } from './phrases/phrases.ts';
import { Random, streams } from './random.ts';
import { timeText } from './sample-calendar.ts';
import { sampleId } from './sample-ids.ts';
import type { SampleRecord } from './sample-record.ts';
import type { SampleSize } from './sample-size.ts';

const STATES = ['open', 'in_progress', 'waiting', 'resolved', 'closed'] as const;
const PRIORITIES = ['low', 'medium', 'high', 'urgent'] as const;
const MESSAGES_PER_TICKET = 8;

/** The ticket of a conversation, where it has one, and its replies and notes. */
export function* makeTicket(size: SampleSize, conversation: Conversation): Generator<SampleRecord> {
  const { plan, times, person, values, contactIds } = conversation;
  if (plan.ticketMessages === 0) return;
  const random = new Random(size.seed, streams.ticket, plan.index);
  const phrases = languages[plan.language]!;
  const openedMs = Math.min(times.lastMs + random.below(3_600_000), size.calendar.untilMs);
  const opened = timeText(openedMs);
  const ticket: SampleRecord = {
    type: 'ticket',
    id: sampleId(size.seed, 'ticket', plan.index),
    contact_id: contactIds[0],
    status: random.pick(STATES),
    priority: random.pick(PRIORITIES),
    subject: `${fillPhrase(phrases.topics[plan.topic].subject, values)} ("${values.order ?? ''}")`,
    custom: {
      serial: `OV-55-${random.between(1000, 9999)}`,
      'under warranty?': random.chance(60),
      photos: [],
      reference: null,
    },
    created_at: opened,
    updated_at: opened,
    version: 1,
    ...(random.chance(30)
      ? { attributes: { sla: { state: 'in_compliance', minutes_left: random.below(400) } } }
      : { effort_points: random.below(5) }),
  };
  // Some tickets are opened by phone, beside the conversation.
  if (plan.index < 8 || !random.chance(15)) ticket.conversation_id = conversation.id;
  yield ticket;

  let atMs = openedMs;
  for (let i = 0; i < plan.ticketMessages; i++) {
    const number = plan.index * MESSAGES_PER_TICKET + i;
    const isTheirs = i % 3 === 1;
    const isInternal = i % 3 === 0;
    const mate = teammates[(plan.index + i) % teammates.length]!;
    const list = isTheirs ? phrases.followUps : isInternal ? phrases.notes : phrases.teammateReplies;
    atMs = Math.min(atMs + random.between(60_000, 7_200_000), size.calendar.untilMs);
    const at = timeText(atMs);
    yield {
      type: 'ticket_message',
      id: sampleId(size.seed, 'ticket_message', number),
      ticket_id: ticket.id,
      is_internal: isInternal,
      author: isTheirs
        ? { id: contactIds[0], name: person.name, contact_id: contactIds[0] }
        : { id: mate.id, name: mate.name },
      body: fillPhrase(random.pick(list), values),
      created_at: at,
      updated_at: at,
      version: 1,
      ...(random.chance(30) ? { attributes: { via: 'mail', cc: ['workshop@example.com'] } } : {}),
    };
  }
}
