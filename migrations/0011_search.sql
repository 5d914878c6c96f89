-- Full-text search over messages, without an extension and in every language at once.
--
-- Row-level security keeps an operator that is not leakproof (`@>` on arrays, `@@`) away from its index: such a
-- condition is tested only on rows that the policies have let through. So the search is itself the first of the
-- policies, for the owner of the tables alone, and a function that runs as that owner asks by it; all other
-- policies still hold for what it finds.

-- Characters of scripts that write words without spaces between them (Han, kana, hangul, Thai, Lao, Burmese,
-- Khmer), as the inside of a regular expression's brackets. Each is a term of its own.
create function search_spaceless() returns text
language sql immutable parallel safe as $$
  select '\u0E00-\u0EFF\u1000-\u109F\u1100-\u11FF\u1780-\u17FF\u2E80-\u2FDF\u3005-\u3007\u3040-\u318F\u31F0-\u31FF'
    || '\u3400-\u4DBF\u4E00-\u9FFF\uA960-\uA97F\uAC00-\uD7FF\uF900-\uFAFF\uFF66-\uFFDC\U00020000-\U0003FFFF'
$$;

-- What a message is found by: its words in lower case (the parts of an address or a hyphenated word one by one),
-- each once, and one element that names the workspace, so that the index reads no other workspace's messages. A
-- tsvector holds no more than 1 MB, so a long text is worked through in slices of bytes (characters would be counted
-- from its begin each time), cut at a space or, where there is none, between two characters. Words of more than 2,046
-- bytes are not found.
create function search_terms(workspace_id text, body text) returns text[]
language plpgsql immutable strict parallel safe cost 10000 as $$
declare
  slice_bytes constant integer := 200000;
  longest_word constant integer := 2048;
  ascii_marks constant text := '[\u0021-\u002F\u003A-\u0040\u005B-\u0060\u007B-\u007E]+';
  marks constant text := '([' || public.search_spaceless()
    || '])|[\u0021-\u002F\u003A-\u0040\u005B-\u0060\u007B-\u007E\u00A0-\u00A9\u00AB-\u00B4\u00B6-\u00B9\u00BB-\u00BF'
    || '\u060C\u061B\u061F\u2000-\u206F\u3000-\u3004\u3008-\u303F]+';
  all_bytes constant integer := pg_catalog.octet_length(body);
  bytes bytea;
  begins integer := 0;
  ends integer;
  cut integer;
  slice text := body;
  terms text[] := array[' ' || workspace_id];
begin
  if all_bytes > slice_bytes then bytes := pg_catalog.convert_to(body, 'UTF8'); end if;
  loop
    ends := all_bytes;
    if bytes is not null then
      if ends > begins + slice_bytes then
        ends := begins + slice_bytes;
        cut := ends;
        while cut > ends - longest_word and pg_catalog.get_byte(bytes, cut) not in (10, 32) loop
          cut := cut - 1;
        end loop;
        if pg_catalog.get_byte(bytes, cut) in (10, 32) then ends := cut; end if;
        while pg_catalog.get_byte(bytes, ends) & 192 = 128 loop ends := ends - 1; end loop;
      end if;
      slice := pg_catalog.convert_from(pg_catalog.substr(bytes, begins + 1, ends - begins), 'UTF8');
    end if;
    terms := terms || pg_catalog.tsvector_to_array(pg_catalog.to_tsvector('pg_catalog.simple',
      case when pg_catalog.octet_length(slice) = pg_catalog.char_length(slice)
        then pg_catalog.regexp_replace(slice, ascii_marks, ' ', 'g')
        else pg_catalog.regexp_replace(slice, marks, ' \1 ', 'g') end));
    exit when ends >= all_bytes;
    begins := ends;
  end loop;
  return terms;
end
$$;

create index messages_search on messages using gin (search_terms(workspace_id, body));
-- Statistics of it would make ANALYZE take every sampled message apart, and nothing is planned by them.
alter index messages_search alter column 1 set statistics 0;

-- The search, as the first policy (they go by name): no setting asks for nothing, and lets everything through.
-- Only statements that run as the owner are held by it.
create policy a_search on messages as restrictive for select to current_user using (
  search_terms(workspace_id, body)
    @> (select coalesce(nullif(current_setting('convey.search', true), ''), '{}')::text[]));

-- Conversations that have one message with all terms of a text; runs of characters of a script without spaces must
-- stand in it as they are. It reads whose messages may be seen from the transaction's settings, as the policies do,
-- and asks for it once more itself: where the owner is a superuser, no policy holds it.
create function search_conversations(q text) returns table (conversation_id text)
language plpgsql stable security definer rows 1000
set search_path = pg_catalog, pg_temp set enable_seqscan = off set jit = off as $$
declare
  workspace constant text := current_setting('convey.workspace_id', true);
  audiences constant text[] := nullif(current_setting('convey.audiences', true), '')::text[];
  hides_internal constant boolean := coalesce(current_setting('convey.hides_internal', true), '') = 'on';
  terms constant text[] := public.search_terms(workspace, q);
  runs constant text[] := array(
    select piece[1] from regexp_matches(q, '[' || public.search_spaceless() || ']{2,}', 'g') as piece);
  is_policy boolean;
begin
  if workspace is null or cardinality(terms) < 2 then return; end if;
  -- Not so for a superuser, nor in a copy that was restored under another owner, whose policy is the old one's.
  is_policy := row_security_active('public.messages'::regclass) and exists (
    select from pg_policies p
     where p.schemaname = 'public' and p.tablename = 'messages' and p.policyname = 'a_search'
       and current_user = any (p.roles));
  perform set_config('convey.search', terms::text, true);
  return query execute format($sql$
    select distinct m.conversation_id from public.messages m
     where m.workspace_id = $1 and %s
       and not (m.is_internal and $4)
       and ($3 is null or exists (
         select from public.conversations c
          where c.workspace_id = $1 and c.id = m.conversation_id and c.audience = any ($3)))
       and not exists (select from unnest($5) run where strpos(m.body, run) = 0)
    $sql$, case when is_policy then 'true' else 'public.search_terms(m.workspace_id, m.body) @> $2' end)
    using workspace, terms, audiences, hides_internal, runs;
  perform set_config('convey.search', '', true);
end
$$;

revoke all on function search_spaceless(), search_terms(text, text), search_conversations(text) from public;
