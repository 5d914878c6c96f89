import type { Transaction } from '../../database/connect.ts';

/** A checkpoint as it is stored. */
export interface StoredCheckpoint {
  seq: number;
  hash: string;
  at: Date;
  document: string;
  signature: string;
  fingerprint: string;
  /** Of the key that signed; null: that key is not listed. */
  public_key: string | null;
}

/** Up to `limit` checkpoints of the scope's chain with a number below `before`, newest first. */
export function listCheckpoints(
  transaction: Transaction,
  workspaceId: string,
  { before, limit }: { before?: number | undefined; limit: number },
): Promise<StoredCheckpoint[]> {
  return transaction.query<StoredCheckpoint>(
    `select c.seq, c.hash, c.at, c.document, c.signature, c.fingerprint, k.public_key
       from audit_checkpoints c left join signing_keys k on k.fingerprint = c.fingerprint
      where c.workspace_id = $1 and ($2::bigint is null or c.seq < $2) order by c.seq desc limit $3`,
    [workspaceId, before ?? null, limit],
  );
}
