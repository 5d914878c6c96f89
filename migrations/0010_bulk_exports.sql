-- Bulk exports: more formats and kinds, reruns, warnings, who fetched what, links, saved field sets, schedules,
-- notices inside the app, and requests that may be repeated safely.

alter table exports
  add column rerun_of text collate "C",
  add column schedule_id text collate "C",
  -- What a ready export could not hold (a file whose bytes are gone): [{code, count, detail}].
  add column warnings jsonb not null default '[]',
  -- Mail addresses of members who are told when it has ended.
  add column notify text[] not null default '{}',
  drop constraint exports_kind_check,
  add constraint exports_kind_check
    check (kind in ('workspace', 'contacts', 'conversations', 'conversation', 'contact', 'audit')),
  drop constraint exports_format_check,
  add constraint exports_format_check
    check (format in ('json', 'ndjson', 'csv', 'xlsx', 'pdf', 'html', 'chat-jsonl', 'zip'));

-- Completed transfers, one row each; the audit log has them too.
create table export_downloads (
  workspace_id text collate "C" not null,
  id text collate "C" not null,
  export_id text collate "C" not null,
  at timestamptz not null default now(),
  actor jsonb not null,
  -- Null: the whole package, or the one file of an export that was sent at once.
  file text,
  bytes bigint not null,
  is_whole boolean not null,
  primary key (workspace_id, id),
  foreign key (workspace_id, export_id) references exports (workspace_id, id) on delete cascade
);
create index export_downloads_of on export_downloads (workspace_id, export_id, at);
alter table export_downloads enable row level security;
alter table export_downloads force row level security;
create policy workspace_only on export_downloads
  using (workspace_id = (select current_setting('convey.workspace_id', true)));

-- Links that open one export without a sign-in, for whoever holds them. Found by the hash of their token, so
-- outside row-level security; no contents.
create table export_links (
  id text collate "C" primary key,
  workspace_id text collate "C" not null references workspaces (id) on delete cascade,
  export_id text collate "C" not null,
  token_hash text collate "C" not null unique,
  created_by jsonb not null,
  created_at timestamptz not null default now(),
  expires_at timestamptz not null,
  revoked_at timestamptz,
  downloads bigint not null default 0,
  last_download_at timestamptz
);
create index export_links_of on export_links (workspace_id, export_id);

-- Choices of fields that people keep: their own, or the workspace's.
create table field_sets (
  workspace_id text collate "C" not null references workspaces (id) on delete cascade,
  id text collate "C" not null,
  name text not null,
  fields text[] not null,
  is_shared boolean not null default false,
  created_by text collate "C" not null,
  created_at timestamptz not null default now(),
  primary key (workspace_id, id)
);
create unique index field_sets_name on field_sets (workspace_id, created_by, name);
alter table field_sets enable row level security;
alter table field_sets force row level security;
create policy workspace_only on field_sets
  using (workspace_id = (select current_setting('convey.workspace_id', true)));

-- Exports that come back: when, what, where to.
create table schedules (
  workspace_id text collate "C" not null references workspaces (id) on delete cascade,
  id text collate "C" not null,
  name text not null,
  -- What is exported, as an order (`POST /v1/exports` takes the same).
  request jsonb not null,
  cron text not null,
  time_zone text not null,
  is_incremental boolean not null default false,
  -- An occurrence is due while the one before still runs: leave it out, or wait.
  overlap text not null check (overlap in ('skip', 'wait')),
  -- Occurrences that nobody was there for: leave them out, make the last one, make all.
  catch_up text not null check (catch_up in ('none', 'last', 'all')),
  destination jsonb not null,
  notify text[] not null default '{}',
  created_by jsonb not null,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  next_at timestamptz,
  paused_at timestamptz,
  paused_reason text,
  failures bigint not null default 0,
  -- Of the chain of an incremental one: the last export that stands, and up to where it reaches.
  last_export_id text collate "C",
  last_manifest_sha256 text,
  reaches jsonb,
  primary key (workspace_id, id)
);
create index schedules_due on schedules (next_at) where paused_at is null;
alter table schedules enable row level security;
alter table schedules force row level security;
create policy workspace_only on schedules
  using (workspace_id = (select current_setting('convey.workspace_id', true)));

-- One row per occurrence, whatever becomes of it: two servers that see it due make one export of it.
create table schedule_occurrences (
  workspace_id text collate "C" not null,
  schedule_id text collate "C" not null,
  occurrence_at timestamptz not null,
  status text not null check (status in ('waiting', 'queued', 'done', 'failed', 'skipped')),
  export_id text collate "C",
  reason text,
  attempted_at timestamptz not null default now(),
  primary key (workspace_id, schedule_id, occurrence_at),
  foreign key (workspace_id, schedule_id) references schedules (workspace_id, id) on delete cascade
);
alter table schedule_occurrences enable row level security;
alter table schedule_occurrences force row level security;
create policy workspace_only on schedule_occurrences
  using (workspace_id = (select current_setting('convey.workspace_id', true)));

-- What a user is told inside the app.
create table notices (
  workspace_id text collate "C" not null references workspaces (id) on delete cascade,
  id text collate "C" not null,
  user_id text collate "C" not null,
  kind text not null,
  subject_id text collate "C" not null,
  details jsonb not null,
  created_at timestamptz not null default now(),
  read_at timestamptz,
  primary key (workspace_id, id)
);
create index notices_of on notices (workspace_id, user_id, created_at desc);
alter table notices enable row level security;
alter table notices force row level security;
create policy workspace_only on notices
  using (workspace_id = (select current_setting('convey.workspace_id', true)));

-- Requests that a client may repeat without the thing happening twice (`Idempotency-Key`). No bodies, no secrets.
create table idempotency_keys (
  principal text collate "C" not null,
  route text collate "C" not null,
  key_hash text collate "C" not null,
  workspace_id text collate "C" not null,
  body_sha256 text not null,
  -- Null: the first one still runs.
  status bigint,
  resource text,
  created_at timestamptz not null default now(),
  primary key (principal, route, key_hash)
);
create index idempotency_keys_age on idempotency_keys (created_at);

alter table workspaces
  -- How transcripts look: {name, color}.
  add column brand jsonb not null default '{}',
  -- Where the store keeps the logo, and what it is (image/png, image/jpeg).
  add column logo_key text collate "C",
  add column logo_type text;
