-- Tables outside row-level security: a named list that a test holds (src/catalog/tables/system.ts).

create table workspaces (
  id text collate "C" primary key,
  kind text not null check (kind in ('team', 'personal', 'system')),
  slug text collate "C" unique,
  name text not null,
  product text collate "C" not null,
  account_id text collate "C",
  created_at timestamptz not null default now(),
  check ((kind = 'personal') = (account_id is not null)),
  check ((kind = 'team') = (slug is not null))
);
create unique index workspaces_personal on workspaces (product, account_id) where kind = 'personal';

insert into workspaces (id, kind, name, product) values ('wsp_system', 'system', 'This server', 'convey');

create table api_keys (
  id text collate "C" primary key,
  workspace_id text collate "C" not null references workspaces (id) on delete cascade,
  name text not null,
  hint text not null,
  secret_hash text collate "C" not null unique,
  scopes text[] not null,
  created_at timestamptz not null default now(),
  expires_at timestamptz,
  revoked_at timestamptz,
  last_used_at timestamptz
);
create index api_keys_workspace on api_keys (workspace_id);

-- The change feed's clock restarts with every cluster, so a row says which cluster counted it.
create table feed_state (
  id text collate "C" primary key check (id = 'feed'),
  system_identifier text not null,
  timeline bigint not null,
  epoch bigint not null
);
