import type { Database } from './connect.ts';

interface Cluster {
  system_identifier: string;
  timeline: number;
}

/**
 * The change feed's current epoch. Transaction numbers start anew in a restored or promoted cluster, so the
 * epoch is raised when the cluster is not the one that wrote last; rows of older epochs count as complete.
 */
export async function readFeedEpoch(database: Database): Promise<number> {
  return database.inSystem(async (transaction) => {
    const [cluster] = await transaction.query<Cluster>(
      `select (select system_identifier::text from pg_control_system()) as system_identifier,
              (select timeline_id::bigint from pg_control_checkpoint()) as timeline`,
    );
    const { system_identifier, timeline } = cluster!;
    const [state] = await transaction.query<{ epoch: number }>(
      `insert into feed_state (id, system_identifier, timeline, epoch) values ('feed', $1, $2, 1)
       on conflict (id) do update set
         epoch = feed_state.epoch + case
           when feed_state.system_identifier = excluded.system_identifier and feed_state.timeline = excluded.timeline
           then 0 else 1 end,
         system_identifier = excluded.system_identifier,
         timeline = excluded.timeline
       returning epoch`,
      [system_identifier, timeline],
    );
    return state!.epoch;
  });
}
