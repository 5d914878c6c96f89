import type { Random } from '../../samples/random.ts';

// A workspace as lines of the ingest grammar, and the filter once more, in JavaScript over those lines: written from
// docs/filters.md without a look at the SQL.

export interface ModelContact {
  type: 'contact';
  id: string;
  kind: 'customer';
  email?: string;
}

export interface ModelConversation {
  type: 'conversation';
  id: string;
  contact_id?: string;
  participants: { contact_id: string; role: string }[];
  channel?: string;
  status: string;
  priority?: string;
  tags: string[];
  audience: string;
  assigned_agent?: { id: string; name: string };
  csat?: { rating?: number | string; comment?: string };
  created_at: string;
  updated_at?: string;
  resolved_at?: string;
}

export interface ModelMessage {
  type: 'message';
  id: string;
  conversation_id: string;
  role: 'user' | 'assistant' | 'teammate';
  is_internal: boolean;
  body: string;
  created_at: string;
}

export interface ModelFile {
  type: 'file';
  id: string;
  kind: 'attachment';
  name: string;
  conversation_id: string;
}

export interface FilterModel {
  contacts: ModelContact[];
  conversations: ModelConversation[];
  messages: ModelMessage[];
  files: ModelFile[];
}

/** A filter as JSON takes it. */
export type ModelFilter = Record<string, unknown>;

/** Who asks. */
export interface Viewer {
  audiences?: readonly string[];
  hidesInternal?: boolean;
}

const STATUSES = ['open', 'claimed', 'snoozed', 'resolved', 'archived'];
const CHANNELS = ['email', 'widget', 'whatsapp'];
const PRIORITIES = ['urgent', 'normal', 'P2 (next day)'];
const TAGS = ['vip', 'billing', 'a,b', 'quote"d', 'Übersetzung'];
const AUDIENCES = ['public', 'vip', 'internal'];
const AGENTS = ['ann', 'bob', "o'neil"];
const RATINGS = [1, 2, 3, 4, 5, 4.5, '4.50', 'good', '5 stars'];
const WORDS =
  'Refund please order A-1009 café Straße lamp broken ann@example.com don’t 我想退款 退货 ありがとう 환불해주세요 คืนเงิน שלום привет iPhone手机 50%'.split(
    ' ',
  );
const SEARCHES =
  'refund|REFUND please|order a-1009|1009|example.com|CAFÉ|lamp broken|don’t|straße|退款|款退|退|退货 refund|がと|환불|เงิน|שלום|ПРИВЕТ|iphone 手机|nowhere|50'.split(
    '|',
  );

const DAY = 86_400_000;
const START = Date.parse('2026-01-01T00:00:00.000Z');
const timeAt = (random: Random) => new Date(START + random.below(60) * DAY + random.below(DAY)).toISOString();

/** A made-up workspace in which every part of the filter has something to find, and something to leave. */
export function makeWorkspace(random: Random, size: number): FilterModel {
  const contacts: ModelContact[] = Array.from({ length: 30 }, (_, index) => ({
    type: 'contact',
    id: `c${index}`,
    kind: 'customer',
    ...(index % 7 === 0 ? {} : { email: `User${index % 20}@Example.com` }),
  }));
  const model: FilterModel = { contacts, conversations: [], messages: [], files: [] };
  for (let index = 0; index < size; index++) {
    const id = `v${index}`;
    const created = timeAt(random);
    const rating = random.pick(RATINGS);
    const contactId = random.pick(contacts).id;
    const other = random.pick(contacts).id;
    model.conversations.push({
      type: 'conversation',
      id,
      ...(random.chance(90) ? { contact_id: contactId } : {}),
      participants: random.chance(20) && other !== contactId ? [{ contact_id: other, role: 'guest' }] : [],
      ...(random.chance(90) ? { channel: random.pick(CHANNELS) } : {}),
      status: random.pick(STATUSES),
      ...(random.chance(70) ? { priority: random.pick(PRIORITIES) } : {}),
      tags: TAGS.filter(() => random.chance(30)),
      audience: random.pick(AUDIENCES),
      ...(random.chance(60) ? { assigned_agent: { id: random.pick(AGENTS), name: 'A' } } : {}),
      ...(random.chance(60) ? { csat: random.chance(80) ? { rating, comment: 'x' } : { comment: 'y' } } : {}),
      created_at: created,
      ...(random.chance(50) ? { updated_at: timeAt(random) } : {}),
      ...(random.chance(50) ? { resolved_at: timeAt(random) } : {}),
    });
    for (let place = random.below(4); place > 0; place--) {
      const isInternal = random.chance(25);
      model.messages.push({
        type: 'message',
        id: `m${index}-${place}`,
        conversation_id: id,
        role: isInternal ? 'teammate' : random.pick(['user', 'assistant'] as const),
        is_internal: isInternal,
        body: Array.from({ length: random.between(1, 4) }, () => random.pick(WORDS)).join(
          random.pick([' ', ', ', '\n']),
        ),
        created_at: created,
      });
    }
    if (random.chance(25))
      model.files.push({
        type: 'file',
        id: `f${index}`,
        kind: 'attachment',
        name: 'a.txt',
        conversation_id: id,
      });
  }
  return model;
}

/** A time or a bare date. */
const momentOf = (random: Random) => (random.chance(50) ? timeAt(random) : timeAt(random).slice(0, 10));
const someOf = (random: Random, words: readonly string[]) => {
  const chosen = words.filter(() => random.chance(40));
  return chosen.length === 0 || random.chance(20) ? random.pick(words) : chosen;
};

