-- Exports that are kept: their parts in the object store, their manifest and signature, and how long they live.
-- A direct reply has a manifest as well: its receipt.
alter table exports
  add column is_kept boolean not null default false,
  add column name text,
  add column manifest text,
  add column signature text,
  add column expires_at timestamptz,
  drop constraint exports_status_check,
  add constraint exports_status_check
    check (status in ('queued', 'running', 'ready', 'failed', 'cancelled', 'expired'));
create index exports_expiring on exports (workspace_id, expires_at) where status = 'ready' and is_kept;

create table export_parts (
  workspace_id text collate "C" not null,
  export_id text collate "C" not null,
  -- Place in the manifest, from 1; parts before contents of files.
  position bigint not null,
  kind text not null check (kind in ('part', 'file')),
  name text collate "C" not null,
  media_type text not null,
  bytes bigint not null,
  sha256 text not null,
  crc32 text not null,
  records bigint not null,
  object_key text not null,
  primary key (workspace_id, export_id, position),
  foreign key (workspace_id, export_id) references exports (workspace_id, id) on delete cascade
);
create unique index export_parts_name on export_parts (workspace_id, export_id, name);

alter table export_parts enable row level security;
alter table export_parts force row level security;
create policy workspace_only on export_parts
  using (workspace_id = (select current_setting('convey.workspace_id', true)));

-- The keys that sign manifests and receipts. The private half is wrapped by the master key.
create table signing_keys (
  fingerprint text collate "C" not null primary key,
  public_key text not null,
  private_key text not null,
  wrapped_by text not null,
  endorsements jsonb not null,
  created_at timestamptz not null,
  retired_at timestamptz,
  -- In wrong hands: nothing it signs counts any more.
  is_compromised boolean not null default false
);
-- One current key.
create unique index signing_keys_current on signing_keys ((true)) where retired_at is null;
