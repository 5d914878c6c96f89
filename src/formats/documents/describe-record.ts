import type { RowView } from '../row-view.ts';
import { memberText, type RowReader, showTime } from './row-reader.ts';
import type { Transcript } from './transcript.ts';

/** What a document says of its conversation, or ticket, beside its messages. */
export interface RecordDescription extends Pick<Transcript, 'id' | 'title' | 'facts'> {
  /** For lists of documents. */
  summary: RecordSummary;
  /** Who a message is by that names nobody: the contact whose conversation it is. */
  contactName: string | undefined;
}

/** One line about a conversation, or ticket. */
export interface RecordSummary {
  id: string;
  title: string;
  customer: string | undefined;
  channel: string | undefined;
  status: string | undefined;
  /** RFC 3339, UTC. */
  startedAt: string | undefined;
  endedAt: string | undefined;
}

/** Reads a conversation or a ticket from its row: what the export left out is simply not there. */
export function describeRecord(reader: RowReader, row: RowView, noun: string): RecordDescription {
  const id = reader.text(row, 'id') ?? '';
  const title = reader.text(row, 'subject') ?? `${noun} ${id}`;
  const contactName = reader.text(row, 'contact.name');
  const startedAt = reader.time(row, 'started_at') ?? reader.time(row, 'created_at');
  const endedAt = reader.time(row, 'ended_at') ?? reader.time(row, 'resolved_at');
  const customer = describeCustomer(reader, row);
  const time = (name: string) => {
    const at = reader.time(row, name);
    return at === undefined ? undefined : showTime(at);
  };
  const text = (name: string) => reader.text(row, name);
  const facts: [label: string, value: string | undefined][] = [
    ['Customer', customer],
    ['Identity', describeIdentity(reader, row)],
    ['Company', text('contact.company')],
    ['Phone', text('contact.phone')],
    ['Channel', text('channel')],
    ['Status', text('status')],
    ['Priority', text('priority')],
    ['Tags', text('tags')],
    ['Audience', text('audience')],
    ['Language', text('language')],
    ['Assigned to', text('assigned_agent.name') ?? text('assigned_agent.id') ?? text('assigned_agent_id')],
    ['Skills', listNames(reader, row, 'skills')],
    ['Satisfaction', describeSatisfaction(reader, row)],
    ['Started', startedAt === undefined ? undefined : showTime(startedAt)],
    ['Resolved', time('resolved_at')],
    ['Ended', time('ended_at')],
    ['Summary', text('summary')],
    [`${noun} id`, id],
    ['Of conversation', text('conversation_id')],
  ];
  return {
    id,
    title,
    contactName,
    facts: facts.flatMap(([label, value]) => (value === undefined ? [] : [{ label, value }])),
    summary: {
      id,
      title,
      customer,
      channel: text('channel'),
      status: text('status'),
      startedAt,
      endedAt,
    },
  };
}

function describeCustomer(reader: RowReader, row: RowView): string | undefined {
  const name = reader.text(row, 'contact.name');
  const email = reader.text(row, 'contact.email');
  if (name !== undefined && email !== undefined) return `${name} <${email}>`;
  return name ?? email ?? reader.text(row, 'contact.id') ?? reader.text(row, 'contact_id');
}

/** How the customer's identity was verified (V-04). */
function describeIdentity(reader: RowReader, row: RowView): string | undefined {
  if (!reader.has('contact.identity_verified')) return undefined;
  const verified = reader.object(row, 'contact.identity_verified');
  const method = memberText(verified, 'method');
  const at = memberText(verified, 'at');
  if (method === undefined && at === undefined) return undefined;
  return ['verified', ...(method ? [`by ${method}`] : []), ...(at ? [`at ${at}`] : [])].join(' ');
}

function describeSatisfaction(reader: RowReader, row: RowView): string | undefined {
  const csat = reader.object(row, 'csat');
  const told = [memberText(csat, 'rating'), memberText(csat, 'comment')].filter(Boolean);
  return told.length === 0 ? undefined : told.join(': ');
}

function listNames(reader: RowReader, row: RowView, name: string): string | undefined {
  const names = reader.objects(row, name).flatMap((one) => memberText(one, 'name') ?? []);
  return names.length === 0 ? undefined : names.join(', ');
}
