import type { Database } from '../../database/connect.ts';
import { sweepCounters } from '../../database/rate-counters.ts';

const KEPT_DAYS = 30;

/** Deletes sessions and one-time links that ended or ran out more than 30 days ago, and counters that are over. */
export async function sweepSignIns(database: Database): Promise<void> {
  const longAgo = `now() - interval '${KEPT_DAYS} days'`;
  await database.inSystem(async (transaction) => {
    await transaction.query(`delete from sessions where least(ended_at, expires_at) < ${longAgo}`);
    await transaction.query(`delete from one_time_links where least(used_at, expires_at) < ${longAgo}`);
  });
  await sweepCounters(database);
}
