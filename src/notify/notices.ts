import type { JsonObject } from '../canonical-json.ts';
import type { Transaction } from '../database/connect.ts';
import { newId } from '../ids.ts';

/** What users are told inside the app. */
export const noticeKinds = ['export.ready', 'export.failed', 'schedule.paused'] as const;
export type NoticeKind = (typeof noticeKinds)[number];

/** Something a user is told inside the app; no personal data in `details`. */
export interface Notice {
  id: string;
  kind: NoticeKind;
  /** The export or schedule it is about. */
  subjectId: string;
  details: JsonObject;
  createdAt: Date;
  readAt: Date | null;
}

/** How long a notice is kept, read or not. */
const KEPT_FOR = '90 days';

/** Tells a user, as part of the caller's transaction (in the workspace's scope): what was rolled back is told to nobody. */
export async function addNotice(
  transaction: Transaction,
  workspaceId: string,
  userId: string,
  { kind, subjectId, details }: Pick<Notice, 'kind' | 'subjectId' | 'details'>,
): Promise<void> {
  await transaction.query(
    `insert into notices (workspace_id, id, user_id, kind, subject_id, details) values ($1, $2, $3, $4, $5, $6)`,
    [workspaceId, newId('ntc'), userId, kind, subjectId, JSON.stringify(details)],
  );
}

/**
 * A user's notices in a workspace, the newest first; old ones go on the way.
 * @param page `after`: id of the last one of the page before
 */
export async function listNotices(
  transaction: Transaction,
  workspaceId: string,
  userId: string,
  page: { after: string | undefined; limit: number },
): Promise<Notice[]> {
  await transaction.query(
    `delete from notices where workspace_id = $1 and created_at < now() - interval '${KEPT_FOR}'`,
    [workspaceId],
  );
  return transaction.query<Notice>(
    `select id, kind, subject_id as "subjectId", details, created_at as "createdAt", read_at as "readAt"
       from notices where workspace_id = $1 and user_id = $2
        and ($3::text is null or (created_at, id) <
          (select n.created_at, n.id from notices n where n.workspace_id = $1 and n.user_id = $2 and n.id = $3))
      order by created_at desc, id desc limit $4`,
    [workspaceId, userId, page.after ?? null, page.limit],
  );
}

/** How many a user has not read. */
export async function countUnread(
  transaction: Transaction,
  workspaceId: string,
  userId: string,
): Promise<number> {
  const [row] = await transaction.query<{ n: number }>(
    'select count(*) as n from notices where workspace_id = $1 and user_id = $2 and read_at is null',
    [workspaceId, userId],
  );
  return row!.n;
}

/** Marks a user's notices as read: up to and with one, or all. @returns how many were unread */
export async function markRead(
  transaction: Transaction,
  workspaceId: string,
  userId: string,
  upTo?: string,
): Promise<number> {
  const rows = await transaction.query(
    `update notices set read_at = now() where workspace_id = $1 and user_id = $2 and read_at is null
        and ($3::text is null or (created_at, id) <=
          (select n.created_at, n.id from notices n where n.workspace_id = $1 and n.user_id = $2 and n.id = $3))
      returning id`,
    [workspaceId, userId, upTo ?? null],
  );
  return rows.length;
}
