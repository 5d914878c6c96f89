-- A workspace as a support product fills it: :n conversations with ten messages each, conversations in the order
-- of their time, the messages of one together, all ids random. The same on every run. Run as superuser.

set session_replication_role = replica; -- foreign keys hold by construction; checking 5 million takes minutes
set synchronous_commit = off;

create function pg_temp.pick(i bigint, seed int) returns bigint language sql immutable
  return hashint8extended(i, seed) & 1073741823;
create function pg_temp.at(i bigint) returns timestamptz language sql immutable
  return '2024-01-01T00:00:00Z'::timestamptz + i * interval '83.777 seconds';

insert into workspaces (id, kind, slug, name, product) values (':workspace', 'team', 'bench', 'Bench', 'bench');

insert into accounts (workspace_id, id, ref, email, name, created_at, written_at, changed_epoch, changed_xid)
select ':workspace', 'acc-' || i, 'acc_' || md5('a' || i), 'account' || i || '@example.com', 'Account ' || i,
       pg_temp.at(i), now(), 1, pg_current_xact_id()
  from generate_series(1, 50) i;
insert into workspace_memberships (workspace_id, id, ref, account_id, role, created_at, written_at, changed_epoch, changed_xid)
select ':workspace', 'mbr-' || i, 'mbr_' || md5('b' || i), 'acc-' || i, 'agent', pg_temp.at(i), now(), 1,
       pg_current_xact_id()
  from generate_series(1, 50) i;
insert into memories (workspace_id, id, ref, account_id, scope, body, created_at, written_at, changed_epoch, changed_xid)
select ':workspace', 'mem-' || i, 'mem_' || md5('y' || i), 'acc-' || i, 'workspace', 'Prefers "short" answers.',
       pg_temp.at(i), now(), 1, pg_current_xact_id()
  from generate_series(1, 50) i;
insert into knowledge_sources (workspace_id, id, ref, kind, title, url, body, created_at, written_at, changed_epoch, changed_xid)
select ':workspace', 'src-' || i, 'knw_' || md5('k' || i), 'article', 'How to, part ' || i,
       'https://help.example.com/' || i, repeat('A line of an article.' || e'\n', 20), pg_temp.at(i), now(), 1,
       pg_current_xact_id()
  from generate_series(1, 100) i;

insert into contacts (workspace_id, id, ref, kind, email, name, company, job_title, phone, language, tags, source,
                      external_id, metadata, identities, last_seen_at, created_at, written_at, changed_epoch, changed_xid)
select ':workspace', substr(md5('c' || i), 1, 16), 'con_' || md5('cr' || i),
       (array['contact', 'lead', 'customer', 'visitor'])[1 + i % 4], 'person' || i || '@example.com',
       (array['Ana', 'Björn', 'Chloé', '大輔', 'O''Neill', 'Dana'])[1 + i % 6] || ' ' || i,
       case when i % 3 = 0 then 'Company, "' || i % 1000 || '" Ltd' end, case when i % 5 = 0 then 'Buyer' end,
       case when i % 2 = 0 then '+49' || (1700000000 + i) end, (array['en', 'de', 'fr', 'ja'])[1 + i % 4],
       case when i % 4 = 0 then array['vip', 'a,b'] end, 'widget', 'ext-' || i,
       jsonb_build_object('plan', 'pro', 'seats', i % 40, 'note', 'says "hi"'),
       case when i % 7 = 0 then '[{"channel": "email", "value": "x"}]'::jsonb end,
       pg_temp.at(i * 2 + 1000), pg_temp.at(i * 2), now(), 1, pg_current_xact_id()
  from generate_series(1, (:n + 1) / 2) i;

insert into conversations (workspace_id, id, ref, contact_id, channel, channel_id, bot_id, status, priority, subject,
                           tags, skills, assigned_agent_id, assigned_agent_name, csat, language, started_at,
                           resolved_at, metadata, created_at, updated_at, written_at, changed_epoch, changed_xid)
