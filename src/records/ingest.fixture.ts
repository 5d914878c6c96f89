import { createTestDatabase, type TestDatabase } from '../../test/support/test-database.ts';
import { readFeedEpoch } from '../database/feed-epoch.ts';
import { newId } from '../ids.ts';
import { silentLog } from '../log.ts';
import type { ObjectStore } from '../storage/object-store.ts';
import type { IngestResult } from './count-outcomes.ts';
import { ingest, type IngestDependencies, type IngestOptions } from './ingest.ts';

/** A test database with what the ingest needs beside it. */
export interface IngestFixture extends TestDatabase {
  dependencies: IngestDependencies;
  /** Keys of stored objects that were deleted. */
  deletedObjects: string[];
  /** Ingests lines: objects, or text as it is. */
  send(
    workspaceId: string,
    lines: readonly (object | string)[],
    options?: IngestOptions,
  ): Promise<IngestResult>;
  /** All rows of a table in a workspace, by id. */
  rows<Row extends object = Record<string, unknown>>(workspaceId: string, table: string): Promise<Row[]>;
  /** Makes a workspace of a host product that others share. */
  createWorkspaceOf(product: string): Promise<string>;
}

export async function openIngest(): Promise<IngestFixture> {
  const test = await createTestDatabase();
  const deletedObjects: string[] = [];
  const store = {
    delete: async (key: string) => deletedObjects.push(key) > 0,
  } as Partial<ObjectStore> as ObjectStore;
  const feedEpoch = await readFeedEpoch(test.database);
  const dependencies: IngestDependencies = { database: test.database, feedEpoch, log: silentLog, store };
  return {
    ...test,
    dependencies,
    deletedObjects,
    send: (workspaceId, lines, options) => ingest(dependencies, { workspaceId }, toBody(lines), options),
    rows: (workspaceId, table) =>
      test.asSuperuser(`select * from ${table} where workspace_id = $1 order by 2, 3`, [workspaceId]),
    createWorkspaceOf: async (product) => {
      const id = newId('wsp');
      await test.asSuperuser(
        `insert into workspaces (id, kind, slug, name, product) values ($1, 'team', $1, 'Team', $2)`,
        [id, product],
      );
      return id;
    },
  };
}

/** A body in chunks that end anywhere. */
export async function* toBody(lines: Iterable<object | string>, chunkBytes = 10_000): AsyncGenerator<Buffer> {
  let text = '';
  for (const line of lines) {
    text += `${typeof line === 'string' ? line : JSON.stringify(line)}\n`;
    if (text.length < chunkBytes) continue;
    yield Buffer.from(text);
    text = '';
  }
  if (text !== '') yield Buffer.from(text);
}

/** Lines that have been accounted for: every one must be, exactly once. */
export function sumOf(result: IngestResult): number {
  const { accepted, unchanged, skipped_older: older, superseded, pending, rejected_count: rejected } = result;
  const { inserted, updated, deleted, merged } = accepted;
  return inserted + updated + deleted + merged + unchanged + older + superseded + pending + rejected;
}
