import type { Transaction } from '../../database/connect.ts';
import { shapes } from '../grammar/record-shape.ts';

/** A line that waits, or waited in vain. Its contents are not shown: what is waited for is. */
export interface PendingRecord {
  type: string;
  id: string;
  parent: { type: string; id: string };
  receivedAt: Date;
  givenUpAt: Date | null;
}

export interface PendingPage {
  waiting: number;
  givenUp: number;
  /** The records that most lines wait for. */
  parents: { type: string; id: string; waiting: number; oldestAt: Date }[];
  records: PendingRecord[];
  nextCursor: string | null;
}

const LISTED_PARENTS = 100;

interface Row {
  pending_id: string;
  type: string;
  id: string;
  parent_table: string;
  parent_id: string;
  received_at: Date;
  given_up_at: Date | null;
}

/** Lines of a workspace that wait for their parent, in the order of their arrival, page by page. */
export async function listPending(
  transaction: Transaction,
  workspaceId: string,
  { cursor = '', limit }: { cursor?: string | undefined; limit: number },
): Promise<PendingPage> {
  const [totals] = await transaction.query<{ waiting: number; given_up: number }>(
    `select count(*) filter (where given_up_at is null) as waiting, count(given_up_at) as given_up
       from ingest_pending where workspace_id = $1`,
    [workspaceId],
  );
  const parents = await transaction.query<{ table: string; id: string; waiting: number; oldest_at: Date }>(
    `select parent_table as table, parent_id as id, count(*) as waiting, min(received_at) as oldest_at
       from ingest_pending where workspace_id = $1 and given_up_at is null
      group by 1, 2 order by 3 desc, 1, 2 limit ${LISTED_PARENTS}`,
    [workspaceId],
  );
  const rows = await transaction.query<Row>(
    `select id as pending_id, type, record_id as id, parent_table, parent_id, received_at, given_up_at
       from ingest_pending where workspace_id = $1 and id > $2 order by ingest_pending.id limit $3`,
    [workspaceId, cursor, limit + 1],
  );
  const page = rows.slice(0, limit);
  return {
    waiting: totals!.waiting,
    givenUp: totals!.given_up,
    parents: parents.map(({ table, id, waiting, oldest_at: oldestAt }) => ({
      type: typeOf(table),
      id,
      waiting,
      oldestAt,
    })),
    records: page.map((row) => ({
      type: row.type,
      id: row.id,
      parent: { type: typeOf(row.parent_table), id: row.parent_id },
      receivedAt: row.received_at,
      givenUpAt: row.given_up_at,
    })),
    nextCursor: rows.length > limit ? page.at(-1)!.pending_id : null,
  };
}

function typeOf(table: string): string {
  return shapes.get(table)?.type ?? table;
}
