import type { TestDatabase } from './test-database.ts';

/** How much to plant. */
export interface Planting {
  conversations: number;
  messagesEach: number;
  /** Repeats of a sentence of about 60 characters in each message; default 1. */
  bodyRepeats?: number;
}

const COMMON = `now(), 1, pg_current_xact_id()`;

/**
 * Plants contacts, conversations, messages and events by plain SQL, past the ingest: for tests of what comes
 * after it. Every fifth message is a teammate's, every tenth an internal note, every fifth is cited.
 */
export async function plantRecords(db: TestDatabase, workspaceId: string, planting: Planting): Promise<void> {
  const { conversations: n, messagesEach, bodyRepeats = 1 } = planting;
  await db.asSuperuser(
    `insert into contacts (workspace_id, id, ref, kind, email, name, created_at, written_at, changed_epoch, changed_xid)
     select $1, 'c' || i, 'con_' || $1 || i, 'customer', 'u' || i || '@example.com', 'Name ' || i,
            timestamptz '2025-01-01Z' + i * interval '1 minute', ${COMMON} from generate_series(1, $2::int) i`,
    [workspaceId, n],
  );
  await db.asSuperuser(
    `insert into conversations (workspace_id, id, ref, contact_id, channel, status, subject, tags, created_at, metadata, written_at, changed_epoch, changed_xid)
     select $1, 'v' || i, 'cnv_' || $1 || i, 'c' || i, 'email', case when i % 2 = 0 then 'open' else 'resolved' end,
            'Subject "' || i || '", with comma', array['vip', 'billing'], timestamptz '2025-01-01Z' + i * interval '1 minute',
            jsonb_build_object('plan', 'pro', 'n', i), ${COMMON} from generate_series(1, $2::int) i`,
    [workspaceId, n],
  );
  await db.asSuperuser(
    `insert into messages (workspace_id, id, ref, conversation_id, author_kind, is_internal, author_name, body, citations, created_at, written_at, changed_epoch, changed_xid)
     select $1, 'm' || i || '-' || j, 'msg_' || i || '-' || j, 'v' || i,
            (array['contact', 'bot', 'contact', 'bot', 'teammate'])[1 + (j - 1) % 5], j % 10 = 0, 'Ann',
            repeat(format(E'Message %s of conversation %s, "quoted"\\nand broken. ', j, i), $4::int),
            case when j % 5 = 2 then '[{"url": "https://example.com/a", "title": "A"}]'::jsonb end,
            timestamptz '2025-01-01Z' + i * interval '1 minute' + j * interval '7 seconds', ${COMMON}
       from generate_series(1, $2::int) i, generate_series(1, $3::int) j`,
    [workspaceId, n, messagesEach, bodyRepeats],
  );
  await db.asSuperuser(
    `insert into events (workspace_id, id, ref, conversation_id, kind, occurred_at, created_at, written_at, changed_epoch, changed_xid)
     select $1, 'e' || i, 'evt_' || i, 'v' || i, 'created', timestamptz '2025-01-01Z' + i * interval '1 minute',
            timestamptz '2025-01-01Z', ${COMMON} from generate_series(1, $2::int) i`,
    [workspaceId, n],
  );
  await db.asSuperuser('analyze');
}