select ':workspace', md5('v' || i), 'cnv_' || md5('vr' || i),
       substr(md5('c' || (1 + pg_temp.pick(i, 1) % ((:n + 1) / 2))), 1, 16),
       (array['widget', 'email', 'whatsapp', 'voice'])[1 + i % 4], 'ch-' || i % 9, 'bot-' || i % 3,
       (array['open', 'resolved', 'resolved', 'archived', 'waiting'])[1 + i % 5],
       (array['normal', 'normal', 'high', 'low'])[1 + i % 4], 'Order "' || i || '", where is it?',
       case when i % 3 > 0 then array['billing', 'Übersetzung', 'quote"d'] end,
       case when i % 6 = 0 then '[{"name": "refund", "at": "2024-02-01T00:00:00.000Z"}]'::jsonb end,
       case when i % 2 = 0 then 'agent-' || i % 30 end, case when i % 2 = 0 then 'Agent ' || i % 30 end,
       case when i % 4 = 0 then jsonb_build_object('rating', 1 + i % 5, 'comment', e'fine,\nthanks') end,
       (array['en', 'de', 'fr', 'ja'])[1 + i % 4], pg_temp.at(i),
       case when i % 5 in (1, 2) then pg_temp.at(i) + interval '1 hour' end,
       jsonb_build_object('plan', 'pro', 'order', i, 'page', 'https://example.com/p/' || i), pg_temp.at(i),
       pg_temp.at(i) + interval '1 hour', now(), 1, pg_current_xact_id()
  from generate_series(1, :n) i order by i;

insert into conversation_participants (workspace_id, conversation_id, contact_id, role)
select ':workspace', md5('v' || i), substr(md5('c' || (1 + (i / 3) % ((:n + 1) / 2))), 1, 16), 'cc'
  from generate_series(25, :n, 25) i;

-- Texts that message bodies are cut from, and how many bytes their characters have.
create temp table texts as
select array_agg(repeat(t, 1 + 460 / length(t)) order by k) as body, array_agg(width order by k) as width from (values
  (0, 1, 'Hello, I ordered a lamp and it says "delivered", but nothing is here. Could you look into it, please? '),
  (1, 1, e'Thanks for writing!\nI looked it up: the parcel is with the carrier.\n\nIs there anything else? '),
  (2, 1, 'Yes; the invoice number is 2024-00815, and the amount (49.00 EUR) was charged twice on my card. '),
  (3, 1, e'1. Open "Settings"\n2. Choose Billing > Invoices\n3. Press Download\n\nThat should do it. '),
  (4, 1, e'Error: {"code":"E_42","path":"C:\\\\temp\\\\log.txt"}\n\tat line 12\n\tat line 98, column 7\r\n'),
  (5, 1, 'Für größere Bestellungen gewähren wir natürlich Rabatt; über die Höhe müssen wir aber sprechen. '),
  (6, 2, 'Où est ma commande « spéciale » ? J’ai déjà payé les frais d’envoi, c’est très gênant… '),
  (7, 3, '注文した商品がまだ届いていません。配送状況を確認していただけますか？よろしくお願いします。'),
  (8, 2, 'Great 🎉 that worked 👍🏽 thank you so much 🙏 — see you 👩‍💻 soon! ')) texts (k, width, t);
analyze texts;

insert into messages (workspace_id, id, ref, conversation_id, author_kind, is_internal, author_id, author_name,
                      author_contact_id, body, citations, edited_at, tool, created_at, written_at, changed_epoch,
                      changed_xid)
