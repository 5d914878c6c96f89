import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import pg from 'pg';

/** Where the embedded database of a home can be reached while some Convey runs it. */
export interface RunningDatabase {
  runtimeUrl: string;
  adminUrl: string;
}

const noteOf = (homeDir: string) => join(homeDir, 'postgres', 'running.json');

/** Leaves a note (0600, it holds passwords) for commands that want to use the running database. */
export async function noteRunning(homeDir: string, { runtimeUrl, adminUrl }: RunningDatabase): Promise<void> {
  await writeFile(noteOf(homeDir), JSON.stringify({ runtimeUrl, adminUrl }), { mode: 0o600 });
}

/** Takes the note away again. */
export async function forgetRunning(homeDir: string): Promise<void> {
  await rm(noteOf(homeDir), { force: true });
}

/** The running database of a home, if it says where it is and answers there. */
export async function findRunning(homeDir: string): Promise<RunningDatabase | undefined> {
  const text = await readFile(noteOf(homeDir), 'utf8').catch(() => undefined);
  if (text === undefined) return undefined;
  const noted = JSON.parse(text) as RunningDatabase;
  const client = new pg.Client({ connectionString: noted.runtimeUrl, connectionTimeoutMillis: 3000 });
  try {
    await client.connect();
    await client.end();
    return noted;
  } catch {
    return undefined;
  }
}
