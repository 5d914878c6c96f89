import { amounts, bots, orderNumber, plans, PRIORITIES, products, TAGS, teammates } from './company.ts';
import { makeAdaConversation } from './make-ada.ts';
import { accountPerson, contactPerson, type Person } from './people.ts';
import { fillPhrase, languages } from './phrases/phrases.ts';
import type { ConversationPlan } from './plan-conversation.ts';
import type { ConversationTimes } from './plan-times.ts';
import { mixBits, Random, streams } from './random.ts';
import { timeText } from './sample-calendar.ts';
import { contactId, sampleId } from './sample-ids.ts';
import type { SampleRecord } from './sample-record.ts';
import type { SampleSize } from './sample-size.ts';

/** A planned conversation with its people, times and the words that fill its phrases. */
export interface Conversation {
  plan: ConversationPlan;
  times: ConversationTimes;
  id: string;
  person: Person;
  accountId: string | undefined;
  contactIds: string[];
  values: Readonly<Record<string, string>>;
}

/** Looks up who takes part and what it is about. */
export function openConversation(
  size: SampleSize,
  plan: ConversationPlan,
  times: ConversationTimes,
): Conversation {
  const bits = mixBits(size.seed, streams.conversation + 50, plan.index);
  const person =
    plan.contact === undefined ? accountPerson(size, plan.account!) : contactPerson(size, plan.contact);
  const contacts = plan.contact === undefined ? [] : [plan.contact, ...plan.participants];
  return {
    plan,
    times,
    id: sampleId(size.seed, 'conversation', plan.index),
    person,
    accountId: plan.account === undefined ? undefined : sampleId(size.seed, 'account', plan.account),
    contactIds: contacts.map((contact) => contactId(size.seed, contact)),
    values: {
      order: orderNumber(bits),
      product: products[bits % products.length]!,
      plan: plans[(bits >>> 8) % plans.length]!,
      amount: amounts[(bits >>> 4) % amounts.length]!,
      name: person.name,
      email: person.email,
      phone: person.phone,
      // Whoever is thanked has been there: the bot, where no teammate was.
      agent: plan.team.length > 0 ? teammates[plan.team[0]!]!.name : bots[0]!.name,
    },
  };
}

const ROLES = ['cc', 'colleague', 'approver'] as const;

/** The conversation's own record. */
export function makeConversation(
  size: SampleSize,
  { plan, times, id, accountId, contactIds, values }: Conversation,
): SampleRecord {
  const random = new Random(size.seed, streams.conversation + 60, plan.index);
  const phrases = languages[plan.language]!;
  const isFull = plan.index < 16;
  const has = (percent: number): boolean => random.chance(percent) || isFull;
  const created = timeText(plan.startMs);
  const subject = fillPhrase(phrases.topics[plan.topic].subject, values);

  const record: SampleRecord = { type: 'conversation', id };
  if (plan.isGeneral) record.workspace_id = null;
  if (accountId !== undefined) record.account_id = accountId;
  else record.contact_id = contactIds[0];
  if (contactIds.length > 1) {
    record.participants = contactIds
      .slice(1)
      .map((contact, i) => ({ contact_id: contact, role: ROLES[i % ROLES.length] }));
  }
  record.channel = plan.channel;
  record.channel_id = `channel-${plan.channel}`;
  record.bot_id = plan.channel === 'voice' ? bots[1]!.id : bots[0]!.id;
  if (plan.channel === 'widget') record.widget_id = `widget-${random.pick(['shop', 'help', 'app'])}`;
  record.status = plan.status;
  record.priority = random.pick(PRIORITIES);
  record.subject = subject;
  if (has(50))
    record.summary = `${values.name}: ${subject}. ${plan.isEscalated ? 'Handed to the team' : 'Answered by the bot'}${plan.isResolved ? ', resolved.' : '.'}`;
  if (has(60))
    record.tags = random.chance(80) ? [random.pick(TAGS), plan.topic] : ['a,b', 'quote"d', '{braces}'];
  record.audience = plan.isGeneral
    ? 'public'
    : random.pick(['public', 'public', 'public', 'public', 'paid_users', 'internal']);
  if (has(40)) {
    record.skills = [
      { name: `answer_${plan.topic}`, at: created },
      ...(plan.turns.includes('tool') ? [{ name: 'find_order', at: created }] : []),
    ];
  }
  if (plan.team.length > 0) {
    const last = teammates[plan.team.at(-1)!]!;
    record.assigned_agent = { id: last.id, name: last.name };
    const span = times.endMs - plan.startMs;
    record.agents = plan.team.map((member, i) => ({
      id: teammates[member]!.id,
      name: teammates[member]!.name,
      joined_at: timeText(plan.startMs + Math.floor((span * (i + 1)) / (plan.team.length + 2))),
    }));
  }
  if (plan.isResolved && has(25))
    record.csat = makeCsat(random, fillPhrase(random.pick(phrases.csatComments), values));
  record.language = phrases.language;
  record.created_at = created;
  if (has(20)) record.started_at = timeText(Math.min(plan.startMs + 1500, times.lastMs));
  record.updated_at = timeText(plan.isResolved ? times.endMs : times.lastMs);
  if (plan.isResolved) {
    record.resolved_at = timeText(times.endMs);
    record.ended_at = timeText(times.endMs);
  }
  if (has(35)) {
    record.metadata = {
      page: `https://shop.example.com/desk/${plan.topic}?utm_source=mail&x="1"`,
      ip: `192.0.2.${plan.index % 256}`,
      cart: { items: random.below(4), total: random.below(90_000) / 100, currency: 'EUR' },
      Größe: ['S', null, 42, true, { deep: [[]] }],
    };
  }
  if (plan.hasAda) record.ada = makeAdaConversation(size, plan, contactIds[0]!);
  if (has(15)) record.version = 1 + random.below(1_000_000_000);
  if (has(6)) record.attributes = { handled_in: 'shop floor', legacy: { id: random.hex(8), flags: [] } };
  if (isFull || random.chance(6)) record.sentiment = random.below(200) / 100 - 1;
  return record;
}

function makeCsat(random: Random, comment: string): Record<string, unknown> {
  const rating = random.pick([1, 2, 3, 4, 4, 5, 5, 5]);
  return {
    rating,
    comment,
    score: rating,
    style: 'EMOJI',
    is_positive: rating > 3,
    resolved: rating > 2,
    feedback: rating > 3 ? ['friendly', 'fast'] : null,
  };
}
