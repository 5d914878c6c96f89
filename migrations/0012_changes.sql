-- Incremental exports: what changed since a place in the order of changes, found by index. Rows that one transaction
-- wrote share one key, which a B-tree keeps once for all of them: six bytes a row, and new rows go to its right end.
create index conversations_changes on conversations (workspace_id, changed_epoch, changed_xid);
create index messages_changes on messages (workspace_id, changed_epoch, changed_xid);
create index events_changes on events (workspace_id, changed_epoch, changed_xid);
create index files_changes on files (workspace_id, changed_epoch, changed_xid);
create index contacts_changes on contacts (workspace_id, changed_epoch, changed_xid);
create index tombstones_changes on tombstones (workspace_id, changed_epoch, changed_xid);

alter table schedules
  -- Place of the last export in the chain; 0: there is none.
  add column sequence bigint not null default 0,
  -- What the next manifest of the chain has to say about a break in it.
  add column gaps jsonb not null default '[]';

create index schedule_occurrences_open on schedule_occurrences (workspace_id, schedule_id)
  where status in ('waiting', 'queued');

-- Schedules of all workspaces that somebody has to look at. Row-level security shows one workspace at a time, so it
-- goes from one to the next, in one trip to the server; it tells ids alone.
create function schedules_at_work(at timestamptz) returns table (workspace_id text, schedule_id text)
language plpgsql as $$
declare
  team record;
begin
  for team in select w.id from workspaces w where w.kind = 'team' loop
    perform set_config('convey.workspace_id', team.id, true);
    return query
      select s.workspace_id::text, s.id::text from schedules s
       where s.workspace_id = team.id
         and ((s.paused_at is null and s.next_at <= at) or exists (
           select from schedule_occurrences o
            where o.workspace_id = team.id and o.schedule_id = s.id and o.status in ('waiting', 'queued')));
  end loop;
  perform set_config('convey.workspace_id', '', true);
end
$$;
