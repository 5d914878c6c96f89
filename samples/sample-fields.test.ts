import { expect, test } from 'vitest';
import { recordTables } from '../src/catalog/catalog.ts';
import type { Column } from '../src/catalog/declare.ts';
import { CHANNELS, STATUSES } from './company.ts';
import { generateSample } from './generate-sample.ts';
import type { SampleRecord } from './sample-record.ts';

/** §2a of the contract, written out; `x.y` is `y` inside `x`, `x[].y` in every element of a list. */
const COMMON = 'created_at updated_at attributes version';
const GRAMMAR: Record<string, string> = {
  account: `email name settings locale last_sign_in_at ${COMMON}`,
  workspace_membership: `account_id role ${COMMON}`,
  subscription: `account_id plan status started_at renews_at cancelled_at seats amount currency ${COMMON}`,
  contact: `kind email name company job_title phone language tags source external_id account_ref source_bot_id
    source_conversation_id notes metadata churn_reasons identities[].channel identities[].value
    identity_verified.method identity_verified.at last_seen_at promoted_at churned_at ${COMMON}`,
  conversation: `contact_id account_id participants[].contact_id participants[].role channel channel_id bot_id
    widget_id status priority subject summary tags audience skills[].name skills[].at assigned_agent.id
    assigned_agent.name agents[].id agents[].name agents[].joined_at csat.rating csat.comment language started_at
    resolved_at ended_at metadata ada.agent_handle_time ada.bot_handle_time ada.automated_resolution_classification
    ada.automated_resolution_classification_reason ada.browser ada.browser_version ada.chatter_id
    ada.classifications[].topic_id ada.classifications[].topic_name ada.classifications[].intents[].intent_id
    ada.device ada.end_user_id ada.generated_topic_id ada.generated_topic_label ada.generated_topic_v2_id
    ada.generated_topic_v2_title ada.generated_topic_v2_desc ada.generated_topic_v2_parent_id ada.inquiry_summary
    ada.is_engaged ada.is_escalated ada.is_test_user ada.metavariables ada.variables ada.oauth_channel ada.platform
    ada.used_coaching[].id ada.used_articles[].id ada.used_articles[].url ada.used_articles[].source
    ada.used_playbooks[].id ada.used_playbooks[].playbook_execution_id ada.used_playbooks[].outcome_status
    csat.score csat.style csat.is_positive csat.resolved csat.feedback ${COMMON}`,
  message: `conversation_id role is_internal author.id author.name author.contact_id body citations[].title
    citations[].url citations[].source_id citations[].quote in_reply_to edited_at tool.name tool.arguments tool.result
    ada.answer_id ada.answer_title ada.message_data._type ada.link_was_clicked ada.sender ada.recipient ada.review
    ${COMMON}`,
  event: `conversation_id kind actor.type actor.id actor.name at before after reason ${COMMON}`,
  ticket: `contact_id conversation_id status priority subject custom ${COMMON}`,
  ticket_message: `ticket_id author.id author.name author.contact_id is_internal body ${COMMON}`,
  knowledge_source: `kind title url body audience language status ${COMMON}`,
  flow: 'name status version graph.nodes graph.edges created_at updated_at attributes',
  file: `kind name media_type size sha256 conversation_id message_id contact_id account_id ${COMMON}`,
  memory: `account_id scope body source ${COMMON}`,
};
/** Fields that the grammar does not know; they come out again as attributes. */
const UNKNOWN: Record<string, string> = {
  account: 'beta_tester',
  contact: 'loyalty_tier',
  conversation: 'sentiment',
  message: 'delivery_status',
  event: 'user_agent',
  ticket: 'effort_points',
  knowledge_source: 'word_count',
  file: 'alt_text',
};

const words = (text: string): string[] => text.trim().split(/\s+/);
const small = [...generateSample({ conversations: 300 })];
const usual = [...generateSample()];

/** Every path at which a record has something: no null, no empty text, list or object. */
function* filledPaths(value: unknown, path: string): Generator<string> {
  if (value === null || value === '') return;
  if (Array.isArray(value)) {
    if (value.length > 0) yield path;
    for (const element of value) yield* filledPaths(element, `${path}[]`);
  } else if (typeof value === 'object') {
    const entries = Object.entries(value);
    if (entries.length > 0 && path !== '') yield path;
    for (const [key, inner] of entries) yield* filledPaths(inner, path === '' ? key : `${path}.${key}`);
  } else {
    yield path;
  }
}