const MAKERS: Readonly<Record<string, (random: Random) => unknown>> = {
  ids: (random) => Array.from({ length: random.between(1, 60) }, () => `v${random.below(200)}`),
  status: (random) => someOf(random, STATUSES),
  channel: (random) => someOf(random, [...CHANNELS, 'absent']),
  priority: (random) => someOf(random, PRIORITIES),
  tag: (random) => someOf(random, TAGS),
  any_tag: (random) => someOf(random, TAGS),
  audience: (random) => someOf(random, AUDIENCES),
  assignee: (random) => someOf(random, [...AGENTS, 'unassigned']),
  contact_id: (random) => `c${random.below(32)}`,
  email: (random) => `user${random.below(22)}@example.COM`,
  since: momentOf,
  until: momentOf,
  updated_since: momentOf,
  updated_until: momentOf,
  resolved_since: momentOf,
  resolved_until: momentOf,
  q: (random) => random.pick(SEARCHES),
  csat: (random) => (random.chance(50) ? random.pick(RATINGS) : [random.pick(RATINGS), random.pick(RATINGS)]),
  csat_min: (random) => random.between(0, 5),
  csat_max: (random) => random.between(0, 10) / 2,
  has_csat: (random) => random.chance(50),
  has_files: (random) => random.chance(50),
};

/** Every part of the filter that the model knows. */
export const modelParts = Object.keys(MAKERS);

/** A filter of `part` and up to two others. */
export function makeFilter(random: Random, part: string): ModelFilter {
  const names = new Set([part]);
  for (let more = random.below(3); more > 0; more--) names.add(random.pick(modelParts));
  return Object.fromEntries([...names].map((name) => [name, MAKERS[name]!(random)]));
}

const listOf = (value: unknown): string[] => (Array.isArray(value) ? value : [value]).map(String);
const at = (time: string) => Date.parse(time);

/** The conversations that a filter means, in the model's order. */
export function conversationsOf(
  model: FilterModel,
  filter: ModelFilter,
  viewer: Viewer,
): ModelConversation[] {
  const emails = new Map(model.contacts.map(({ id, email }) => [id, email]));
  const withFiles = new Set(model.files.map(({ conversation_id }) => conversation_id));
  const found =
    filter['q'] === undefined
      ? undefined
      : new Set(
          model.messages
            .filter(
              ({ is_internal, body }) =>
                !(is_internal && viewer.hidesInternal) && says(body, String(filter['q'])),
            )
            .map(({ conversation_id }) => conversation_id),
        );
  const holds: Readonly<Record<string, (one: ModelConversation, value: unknown) => boolean>> = {
    ids: ({ id }, value) => listOf(value).includes(id),
    status: ({ status }, value) => listOf(value).includes(status),
    channel: ({ channel }, value) => channel !== undefined && listOf(value).includes(channel),
    priority: ({ priority }, value) => priority !== undefined && listOf(value).includes(priority),
    tag: ({ tags }, value) => listOf(value).every((tag) => tags.includes(tag)),
    any_tag: ({ tags }, value) => listOf(value).some((tag) => tags.includes(tag)),
    audience: ({ audience }, value) => listOf(value).includes(audience),
    assignee: ({ assigned_agent: agent }, value) => listOf(value).includes(agent?.id ?? 'unassigned'),
    contact_id: ({ contact_id, participants }, value) =>
      contact_id === value || participants.some((one) => one.contact_id === value),
    email: ({ contact_id }, value) =>
      emails.get(contact_id ?? '')?.toLowerCase() === String(value).toLowerCase(),
    since: ({ created_at: time }, value) => at(time) >= at(String(value)),
    until: ({ created_at: time }, value) => at(time) < at(String(value)),
    updated_since: ({ created_at, updated_at = created_at }, value) => at(updated_at) >= at(String(value)),
    updated_until: ({ created_at, updated_at = created_at }, value) => at(updated_at) < at(String(value)),
    resolved_since: ({ resolved_at: time }, value) => time !== undefined && at(time) >= at(String(value)),
    resolved_until: ({ resolved_at: time }, value) => time !== undefined && at(time) < at(String(value)),
    q: ({ id }) => found!.has(id),
    csat: ({ csat }, value) => listOf(value).some((wanted) => isRated(csat?.rating, wanted)),
    csat_min: ({ csat }, value) => isNumber(csat?.rating) && Number(csat?.rating) >= Number(value),
    csat_max: ({ csat }, value) => isNumber(csat?.rating) && Number(csat?.rating) <= Number(value),
    has_csat: ({ csat }, value) => (csat?.rating !== undefined) === value,
    has_files: ({ id }, value) => withFiles.has(id) === value,
  };
  return model.conversations.filter(
    (one) =>
      (viewer.audiences?.includes(one.audience) ?? true) &&
      Object.entries(filter).every(([name, value]) => holds[name]!(one, value)),
  );
}

const isNumber = (rating: unknown) => /^-?\d+(\.\d+)?$/.test(String(rating));

function isRated(rating: number | string | undefined, wanted: string): boolean {
  if (rating === undefined) return false;
  if (isNumber(rating) && isNumber(wanted)) return Number(rating) === Number(wanted);
  return String(rating) === wanted;
}

const SPACELESS = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Script=Thai}]/u;

/** Whether a text has all words of another, and its unspaced characters side by side. */
function says(body: string, q: string): boolean {
  const words = new Set(wordsOf(body));
  const runs = q.match(new RegExp(`${SPACELESS.source}{2,}`, 'gu')) ?? [];
  return wordsOf(q).every((word) => words.has(word)) && runs.every((run) => body.includes(run));
}

function wordsOf(text: string): string[] {
  return text
    .toLowerCase()
    .replaceAll(new RegExp(SPACELESS.source, 'gu'), ' $& ')
    .split(/[^\p{L}\p{N}\p{M}]+/u)
    .filter((word) => word !== '' && !/^\p{M}+$/u.test(word));
}
