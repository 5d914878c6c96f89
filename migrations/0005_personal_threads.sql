-- Which personal workspace holds a thread. A message names its conversation, not whose it is, and rows under
-- row-level security cannot be searched across workspaces. Outside row-level security: it holds ids alone,
-- and goes with its conversation.
create table personal_threads (
  product text collate "C" not null,
  conversation_id text collate "C" not null,
  workspace_id text collate "C" not null,
  primary key (product, conversation_id),
  foreign key (workspace_id, conversation_id) references conversations (workspace_id, id) on delete cascade
);
create index personal_threads_conversation on personal_threads (workspace_id, conversation_id);

-- Lines that wait for one parent are let go in the order of their arrival, a page at a time.
drop index ingest_pending_parent;
create index ingest_pending_parent on ingest_pending (workspace_id, parent_table, parent_id, id)
  where given_up_at is null;
-- A newer line about a record makes what waits for the same record obsolete.
create index ingest_pending_record on ingest_pending (workspace_id, type, record_id);
