import { contactPerson } from './people.ts';
import { contactOf, startOf } from './plan-conversation.ts';
import { Random, streams } from './random.ts';
import { timeText } from './sample-calendar.ts';
import { contactId, sampleId } from './sample-ids.ts';
import type { SampleRecord } from './sample-record.ts';
import type { SampleSize } from './sample-size.ts';

const KINDS = ['lead', 'contact', 'customer', 'visitor'] as const;
const USUAL_KINDS = [
  'customer',
  'customer',
  'customer',
  'contact',
  'contact',
  'lead',
  'lead',
  'visitor',
] as const;
const COMPANIES = [
  'Bramble & Sons, Ltd.',
  'Studio "Nachtblau" GmbH',
  'Papeterie de l’Étang',
  '有限会社ひかり工房',
  'Оптика «Луч»',
  'O\\O Optics',
  'Kaktüs Mimarlık',
] as const;
const JOB_TITLES = [
  'Office manager',
  'Illustratorin',
  'Chef d’atelier',
  'Buyer, EMEA',
  '校正者',
  'Student',
  '=CEO()',
] as const;
const CHURN_REASONS = [
  'too expensive',
  'moved house',
  'prefers "warm" bulbs, not LEDs',
  'missing feature: Matter',
] as const;
const METHODS = ['hmac', 'email_code', 'oauth'] as const;

/** A visitor of whom nothing is known but an id; the second one does not even say what they are. */
const BARE = new Set([40, 41]);

/** A contact. The first 16 have every field; after that people are as incomplete as they are. */
export function makeContact(size: SampleSize, index: number): SampleRecord {
  const id = contactId(size.seed, index);
  if (BARE.has(index))
    return index === 40 ? { type: 'contact', id, kind: 'visitor' } : { type: 'contact', id };
  const random = new Random(size.seed, streams.contact, index);
  const person = contactPerson(size, index);
  const isFull = index < 16;
  const has = (percent: number): boolean => random.chance(percent) || isFull;
  const kind = isFull ? KINDS[index % KINDS.length]! : random.pick(USUAL_KINDS);
  const isKnown = kind !== 'visitor' || isFull || index === 30 || index === 31;
  const createdMs = Math.max(size.calendar.beginMs, startOf(size, index) - random.below(600_000));
  const seenMs = size.calendar.draw(random, createdMs);

  const record: SampleRecord = { type: 'contact', id, kind };
  if (isKnown) {
    if (has(90)) record.email = person.email;
    record.name = person.name;
    if (has(40)) record.phone = person.phone;
    if (has(30)) record.company = random.pick(COMPANIES);
    if (has(25)) record.job_title = random.pick(JOB_TITLES);
  }
  if (has(85)) record.language = person.phrases.language;
  if (has(35)) record.tags = random.chance(50) ? ['newsletter', 'a,b'] : ['vip', 'Überseekunde', 'say "hi"'];
  record.source = random.pick(['widget', 'bot', 'import', 'shop']);
  if (has(30)) record.external_id = `shop:${7_000_000 + index}`;
  if (has(20)) record.account_ref = `company-${random.below(200)}`;
  if (kind === 'lead' || isFull) record.source_bot_id = 'bot-ember';
  if ((kind === 'lead' || isFull) && contactOf(size, index) === index) {
    record.source_conversation_id = sampleId(size.seed, 'conversation', index);
  }
  if (has(12))
    record.notes = `Called on a ${random.pick(['Monday', 'Friday'])}; "prefers mail", see\n- ${person.phone}\n- next door: no. 7`;
  if (has(30)) record.metadata = makeMetadata(random, index);
  if (has(kind === 'customer' ? 12 : 0)) {
    record.churn_reasons = [random.pick(CHURN_REASONS), { code: 'other', text: random.pick(CHURN_REASONS) }];
    record.churned_at = timeText(seenMs);
  }
  if (has(30)) {
    record.identities = [
      { channel: 'email', value: person.email },
      { channel: 'whatsapp', value: person.phone },
      { channel: 'webchat', value: random.hex(32) },
    ];
  }
  if (has(10)) record.identity_verified = { method: random.pick(METHODS), at: timeText(seenMs) };
  record.last_seen_at = timeText(seenMs);
  if (has(kind === 'customer' ? 40 : 0)) record.promoted_at = timeText(size.calendar.draw(random, createdMs));
  record.created_at = timeText(createdMs);
  if (has(60)) record.updated_at = timeText(seenMs);
  if (has(20)) record.version = 1 + random.below(9);
  if (has(5)) record.attributes = { crm: { stage: 'won', score: 0.5, 'odd key "x"': [1, null, true] } };
  if (isFull || random.chance(5)) record.loyalty_tier = random.pick(['bronze', 'gold']);
  return record;
}

function makeMetadata(random: Random, index: number): Record<string, unknown> {
  return {
    ip: random.chance(70) ? `203.0.113.${index % 256}` : `2001:db8::${(index % 65_536).toString(16)}`,
    lamps: random.between(1, 4),
    consent: { newsletter: random.chance(50), at: null },
    'favourite colour': random.pick(['2700 K', 'lavender', '琥珀色']),
    utm: ['spring', 'desk-week'],
    lifetime_value: random.below(100_000) / 100,
  };
}
