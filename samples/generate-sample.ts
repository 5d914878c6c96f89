import { hasSubscription, isMember, makeAccount, makeMembership, makeSubscription } from './make-accounts.ts';
import { makeContact } from './make-contact.ts';
import { makeConversation, openConversation } from './make-conversation.ts';
import { makeEvents, planEvents } from './make-events.ts';
import { FLOW_COUNT, KNOWLEDGE_COUNT, makeFlow, makeKnowledgeSource } from './make-knowledge.ts';
import { hasGeneralMemory, makeMemories } from './make-memories.ts';
import { makeMessages } from './make-messages.ts';
import { makeTicket } from './make-tickets.ts';
import { fileOf } from './plan-files.ts';
import { planTimes } from './plan-times.ts';
import { makeFile } from './sample-files.ts';
import { SAMPLE_TYPES, type SampleRecord, type SampleType } from './sample-record.ts';
import { type SampleOptions, sampleSize } from './sample-size.ts';
import { streamPlans } from './stream-plans.ts';

/**
 * The records of a made-up workspace, as lines of the ingest grammar: accounts, contacts, the knowledge of the
 * bot, then each conversation with all that belongs to it; parents always before children. The same options
 * give the same records for ever. Nothing is kept between records, so any size fits into memory; every
 * field of the grammar is there at least once from 300 conversations of the usual length on.
 */
export function* generateSample(options: SampleOptions = {}): Generator<SampleRecord> {
  const size = sampleSize(options);
  for (let i = 0; i < size.accounts; i++) yield makeAccount(size, i);
  for (let i = 0; i < size.accounts; i++) {
    if (isMember(i)) yield makeMembership(size, i);
    if (hasSubscription(i)) yield makeSubscription(size, i);
  }
  for (let i = 0; i < size.contacts; i++) yield makeContact(size, i);
  for (let i = 0; i < KNOWLEDGE_COUNT; i++) yield makeKnowledgeSource(size, i);
  for (let i = 0; i < FLOW_COUNT; i++) yield makeFlow(size, i);
  for (const plan of streamPlans(size)) {
    const conversation = openConversation(size, plan, planTimes(size, plan));
    yield makeConversation(size, conversation);
    yield* makeMessages(size, conversation);
    yield* makeEvents(size, conversation);
    yield* makeTicket(size, conversation);
    const file = fileOf(size, plan.index);
    if (file !== undefined) yield makeFile(size, conversation, file);
  }
  for (let i = 0; i < size.accounts; i++) yield* makeMemories(size, i);
}

export type SampleCounts = Record<SampleType, number>;

/**
 * How many records of each type `generateSample` gives for the same options, without making them. With
 * `workspace`, those outside every workspace (`"workspace_id": null`: general threads, their messages, the
 * memories of accounts) are left out.
 */
export function countSample(options: SampleOptions = {}, scope: 'all' | 'workspace' = 'all'): SampleCounts {
  const size = sampleSize(options);
  const counts = Object.fromEntries(SAMPLE_TYPES.map((type) => [type, 0])) as SampleCounts;
  for (let i = 0; i < size.accounts; i++) {
    counts.account++;
    if (isMember(i)) counts.workspace_membership++;
    if (hasSubscription(i)) counts.subscription++;
    counts.memory += hasGeneralMemory(i) && scope === 'all' ? 2 : 1;
  }
  counts.contact = size.contacts;
  counts.knowledge_source = KNOWLEDGE_COUNT;
  counts.flow = FLOW_COUNT;
  counts.file = size.files;
  for (const plan of streamPlans(size)) {
    if (plan.isGeneral && scope === 'workspace') continue;
    counts.conversation++;
    counts.message += plan.turns.length;
    counts.event += planEvents(plan).length;
    counts.ticket += plan.ticketMessages > 0 ? 1 : 0;
    counts.ticket_message += plan.ticketMessages;
  }
  return counts;
}
