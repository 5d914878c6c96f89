-- Convey's own rows about a workspace: under row-level security like the records.

create table tombstones (
  workspace_id text collate "C" not null references workspaces (id) on delete cascade,
  ref text collate "C" not null,
  dataset text not null,
  reason text not null check (reason in ('deleted', 'merged', 'erased', 'retention')),
  deleted_at timestamptz not null,
  changed_epoch bigint not null, changed_xid xid8 not null,
  primary key (workspace_id, ref)
);

create table ingest_pending (
  workspace_id text collate "C" not null references workspaces (id) on delete cascade,
  id text collate "C" not null,
  type text not null,
  record_id text collate "C" not null,
  parent_table text not null,
  parent_id text collate "C" not null,
  line text,
  received_at timestamptz not null,
  given_up_at timestamptz,
  primary key (workspace_id, id)
);
create index ingest_pending_parent on ingest_pending (workspace_id, parent_table, parent_id)
  where given_up_at is null;
create index ingest_pending_age on ingest_pending (workspace_id, received_at);

create table exports (
  workspace_id text collate "C" not null references workspaces (id) on delete cascade,
  id text collate "C" not null,
  kind text not null check (kind in ('workspace', 'contacts', 'conversations', 'conversation', 'contact')),
  format text not null check (format in ('json', 'ndjson', 'csv')),
  plan jsonb not null,
  status text not null check (status in ('running', 'ready', 'failed', 'cancelled')),
  stage text not null,
  snapshot_at timestamptz,
  counts jsonb,
  bytes bigint,
  sha256 text,
  error_code text,
  error_detail text,
  requested_by jsonb not null,
  interface text not null,
  created_at timestamptz not null,
  beat_at timestamptz not null,
  finished_at timestamptz,
  last_downloaded_at timestamptz,
  downloaded_bytes bigint,
  primary key (workspace_id, id)
);
create index exports_recent on exports (workspace_id, created_at desc, id desc);

create table audit_events (
  workspace_id text collate "C" not null references workspaces (id),
  seq bigint not null,
  at timestamptz not null,
  actor_type text not null,
  actor_ref text not null,
  action text not null,
  target_type text not null,
  target_ref text not null,
  outcome text not null check (outcome in ('success', 'denied', 'failed')),
  interface text not null,
  details jsonb not null,
  body_hash text not null,
  prev_hash text not null,
  hash text not null,
  primary key (workspace_id, seq)
);

create table audit_bodies (
  workspace_id text collate "C" not null,
  seq bigint not null,
  subject_ref text collate "C",
  salt text not null,
  body jsonb not null,
  primary key (workspace_id, seq),
  foreign key (workspace_id, seq) references audit_events (workspace_id, seq)
);
create index audit_bodies_subject on audit_bodies (workspace_id, subject_ref) where subject_ref is not null;
