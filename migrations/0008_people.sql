-- People: users, how they sign in, what they may do in which workspace; and how Convey reaches the outside:
-- mail, webhooks, checkpoints of the audit log. Secrets are hashed, or sealed under the master key.

alter table workspaces
  -- Features of the workspace's plan; null: all there are.
  add column plan_features text[],
  -- Permission → the roles that keep it: only ever fewer than by default.
  add column tightening jsonb not null default '{}',
  add column requires_second_factor boolean not null default false;

alter table api_keys
  add column allowed_networks text[] not null default '{}',
  add column created_by text not null default 'operator';

create table users (
  id text collate "C" primary key,
  email text not null,
  -- The address as it is compared: lower case, normalised.
  email_key text collate "C" not null unique,
  name text not null,
  locale text not null default 'en',
  password_hash text,
  password_changed_at timestamptz,
  -- Sealed. Not yet in force while totp_confirmed_at is null.
  totp_secret text,
  totp_confirmed_at timestamptz,
  -- The last time step a code was taken of: no code counts twice.
  totp_last_step bigint,
  -- SHA-256 of the recovery codes that are left.
  recovery_codes text[] not null default '{}',
  created_at timestamptz not null default now(),
  last_sign_in_at timestamptz,
  disabled_at timestamptz
);

-- A user's sign-ins at other identity providers (OpenID Connect): issuer and subject name a person there.
create table user_identities (
  issuer text collate "C" not null,
  subject text collate "C" not null,
  user_id text collate "C" not null references users (id) on delete cascade,
  created_at timestamptz not null default now(),
  primary key (issuer, subject)
);
create index user_identities_user on user_identities (user_id);

create table sessions (
  id text collate "C" primary key,
  user_id text collate "C" not null references users (id) on delete cascade,
  token_hash text collate "C" not null unique,
  -- The workspace it works in; a request may name another.
  workspace_id text collate "C" references workspaces (id) on delete set null,
  -- password, oidc, link
  method text not null,
  -- Set while the second factor is still to come: such a session opens nothing else.
  awaits_second_factor boolean not null default false,
  ip text not null,
  user_agent text not null,
  created_at timestamptz not null default now(),
  last_seen_at timestamptz not null default now(),
  expires_at timestamptz not null,
  ended_at timestamptz
);
create index sessions_user on sessions (user_id);

-- Links that work once: the first owner's, invitations, password resets.
create table one_time_links (
  id text collate "C" primary key,
  kind text not null check (kind in ('first_owner', 'invite', 'reset')),
  token_hash text collate "C" not null unique,
  email text,
  user_id text collate "C" references users (id) on delete cascade,
  workspace_id text collate "C" references workspaces (id) on delete cascade,
  role text,
  audiences text[],
  created_by text not null,
  created_at timestamptz not null default now(),
  expires_at timestamptz not null,
  used_at timestamptz
);
create index one_time_links_workspace on one_time_links (workspace_id) where used_at is null;

create table members (
  workspace_id text collate "C" not null references workspaces (id) on delete cascade,
  user_id text collate "C" not null references users (id) on delete cascade,
  role text not null check (role in ('owner', 'admin', 'editor', 'agent', 'viewer')),
  -- Of an editor: the audiences within reach. Null for the other roles: all.
  audiences text[],
  created_at timestamptz not null default now(),
  primary key (workspace_id, user_id),
  check ((role = 'editor') = (audiences is not null))
);
create index members_user on members (user_id);

-- Counters of rate limits and locks. Unlogged: a crash forgets them, and no backup needs them.
create unlogged table rate_counters (
  key text collate "C" primary key,
  count bigint not null,
  ends_at timestamptz not null
);
create index rate_counters_end on rate_counters (ends_at);

-- Mails on their way, and those that are kept because no SMTP server is set. The text is sealed: it may hold a
-- one-time link.
create table mails (
  id text collate "C" primary key,
  workspace_id text collate "C" references workspaces (id) on delete cascade,
  recipient text not null,
  template text not null,
  sealed_content text not null,
  status text not null check (status in ('queued', 'sent', 'kept', 'failed')),
  attempts bigint not null default 0,
  last_error text,
  created_at timestamptz not null default now(),
  next_attempt_at timestamptz not null default now(),
  sent_at timestamptz
);
create index mails_due on mails (next_attempt_at) where status = 'queued';
create index mails_workspace on mails (workspace_id, created_at);

create table webhooks (
  workspace_id text collate "C" not null references workspaces (id) on delete cascade,
  id text collate "C" not null,
  url text not null,
  description text not null,
  events text[] not null,
  -- Sealed: the symmetric secret (v1), the one before it while a rotation lasts, the Ed25519 seed (v1a).
  sealed_secret text not null,
  sealed_previous_secret text,
  previous_until timestamptz,
  sealed_private_key text not null,
  public_key text not null,
  created_by text not null,
  created_at timestamptz not null default now(),
  failing_since timestamptz,
  disabled_at timestamptz,
  disabled_reason text,
  primary key (workspace_id, id)
);