function filledByType(records: SampleRecord[]): Map<string, Set<string>> {
  const byType = new Map<string, Set<string>>();
  for (const record of records) {
    const seen = byType.get(record.type) ?? new Set();
    byType.set(record.type, seen);
    for (const path of filledPaths(record, '')) seen.add(path);
  }
  return byType;
}

test.each([
  ['3,000', usual],
  ['300', small],
] as const)(
  'every type and every field of the grammar is filled in a sample of %s conversations',
  (_, records) => {
    const filled = filledByType([...records]);
    expect([...filled.keys()].sort()).toEqual(Object.keys(GRAMMAR).sort());
    for (const [type, fields] of Object.entries(GRAMMAR)) {
      const seen = filled.get(type)!;
      const missing = [...words(fields), ...words(UNKNOWN[type] ?? 'id')].filter((field) => !seen.has(field));
      expect(missing, type).toEqual([]);
    }
  },
);

test('a record says nothing on its first level that is neither in the grammar nor meant to be unknown', () => {
  for (const record of usual) {
    const known = new Set(
      words(`type id workspace_id ${GRAMMAR[record.type]!} ${UNKNOWN[record.type] ?? ''}`).map(
        (path) => path.split(/[.[]/)[0],
      ),
    );
    expect(Object.keys(record).filter((key) => !known.has(key))).toEqual([]);
    expect(Object.values(record).includes(undefined)).toBe(false);
  }
});

function fits(value: unknown, column: Column): boolean {
  if (value === undefined) return !column.isRequired;
  if (value === null) return column.isNullable && column.json === 'any';
  if (column.values !== undefined) return column.values.has(value as string);
  switch (column.type) {
    case 'text':
      return typeof value === 'string';
    case 'boolean':
      return typeof value === 'boolean';
    case 'bigint':
      return Number.isSafeInteger(value);
    case 'timestamptz':
      return typeof value === 'string' && new Date(value).toISOString() === value;
    case 'text[]':
      return Array.isArray(value) && value.every((word) => typeof word === 'string');
    case 'jsonb':
      if (column.json === 'object') return typeof value === 'object' && !Array.isArray(value);
      if (column.json === 'array') return Array.isArray(value);
      return column.json === 'any' || typeof value === column.json;
    default:
      throw new Error(`no rule for ${column.type}`);
  }
}

test('every value is of the type and among the words that the catalogue allows', () => {
  const tables = new Map(recordTables.map((table) => [table.type, table]));
  const misfits = new Set<string>();
  for (const record of usual) {
    for (const column of tables.get(record.type)!.columns) {
      if (column.field === undefined) continue;
      const value = column.field
        .split('.')
        .reduce<unknown>((inner, key) => (inner as Record<string, unknown> | undefined)?.[key], record);
      if (!fits(value, column)) misfits.add(`${record.type}.${column.field}: ${JSON.stringify(value)}`);
    }
  }
  expect([...misfits]).toEqual([]);
});

/** Every word that a field holds, sorted. */
function valuesOf(records: SampleRecord[], type: string, field: string): string[] {
  const words = records.filter((record) => record.type === type).map((record) => record[field] as string);
  return [...new Set(words)].filter((word) => word !== undefined).sort();
}

test('every status, channel, role, kind, audience, scope and event is there', () => {
  for (const records of [small, usual]) {
    expect(valuesOf(records, 'conversation', 'status')).toEqual([...STATUSES].sort());
    expect(valuesOf(records, 'conversation', 'channel')).toEqual([...CHANNELS].sort());
    expect(valuesOf(records, 'conversation', 'audience')).toEqual(['internal', 'paid_users', 'public']);
    expect(valuesOf(records, 'message', 'role')).toEqual(['assistant', 'system', 'teammate', 'tool', 'user']);
    expect(valuesOf(records, 'contact', 'kind')).toEqual(['contact', 'customer', 'lead', 'visitor']);
    expect(valuesOf(records, 'file', 'kind')).toEqual([
      'attachment',
      'generated_document',
      'recording',
      'upload',
    ]);
    expect(valuesOf(records, 'memory', 'scope')).toEqual(['user', 'workspace']);
    expect(valuesOf(records, 'knowledge_source', 'kind')).toEqual([
      'article',
      'file',
      'qa',
      'text',
      'website',
    ]);
    expect(valuesOf(records, 'event', 'kind')).toEqual(
      words(`archived claimed created escalated knowledge_retrieved note_added priority_changed reassigned released
        resolved skill_fired snoozed tagged untagged wakened`),
    );
  }
});
