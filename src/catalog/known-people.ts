import type { Table } from './declare.ts';
import { computedColumn, type DatasetColumn } from './record-columns.ts';

/** Columns of a contact, under `alias`, by which texts name a person. */
const personOf = (alias: string) => `jsonb_build_object(
    'ids', jsonb_build_array(${alias}.id, ${alias}.external_id, ${alias}.account_ref), 'name', ${alias}.name,
    'email', ${alias}.email, 'phone', ${alias}.phone, 'company', ${alias}.company, 'identities', ${alias}.identities)`;

const contacts = (condition: string) => `coalesce((select jsonb_agg(${personOf('k')}) from contacts k
    where k.workspace_id = t.workspace_id and ${condition}), '[]')`;

const accounts = (condition: string) => `coalesce((select jsonb_agg(jsonb_build_object(
      'ids', jsonb_build_array(a.id), 'name', a.name, 'email', a.email)) from accounts a
    where a.workspace_id = t.workspace_id and ${condition}), '[]')`;

const names = (table: string, condition: string) => `(select jsonb_agg(distinct m.author_name) from ${table} m
    where m.workspace_id = t.workspace_id and ${condition} and m.author_name is not null)`;

const OWN_ACCOUNT = accounts('a.id = t.account_id');

/** Contacts of a conversation: its first, who takes part, and who wrote in it. */
const TAKING_PART = contacts(`k.id = any (array(
      select t.contact_id
      union select p.contact_id from conversation_participants p
        where p.workspace_id = t.workspace_id and p.conversation_id = t.id
      union select m.author_contact_id from messages m
        where m.workspace_id = t.workspace_id and m.conversation_id = t.id and m.author_contact_id is not null))`);

/** By table: `{people: [{ids, name, email, phone, company, identities}], agents: [{id, name}], names: […]}`. */
const PEOPLE: Readonly<Record<string, string>> = {
  contacts: `jsonb_build_object('people', jsonb_build_array(${personOf('t')}))`,
  accounts: `jsonb_build_object('people', jsonb_build_array(jsonb_build_object(
    'ids', jsonb_build_array(t.id), 'name', t.name, 'email', t.email)))`,
  workspace_memberships: `jsonb_build_object('people', ${OWN_ACCOUNT})`,
  subscriptions: `jsonb_build_object('people', ${OWN_ACCOUNT})`,
  memories: `jsonb_build_object('people', ${OWN_ACCOUNT})`,
  conversations: `jsonb_build_object('people', ${TAKING_PART} || ${OWN_ACCOUNT},
    'agents', coalesce(t.agents, '[]') || jsonb_build_array(
      jsonb_build_object('id', t.assigned_agent_id, 'name', t.assigned_agent_name)),
    'names', ${names('messages', `m.conversation_id = t.id and m.author_kind in ('contact', 'teammate')`)})`,
  tickets: `jsonb_build_object('people', ${contacts('k.id = t.contact_id')},
    'names', ${names('ticket_messages', 'm.ticket_id = t.id')})`,
  files: `jsonb_build_object('people', ${OWN_ACCOUNT} || ${contacts(`k.id = coalesce(t.contact_id,
      (select c.contact_id from conversations c where c.workspace_id = t.workspace_id and c.id = t.conversation_id))`)})`,
};

/**
 * A column for an anonymised export, never shown: whom a record of the table is about and who wrote in it, as far as
 * the database knows. Undefined for tables whose records are about nobody.
 */
export function knownPeopleColumn({ name }: Table): DatasetColumn | undefined {
  const sql = PEOPLE[name];
  return sql === undefined
    ? undefined
    : computedColumn('known_people', 'jsonb', sql, 'Whom the record is about.', { audience: 'internal' });
}
