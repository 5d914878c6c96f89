const GIVEN = `(select coalesce(jsonb_agg(p order by (p ->> 0) collate "C"), '[]') from jsonb_array_elements(s.participants) p)`;
const STORED = `(select coalesce(jsonb_agg(jsonb_build_array(p.contact_id, p.role) order by p.contact_id), '[]')
  from conversation_participants p where p.workspace_id = (select $1::text) and p.conversation_id = t.id)`;

/** Whether the staged participants (`[[contact_id, role], …]`, null: left alone) differ from the stored ones. */
export const CHANGED_PARTICIPANTS = `(s.participants is not null and ${GIVEN} <> ${STORED})`;

/**
 * Staged conversations that this transaction has written: their participants are to be written too. Laterals
 * for the reason that `stageSql` gives.
 */
const WRITTEN = `pg_temp.ingest_conversations s cross join lateral (
  select from conversations c
   where c.workspace_id = (select $1::text) and c.id = s.id and c.changed_xid = pg_current_xact_id() offset 0) c`;

/** Removes who no longer takes part. $1 is the workspace. */
export const DELETE_PARTICIPANTS = `delete from conversation_participants where ctid = any(array(
  select t.place from ${WRITTEN} cross join lateral (
    select ctid as place, contact_id from conversation_participants
     where workspace_id = (select $1::text) and conversation_id = s.id offset 0) t
   where s.participants is not null
     and not exists (select from jsonb_array_elements(s.participants) p where p ->> 0 = t.contact_id)))`;

/** Adds who is new and notes changed roles. $1 is the workspace. */
export const INSERT_PARTICIPANTS = `insert into conversation_participants (workspace_id, conversation_id, contact_id, role)
  select $1::text, s.id, p ->> 0, p ->> 1
    from ${WRITTEN} cross join lateral jsonb_array_elements(s.participants) p
   where s.participants is not null
  on conflict (workspace_id, conversation_id, contact_id) do update set role = excluded.role
   where conversation_participants.role is distinct from excluded.role`;
