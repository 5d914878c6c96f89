import { expect, test } from 'vitest';
import { datasets } from '../catalog/datasets.ts';
import { treatmentOf, treatmentOfKey } from './treatments.ts';

const columns = [...datasets.values()].flatMap((dataset) =>
  dataset.columns.map((column) => ({ ...column, at: `${dataset.name}.${column.name}` })),
);

test('every column with personal data, and every other that can hold words, has a treatment', () => {
  const kept = columns.filter((column) => treatmentOf(column).value === undefined);
  expect(
    kept.filter(({ column }) => column !== undefined && column.personal !== 'none').map(({ at }) => at),
  ).toEqual([]);
  const wordy = kept.filter(({ type }) => type === 'text' || type === 'jsonb' || type === 'text[]');
  // One of a few words that we know, and no other.
  expect(wordy.filter(({ column }) => column?.values === undefined).map(({ at }) => at)).toEqual([]);
});

test('what a column is follows from its class in the catalogue, under every name that a dataset gives it', () => {
  const of = (at: string) => {
    const column = columns.find((candidate) => candidate.at === at);
    return column && treatmentOf(column).value;
  };
  expect({
    id: of('contacts.id'),
    name: of('conversations_with_contact.contact.name'),
    email: of('conversation_table.customer_email'),
    phone: of('contact_table.phone'),
    company: of('contacts.company'),
    channel: of('conversations.channel_id'),
    agent: [
      of('conversations.assigned_agent.id'),
      of('conversations.assigned_agent.name'),
      of('conversation_table.agent_assigned'),
    ],
    author: [of('message_table.author'), of('messages.author.id'), of('replies.author.name')],
    body: of('messages.body'),
    file: [of('files.name'), of('files.sha256'), of('files.size')],
    status: of('conversations.status'),
    time: of('messages.created_at'),
    first: of('conversation_table.first_message'),
  }).toEqual({
    id: 'id',
    name: 'name',
    email: 'email',
    phone: 'phone',
    company: 'company',
    channel: 'id',
    agent: ['id', 'name', 'name'],
    author: ['name', 'id', 'name'],
    body: 'text',
    file: ['file_name', 'id', undefined],
    status: undefined,
    time: undefined,
    first: 'text',
  });
});

test('columns that name one another have the same treatment, so that joins still work', () => {
  const ids = columns.filter(
    ({ name }) => /(^|[._])id$/.test(name) && !/^(bot|widget|source_bot)_id$/.test(name),
  );
  expect(ids.length).toBeGreaterThan(30);
  expect(ids.filter((column) => treatmentOf(column).value !== 'id').map(({ at }) => at)).toEqual([]);
});

test.each([
  ['customerEmail', 'email'],
  ['e-mail', 'email'],
  ['contact_id', 'id'],
  ['phoneNumber', 'phone'],
  ['ip_address', 'ip'],
  ['email_address', 'email'],
  ['street address', 'hidden'],
  ['dateOfBirth', 'hidden'],
  ['first_name', 'name'],
  ['name', 'name'],
  ['plan_name', undefined],
  ['file_name', undefined],
  ['rating', undefined],
  ['paid', undefined],
  ['', undefined],
])('the key %j says %j', (key, expected) => {
  expect(treatmentOfKey(key)).toBe(expected);
});
