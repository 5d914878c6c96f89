import type { Log } from '../../log.ts';
import { type CheckpointDependencies, signDueCheckpoint } from './sign-due-checkpoint.ts';

/** How often every chain is looked at, at most. */
const LOOK_EVERY_MS = 30_000;

/**
 * Looks at every workspace's chain now and then and signs the checkpoints that are due. A workspace whose
 * checkpoint fails (a folder that cannot be written) is logged and tried again; the others are not held up.
 * @returns a function that ends it, after the checkpoint that is being signed
 */
export function runCheckpoints(dependencies: CheckpointDependencies & { log: Log }): () => Promise<void> {
  let isStopped = false;
  const look = async () => {
    for (const workspaceId of await listWorkspaces(dependencies)) {
      if (isStopped) return;
      await signDueCheckpoint(dependencies, workspaceId).catch((error: unknown) =>
        dependencies.log.error('a checkpoint could not be signed', { workspace_id: workspaceId, error }),
      );
    }
  };
  let looking = look();
  const timer = setInterval(
    () => {
      looking = looking.then(look);
    },
    Math.min(LOOK_EVERY_MS, dependencies.everyMs),
  );
  return async () => {
    isStopped = true;
    clearInterval(timer);
    await looking;
  };
}

/** Ids of all workspaces, the system's among them; none when the database cannot be reached right now. */
async function listWorkspaces({ database, log }: CheckpointDependencies & { log: Log }): Promise<string[]> {
  try {
    const rows = await database.inSystem((transaction) =>
      transaction.query<{ id: string }>('select id from workspaces order by id'),
    );
    return rows.map(({ id }) => id);
  } catch (error) {
    log.error('the workspaces whose checkpoints may be due could not be listed', { error });
    return [];
  }
}
