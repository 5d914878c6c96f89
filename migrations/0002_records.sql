-- The records of the ingest grammar. Host ids are text compared by bytes, so that PostgreSQL's order and a
-- byte comparison agree on any server. Every key and foreign key leads with the workspace.

create table accounts (
  workspace_id text collate "C" not null references workspaces (id) on delete cascade,
  id text collate "C" not null,
  ref text collate "C" not null,
  email text, name text, settings jsonb, locale text, last_sign_in_at timestamptz,
  created_at timestamptz not null, updated_at timestamptz, version bigint,
  attributes jsonb not null default '{}', written_at timestamptz not null,
  changed_epoch bigint not null, changed_xid xid8 not null,
  primary key (workspace_id, id)
);
create index accounts_order on accounts (workspace_id, created_at, id);

create table workspace_memberships (
  workspace_id text collate "C" not null,
  id text collate "C" not null,
  ref text collate "C" not null,
  account_id text collate "C" not null,
  role text,
  created_at timestamptz not null, updated_at timestamptz, version bigint,
  attributes jsonb not null default '{}', written_at timestamptz not null,
  changed_epoch bigint not null, changed_xid xid8 not null,
  primary key (workspace_id, id),
  foreign key (workspace_id, account_id) references accounts (workspace_id, id) on delete cascade
);
create index workspace_memberships_order on workspace_memberships (workspace_id, created_at, id);
create index workspace_memberships_account on workspace_memberships (workspace_id, account_id);

create table subscriptions (
  workspace_id text collate "C" not null,
  id text collate "C" not null,
  ref text collate "C" not null,
  account_id text collate "C" not null,
  plan text, status text, started_at timestamptz, renews_at timestamptz, cancelled_at timestamptz,
  seats bigint, amount jsonb, currency text,
  created_at timestamptz not null, updated_at timestamptz, version bigint,
  attributes jsonb not null default '{}', written_at timestamptz not null,
  changed_epoch bigint not null, changed_xid xid8 not null,
  primary key (workspace_id, id),
  foreign key (workspace_id, account_id) references accounts (workspace_id, id) on delete cascade
);
create index subscriptions_order on subscriptions (workspace_id, created_at, id);
create index subscriptions_account on subscriptions (workspace_id, account_id);

create table contacts (
  workspace_id text collate "C" not null references workspaces (id) on delete cascade,
  id text collate "C" not null,
  ref text collate "C" not null,
  kind text not null check (kind in ('lead', 'contact', 'customer', 'visitor')),
  email text, name text, company text, job_title text, phone text, language text, tags text[],
  source text, external_id text, account_ref text, source_bot_id text, source_conversation_id text,
  notes text, metadata jsonb, churn_reasons jsonb, identities jsonb, identity_verified jsonb,
  last_seen_at timestamptz, promoted_at timestamptz, churned_at timestamptz,
  created_at timestamptz not null, updated_at timestamptz, version bigint,
  attributes jsonb not null default '{}', written_at timestamptz not null,
  changed_epoch bigint not null, changed_xid xid8 not null,
  primary key (workspace_id, id)
);
create index contacts_order on contacts (workspace_id, created_at, id);
create index contacts_email on contacts (workspace_id, lower(email)) where email is not null;
create unique index contacts_ref on contacts (workspace_id, ref);

create table contact_aliases (
  workspace_id text collate "C" not null,
  id text collate "C" not null,
  contact_id text collate "C" not null,
  merged_at timestamptz not null,
  primary key (workspace_id, id),
  foreign key (workspace_id, contact_id) references contacts (workspace_id, id) on delete cascade
);
create index contact_aliases_contact on contact_aliases (workspace_id, contact_id);

create table knowledge_sources (
  workspace_id text collate "C" not null references workspaces (id) on delete cascade,
  id text collate "C" not null,
  ref text collate "C" not null,
  kind text not null check (kind in ('website', 'file', 'text', 'qa', 'article')),
  title text, url text, body text, audience text not null default 'public', language text, status text,
  created_at timestamptz not null, updated_at timestamptz, version bigint,
  attributes jsonb not null default '{}', written_at timestamptz not null,
  changed_epoch bigint not null, changed_xid xid8 not null,
  primary key (workspace_id, id)
);
create index knowledge_sources_order on knowledge_sources (workspace_id, created_at, id);