select ':workspace', md5('m' || i || '-' || j), 'msg_' || md5('mr' || i || '-' || j), md5('v' || i), kind, j = 6,
       case when kind = 'teammate' then 'agent-' || i % 30 when kind = 'bot' then 'bot-' || i % 3 end,
       case when kind = 'teammate' then 'Agent ' || i % 30 when kind = 'contact' then 'Person ' || i % 977 end,
       case when kind = 'contact' then substr(md5('c' || (1 + pg_temp.pick(i, 1) % ((:n + 1) / 2))), 1, 16) end,
       substr(body[pool], 1 + (h2 % 60)::int, ((60 + h3 % 341) / width[pool])::int),
       case when j in (2, 4) then jsonb_build_array(jsonb_build_object('title', 'How to, part ' || 1 + h % 100,
         'url', 'https://help.example.com/' || 1 + h % 100, 'source_id', 'src-' || 1 + h % 100, 'quote', 'see "below"')) end,
       case when h % 50 = 0 then pg_temp.at(i) + interval '2 hours' end,
       case when kind = 'tool' then '{"name": "lookup", "arguments": {"order": 7}, "result": [1, 2.5, null]}'::jsonb end,
       pg_temp.at(i) + j * interval '40 seconds' + (h % 30000) * interval '1 millisecond', now(), 1,
       pg_current_xact_id()
  from texts, generate_series(1, :n) i, generate_series(1, 10) j,
       lateral (select case when j in (2, 4) then 'bot' when j in (6, 7, 9) then 'teammate' when j < 10 then 'contact'
                  else (array['system', 'tool', 'bot'])[1 + i % 3] end as kind,
                pg_temp.pick(i * 16 + j, 2) as h, pg_temp.pick(i * 16 + j, 3) as h2, pg_temp.pick(i * 16 + j, 4) as h3,
                1 + least(8, pg_temp.pick(i * 16 + j, 5) % 14)::int % 9 as raw) x,
       lateral (select case when raw = 9 and h % 3 > 0 then 1 + (h % 5)::int else raw end as pool) y
 order by i, j;

insert into events (workspace_id, id, ref, conversation_id, kind, actor, occurred_at, before, after, reason, created_at,
                    written_at, changed_epoch, changed_xid)
select ':workspace', md5('e' || i || '-' || j), 'evt_' || md5('er' || i || '-' || j), md5('v' || i),
       (array['created', 'assigned', 'resolved'])[j], jsonb_build_object('type', 'teammate', 'id', 'agent-' || i % 30),
       pg_temp.at(i) + j * interval '5 minutes', case when j > 1 then '{"status": "open"}'::jsonb end,
       jsonb_build_object('status', (array['open', 'assigned', 'resolved'])[j]), case when j = 3 then 'solved' end,
       pg_temp.at(i) + j * interval '5 minutes', now(), 1, pg_current_xact_id()
  from generate_series(1, :n) i, generate_series(1, 3) j order by i, j;

insert into files (workspace_id, id, ref, kind, name, media_type, size, sha256, conversation_id, message_id, created_at,
                   written_at, changed_epoch, changed_xid)
select ':workspace', md5('f' || i), 'fil_' || md5('fr' || i), 'attachment', 'scan "' || i || '".pdf',
       'application/pdf', 1000 + i, encode(sha256(('f' || i)::bytea), 'hex'), md5('v' || i), md5('m' || i || '-1'),
       pg_temp.at(i) + interval '1 minute', now(), 1, pg_current_xact_id()
  from generate_series(20, :n, 20) i;

insert into tickets (workspace_id, id, ref, contact_id, conversation_id, status, subject, created_at, written_at,
                     changed_epoch, changed_xid)
select ':workspace', 'tkt-' || i, 'tkt_' || md5('t' || i),
       substr(md5('c' || (1 + pg_temp.pick(i, 1) % ((:n + 1) / 2))), 1, 16), md5('v' || i), 'open', 'Ticket ' || i,
       pg_temp.at(i), now(), 1, pg_current_xact_id()
  from generate_series(50, :n, 50) i;
insert into ticket_messages (workspace_id, id, ref, ticket_id, is_internal, author_name, body, created_at, written_at,
                             changed_epoch, changed_xid)
select ':workspace', 'tkm-' || i || '-' || j, 'tkm_' || md5('tm' || i || '-' || j), 'tkt-' || i, j = 2, 'Agent',
       e'We look into it.\nRegards', pg_temp.at(i) + j * interval '1 minute', now(), 1, pg_current_xact_id()
  from generate_series(50, :n, 50) i, generate_series(1, 2) j;
