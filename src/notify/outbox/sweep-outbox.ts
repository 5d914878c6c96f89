import type { Database } from '../../database/connect.ts';

const KEPT_FOR = '30 days';

/** Deletes mails and webhook deliveries 30 days after they were made, sent or not. @returns how many */
export async function sweepOutbox(database: Database): Promise<number> {
  return database.inSystem(async (transaction) => {
    const mails = await transaction.query(
      `delete from mails where created_at < now() - interval '${KEPT_FOR}' returning id`,
    );
    const deliveries = await transaction.query(
      `delete from webhook_deliveries where created_at < now() - interval '${KEPT_FOR}' returning id`,
    );
    return mails.length + deliveries.length;
  });
}