-- What goes out to webhooks: one row for each message and webhook. Thin: refs and counts, no personal data.
create table webhook_deliveries (
  id text collate "C" primary key,
  workspace_id text collate "C" not null,
  webhook_id text collate "C" not null,
  -- webhook-id of the message: the same at every attempt and replay.
  message_id text collate "C" not null,
  event text not null,
  payload text not null,
  status text not null check (status in ('queued', 'delivered', 'failed')),
  attempts jsonb not null default '[]',
  created_at timestamptz not null default now(),
  next_attempt_at timestamptz not null default now(),
  delivered_at timestamptz,
  foreign key (workspace_id, webhook_id) references webhooks (workspace_id, id) on delete cascade
);
create index webhook_deliveries_due on webhook_deliveries (next_attempt_at) where status = 'queued';
create index webhook_deliveries_webhook on webhook_deliveries (workspace_id, webhook_id, created_at);

-- Signed notes of how far an audit chain had come: they leave the server, so that a cut or rewritten chain shows.
create table audit_checkpoints (
  workspace_id text collate "C" not null references workspaces (id) on delete cascade,
  seq bigint not null,
  hash text not null,
  at timestamptz not null,
  document text not null,
  signature text not null,
  fingerprint text not null,
  primary key (workspace_id, seq)
);

-- Filters of the audit log.
create index audit_events_at on audit_events (workspace_id, at);
create index audit_events_action on audit_events (workspace_id, action, seq);
create index audit_events_actor on audit_events (workspace_id, actor_ref, seq);
create index audit_events_target on audit_events (workspace_id, target_ref, seq);

do $$
declare
  guarded text;
begin
  foreach guarded in array array['webhooks', 'audit_checkpoints'] loop
    execute format('alter table %I enable row level security', guarded);
    execute format('alter table %I force row level security', guarded);
    execute format(
      'create policy workspace_only on %I using (workspace_id = (select current_setting(''convey.workspace_id'', true)))',
      guarded);
  end loop;
end
$$;

-- Within a workspace, a member may see only some audiences (`convey.audiences`, an array; empty text: all), and
-- nothing internal (`convey.hides_internal`). Restrictive: both this and the workspace's policy must hold.
create policy audience_only on conversations as restrictive using (
  (select nullif(current_setting('convey.audiences', true), '')) is null
  or audience = any ((select nullif(current_setting('convey.audiences', true), ''))::text[]));
create policy audience_only on knowledge_sources as restrictive using (
  (select nullif(current_setting('convey.audiences', true), '')) is null
  or audience = any ((select nullif(current_setting('convey.audiences', true), ''))::text[]));
create policy audience_only on contacts as restrictive using (
  (select nullif(current_setting('convey.audiences', true), '')) is null
  or exists (select from conversations c where c.workspace_id = contacts.workspace_id and c.contact_id = contacts.id)
  or exists (select from conversation_participants p
              where p.workspace_id = contacts.workspace_id and p.contact_id = contacts.id));
create policy audience_only on ticket_messages as restrictive using (
  (select nullif(current_setting('convey.audiences', true), '')) is null
  or exists (select from tickets t where t.workspace_id = ticket_messages.workspace_id and t.id = ticket_id));
do $$
declare
  guarded text;
begin
  -- Goes with its conversation; what has none is for those who see all.
  foreach guarded in array array['messages', 'events', 'conversation_participants', 'tickets', 'files'] loop
    execute format(
      'create policy audience_only on %I as restrictive using (
         (select nullif(current_setting(''convey.audiences'', true), '''')) is null
         or exists (select from conversations c where c.workspace_id = %I.workspace_id and c.id = conversation_id))',
      guarded, guarded);
  end loop;
  -- Nothing in these tells an audience.
  foreach guarded in array array['accounts', 'workspace_memberships', 'subscriptions', 'contact_aliases', 'flows',
                                 'memories', 'tombstones', 'ingest_pending'] loop
    execute format(
      'create policy audience_only on %I as restrictive using (
         (select nullif(current_setting(''convey.audiences'', true), '''')) is null)', guarded);
  end loop;
  foreach guarded in array array['messages', 'ticket_messages'] loop
    execute format(
      'create policy internal_only on %I as restrictive using (
         not is_internal or coalesce((select current_setting(''convey.hides_internal'', true)), '''') <> ''on'')',
      guarded);
  end loop;
end
$$;
create policy internal_only on events as restrictive using (
  coalesce((select current_setting('convey.hides_internal', true)), '') <> 'on');

-- The policy reads the audience: with it the index alone still answers which conversations there are, in order.
drop index conversations_order;
create index conversations_order on conversations (workspace_id, created_at, id) include (audience);

-- A deletion goes on to what belongs to the row, past the policies: so whoever sees only some deletes nothing.
do $$
declare
  guarded text;
begin
  foreach guarded in array array[
    'accounts', 'workspace_memberships', 'subscriptions', 'contacts', 'contact_aliases', 'knowledge_sources',
    'flows', 'conversations', 'conversation_participants', 'messages', 'events', 'tickets', 'ticket_messages',
    'files', 'memories'
  ] loop
    execute format(
      'create policy whole_only_delete on %I as restrictive for delete using (
         (select nullif(current_setting(''convey.audiences'', true), '''')) is null)', guarded);
  end loop;
end
$$;