create table flows (
  workspace_id text collate "C" not null references workspaces (id) on delete cascade,
  id text collate "C" not null,
  ref text collate "C" not null,
  name text, status text, flow_version jsonb, graph jsonb,
  created_at timestamptz not null, updated_at timestamptz, version bigint,
  attributes jsonb not null default '{}', written_at timestamptz not null,
  changed_epoch bigint not null, changed_xid xid8 not null,
  primary key (workspace_id, id)
);
create index flows_order on flows (workspace_id, created_at, id);

create table conversations (
  workspace_id text collate "C" not null references workspaces (id) on delete cascade,
  id text collate "C" not null,
  ref text collate "C" not null,
  contact_id text collate "C",
  account_id text collate "C",
  channel text, channel_id text, bot_id text, widget_id text,
  status text not null check (status in
    ('open', 'claimed', 'assigned', 'waiting', 'escalated', 'snoozed', 'resolved', 'archived')),
  priority text, subject text, summary text, tags text[],
  audience text not null default 'public',
  skills jsonb, assigned_agent_id text, assigned_agent_name text, agents jsonb, csat jsonb, language text,
  started_at timestamptz, resolved_at timestamptz, ended_at timestamptz, metadata jsonb, ada jsonb,
  created_at timestamptz not null, updated_at timestamptz, version bigint,
  attributes jsonb not null default '{}', written_at timestamptz not null,
  changed_epoch bigint not null, changed_xid xid8 not null,
  primary key (workspace_id, id),
  foreign key (workspace_id, contact_id) references contacts (workspace_id, id) on delete cascade,
  foreign key (workspace_id, account_id) references accounts (workspace_id, id) on delete cascade
);
create index conversations_order on conversations (workspace_id, created_at, id);
create index conversations_contact on conversations (workspace_id, contact_id) where contact_id is not null;
create index conversations_account on conversations (workspace_id, account_id) where account_id is not null;
create unique index conversations_ref on conversations (workspace_id, ref);

create table conversation_participants (
  workspace_id text collate "C" not null,
  conversation_id text collate "C" not null,
  contact_id text collate "C" not null,
  role text,
  primary key (workspace_id, conversation_id, contact_id),
  foreign key (workspace_id, conversation_id) references conversations (workspace_id, id) on delete cascade,
  foreign key (workspace_id, contact_id) references contacts (workspace_id, id) on delete cascade
);
create index conversation_participants_contact on conversation_participants (workspace_id, contact_id);

create table messages (
  workspace_id text collate "C" not null,
  id text collate "C" not null,
  ref text collate "C" not null,
  conversation_id text collate "C" not null,
  author_kind text collate "C" not null check (author_kind in ('contact', 'bot', 'tool', 'teammate', 'system')),
  is_internal boolean not null default false,
  author_id text, author_name text, author_contact_id text collate "C",
  body text, citations jsonb, in_reply_to text collate "C", edited_at timestamptz, tool jsonb, ada jsonb,
  created_at timestamptz not null, updated_at timestamptz, version bigint,
  attributes jsonb not null default '{}', written_at timestamptz not null,
  changed_epoch bigint not null, changed_xid xid8 not null,
  primary key (workspace_id, id),
  foreign key (workspace_id, conversation_id) references conversations (workspace_id, id) on delete cascade
);
-- The order of every export; the last two columns let a projection (messages, replies, notes) skip rows
-- inside the index.
create index messages_order on messages
  (workspace_id, conversation_id, created_at, id, author_kind, is_internal);
create index messages_cited on messages (workspace_id, conversation_id, created_at, id)
  where citations is not null;
create index messages_author on messages (workspace_id, author_contact_id) where author_contact_id is not null;

create table events (
  workspace_id text collate "C" not null,
  id text collate "C" not null,
  ref text collate "C" not null,
  conversation_id text collate "C" not null,
  kind text not null,
  actor jsonb, occurred_at timestamptz not null, before jsonb, after jsonb, reason text,
  created_at timestamptz not null, updated_at timestamptz, version bigint,
  attributes jsonb not null default '{}', written_at timestamptz not null,
  changed_epoch bigint not null, changed_xid xid8 not null,
  primary key (workspace_id, id),
  foreign key (workspace_id, conversation_id) references conversations (workspace_id, id) on delete cascade
);
create index events_order on events (workspace_id, conversation_id, occurred_at, id);

