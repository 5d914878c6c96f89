-- Filters of conversations that people keep under a name (V-18); each is seen by who made it alone.
create table saved_views (
  workspace_id text collate "C" not null references workspaces (id) on delete cascade,
  id text collate "C" not null,
  name text not null,
  filter jsonb not null,
  created_by text collate "C" not null,
  created_at timestamptz not null default now(),
  primary key (workspace_id, id)
);
create unique index saved_views_name on saved_views (workspace_id, created_by, name);
alter table saved_views enable row level security;
alter table saved_views force row level security;
create policy workspace_only on saved_views
  using (workspace_id = (select current_setting('convey.workspace_id', true)));
