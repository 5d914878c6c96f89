-- The queue: work that outlives a request. Outside row-level security, since a worker looks for work everywhere;
-- rows hold ids and progress, no data. A job is about one thing (`kind`, `subject_id`), whose own table says
-- what people see.
create table jobs (
  id text collate "C" primary key,
  kind text collate "C" not null check (kind in ('export')),
  workspace_id text collate "C" not null references workspaces (id) on delete cascade,
  subject_id text collate "C" not null,
  status text not null check (status in ('queued', 'running', 'done', 'failed', 'cancelled')),
  -- How often it was begun. More than the limit: it is only claimed to be written off.
  attempts bigint not null default 0,
  -- Counts claims: what a worker writes must bear the number of its own claim, so that one that was taken for
  -- dead changes nothing.
  fence bigint not null default 0,
  worker text,
  lease_until timestamptz,
  run_at timestamptz not null default now(),
  cancel_asked_at timestamptz,
  progress jsonb not null default '{}',
  created_at timestamptz not null default now(),
  finished_at timestamptz,
  unique (kind, subject_id)
);
create index jobs_waiting on jobs (run_at) where status = 'queued';
create index jobs_running on jobs (workspace_id) where status = 'running';