create table tickets (
  workspace_id text collate "C" not null references workspaces (id) on delete cascade,
  id text collate "C" not null,
  ref text collate "C" not null,
  contact_id text collate "C",
  conversation_id text collate "C",
  status text, priority text, subject text, custom jsonb,
  created_at timestamptz not null, updated_at timestamptz, version bigint,
  attributes jsonb not null default '{}', written_at timestamptz not null,
  changed_epoch bigint not null, changed_xid xid8 not null,
  primary key (workspace_id, id),
  foreign key (workspace_id, contact_id) references contacts (workspace_id, id) on delete cascade,
  foreign key (workspace_id, conversation_id) references conversations (workspace_id, id)
    on delete set null (conversation_id)
);
create index tickets_order on tickets (workspace_id, created_at, id);
create index tickets_contact on tickets (workspace_id, contact_id);
create index tickets_conversation on tickets (workspace_id, conversation_id) where conversation_id is not null;

create table ticket_messages (
  workspace_id text collate "C" not null,
  id text collate "C" not null,
  ref text collate "C" not null,
  ticket_id text collate "C" not null,
  is_internal boolean not null default false,
  author_id text, author_name text, author_contact_id text collate "C", body text,
  created_at timestamptz not null, updated_at timestamptz, version bigint,
  attributes jsonb not null default '{}', written_at timestamptz not null,
  changed_epoch bigint not null, changed_xid xid8 not null,
  primary key (workspace_id, id),
  foreign key (workspace_id, ticket_id) references tickets (workspace_id, id) on delete cascade
);
create index ticket_messages_order on ticket_messages (workspace_id, ticket_id, created_at, id, is_internal);
create index ticket_messages_author on ticket_messages (workspace_id, author_contact_id)
  where author_contact_id is not null;

create table files (
  workspace_id text collate "C" not null references workspaces (id) on delete cascade,
  id text collate "C" not null,
  ref text collate "C" not null,
  kind text not null check (kind in ('upload', 'generated_document', 'recording', 'attachment')),
  name text, media_type text, size bigint, sha256 text,
  conversation_id text collate "C",
  message_id text collate "C",
  contact_id text collate "C",
  account_id text collate "C",
  content_key text, content_size bigint, content_sha256 text, content_stored_at timestamptz,
  created_at timestamptz not null, updated_at timestamptz, version bigint,
  attributes jsonb not null default '{}', written_at timestamptz not null,
  changed_epoch bigint not null, changed_xid xid8 not null,
  primary key (workspace_id, id),
  foreign key (workspace_id, conversation_id) references conversations (workspace_id, id) on delete cascade,
  foreign key (workspace_id, message_id) references messages (workspace_id, id) on delete cascade,
  foreign key (workspace_id, contact_id) references contacts (workspace_id, id) on delete cascade,
  foreign key (workspace_id, account_id) references accounts (workspace_id, id) on delete cascade
);
create index files_order on files (workspace_id, created_at, id);
create index files_conversation on files (workspace_id, conversation_id, created_at, id)
  where conversation_id is not null;
create index files_message on files (workspace_id, message_id) where message_id is not null;
create index files_contact on files (workspace_id, contact_id) where contact_id is not null;
create index files_account on files (workspace_id, account_id) where account_id is not null;

create table memories (
  workspace_id text collate "C" not null,
  id text collate "C" not null,
  ref text collate "C" not null,
  account_id text collate "C" not null,
  scope text not null check (scope in ('workspace', 'user')),
  body text, source text,
  created_at timestamptz not null, updated_at timestamptz, version bigint,
  attributes jsonb not null default '{}', written_at timestamptz not null,
  changed_epoch bigint not null, changed_xid xid8 not null,
  primary key (workspace_id, id),
  foreign key (workspace_id, account_id) references accounts (workspace_id, id) on delete cascade
);
create index memories_order on memories (workspace_id, created_at, id);
create index memories_account on memories (workspace_id, account_id);
