-- Files that members bring in through the app, and the sample data: what became of each.
create table imports (
  workspace_id text collate "C" not null references workspaces (id) on delete cascade,
  id text collate "C" not null,
  source text not null check (source in ('files', 'sample')),
  status text not null check (status in ('preparing', 'running', 'done', 'failed', 'cancelled')),
  -- The file that was chosen, and what it is.
  file_name text,
  format text,
  created_by jsonb not null,
  created_at timestamptz not null default now(),
  started_at timestamptz,
  finished_at timestamptz,
  -- The last sign of life of the process that runs it.
  seen_at timestamptz,
  progress jsonb not null default '{}',
  result jsonb,
  -- Why it failed: {code, detail}.
  failure jsonb,
  primary key (workspace_id, id)
);
-- One at a time: two files that bring the same records would only wait for each other.
create unique index imports_running on imports (workspace_id) where status = 'running';
alter table imports enable row level security;
alter table imports force row level security;
create policy workspace_only on imports
  using (workspace_id = (select current_setting('convey.workspace_id', true)));
