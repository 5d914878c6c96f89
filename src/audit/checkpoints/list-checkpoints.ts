import type { Transaction } from '../../database/connect.ts';
import { readCheckpoint } from './checkpoint.ts';

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

/** Up to `limit` checkpoints of the scope's chain with a number below `before` that were signed after `after`, newest first. */
export function listCheckpoints(
  transaction: Transaction,
  workspaceId: string,
  { before, after, limit }: { before?: number | undefined; after?: Date | undefined; limit: number },
): Promise<StoredCheckpoint[]> {
  return transaction.query<StoredCheckpoint>(
    `select c.seq, c.hash, c.at, c.document, c.signature, c.fingerprint, k.public_key
       from audit_checkpoints c left join signing_keys k on k.fingerprint = c.fingerprint
      where c.workspace_id = $1 and ($2::bigint is null or c.seq < $2)
        and ($4::timestamptz is null or c.at > $4) order by c.seq desc limit $3`,
    [workspaceId, before ?? null, limit, after ?? null],
  );
}

/** Whether the columns say what was signed, and a listed key signed it. */
export function isGenuine(stored: StoredCheckpoint, workspaceId: string): boolean {
  const { seq, hash, document, signature, fingerprint, public_key: publicKey } = stored;
  if (publicKey === null) return false;
  const said = readCheckpoint({ document, signature, public_key: publicKey });
  return (
    said?.workspace_id === workspaceId &&
    said.seq === seq &&
    said.hash === hash &&
    said.signed_by === fingerprint
  );
}
