import type { Database } from '../database/connect.ts';
import { listTeamWorkspaces } from '../database/list-team-workspaces.ts';
import type { ObjectStore } from './object-store.ts';

/** An object that the database names and the store does not hold as it was put. */
export interface MissingObject {
  key: string;
  /** What it belongs to: an export's part, or a file. */
  what: string;
  problem: string;
}

/**
 * Compares what published exports and files name with what the store lists, by name and size.
 * @param isDeep reads every object as well; else changed bytes of the same size do not show
 */
export async function* findMissingObjects(
  database: Database,
  store: ObjectStore,
  isDeep = false,
): AsyncGenerator<MissingObject> {
  for (const id of await listTeamWorkspaces(database)) {
    // Named first: what is deleted after that is gone from both, at worst told once too often.
    const named = await database.inScope({ workspaceId: id }, (transaction) =>
      transaction.query<{ key: string; bytes: number; what: string }>(
        `select p.object_key as key, p.bytes, 'export ' || p.export_id || ', ' || p.name as what
           from export_parts p join exports e on e.workspace_id = p.workspace_id and e.id = p.export_id
          where p.workspace_id = $1 and e.status = 'ready' and e.expires_at > now() and p.object_key is not null
         union all
         select content_key, content_size, 'file ' || ref from files
          where workspace_id = $1 and content_key is not null`,
        [id],
      ),
    );
    const sizes = new Map<string, number>();
    for (const folder of [`exports/${id}/`, `files/${id}/`])
      for await (const { key, sizeBytes } of store.list(folder)) sizes.set(key, sizeBytes);
    for (const { key, bytes, what } of named) {
      const size = sizes.get(key);
      if (size === undefined) yield { key, what, problem: 'is gone' };
      else if (size !== bytes) yield { key, what, problem: `has ${size} bytes instead of ${bytes}` };
      else if (isDeep) {
        const problem = await readThrough(store, key);
        if (problem !== undefined) yield { key, what, problem };
      }
    }
  }
}

async function readThrough(store: ObjectStore, key: string): Promise<string | undefined> {
  try {
    for await (const _ of await store.open(key));
    return undefined;
  } catch (error) {
    return `cannot be read: ${(error as Error).message}`;
  }
}
