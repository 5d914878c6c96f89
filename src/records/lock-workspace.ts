import type { Transaction } from '../database/connect.ts';
import { advisoryLocks } from '../database/advisory-locks.ts';

/**
 * Waits until no other transaction writes records of these workspaces; the turn ends with the transaction.
 * Whoever inserts, changes or deletes records holds it, so that what one statement found still stands when
 * the next one writes. A transaction that needs several workspaces takes the team's first, then the personal
 * ones in one call: they are locked in one order everywhere, so that two of them cannot wait for each other.
 *
 * Also turns off the plans that read whole tables: staged rows have no statistics, and each of them must
 * find its row by index however large the table is.
 */
export async function lockWorkspaces(
  transaction: Transaction,
  workspaceIds: readonly string[],
): Promise<void> {
  await transaction.query(
    `select set_config('enable_hashjoin', 'off', true), set_config('enable_mergejoin', 'off', true),
            set_config('jit', 'off', true), pg_advisory_xact_lock(hashtextextended(id, $2))
       from unnest($1::text[]) id`,
    [[...workspaceIds].sort(), advisoryLocks.records],
  );
}
