-- Every table with a workspace's data answers only for the workspace that the transaction names. The
-- scalar sub-select is read once per statement, so that the policy costs a one-time filter. FORCE: the
-- owner of the tables is held by it as well.
do $$
declare
  guarded text;
begin
  foreach guarded in array array[
    'accounts', 'workspace_memberships', 'subscriptions', 'contacts', 'contact_aliases', 'knowledge_sources',
    'flows', 'conversations', 'conversation_participants', 'messages', 'events', 'tickets', 'ticket_messages',
    'files', 'memories', 'tombstones', 'ingest_pending', 'exports', 'audit_events', 'audit_bodies'
  ] loop
    execute format('alter table %I enable row level security', guarded);
    execute format('alter table %I force row level security', guarded);
    execute format(
      'create policy workspace_only on %I using (workspace_id = (select current_setting(''convey.workspace_id'', true)))',
      guarded);
  end loop;
end
$$;
