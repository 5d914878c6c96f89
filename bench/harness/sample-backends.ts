import { readFile } from 'node:fs/promises';
import pg from 'pg';

const EVERY_MS = 100;

/** Largest private memory of the PostgreSQL processes that work for Convey in one database. */
export interface BackendMemory {
  /** Of the largest process. */
  oneBytes: number;
  /** Of all at one moment. */
  allBytes: number;
}

/**
 * Samples while `work` runs. Counted is anonymous memory (`Pss_Anon`): the `Private_*` lines would count a page
 * of the shared buffers that one process alone has touched. Zeros where /proc does not show the processes.
 */
export async function sampleBackends<Result>(
  superuserUrl: string,
  work: () => Promise<Result>,
): Promise<{ result: Result; memory: BackendMemory }> {
  const client = new pg.Client({ connectionString: superuserUrl, application_name: 'bench sampler' });
  client.on('error', () => {}); // the server was stopped
  await client.connect();
  const memory: BackendMemory = { oneBytes: 0, allBytes: 0 };
  const sample = async () => {
    const { rows } = await client.query<{ pid: number }>(
      `select pid from pg_stat_activity where datname = current_database() and application_name like 'convey%'`,
    );
    const each = await Promise.all(rows.map(({ pid }) => privateBytes(pid)));
    memory.oneBytes = Math.max(memory.oneBytes, ...each);
    memory.allBytes = Math.max(
      memory.allBytes,
      each.reduce((sum, bytes) => sum + bytes, 0),
    );
  };
  let sampling = Promise.resolve();
  const timer = setInterval(() => {
    sampling = sampling.then(sample).catch(() => {}); // a process may end while it is looked at
  }, EVERY_MS);
  try {
    return { result: await work(), memory };
  } finally {
    clearInterval(timer);
    await sampling;
    await client.end().catch(() => {});
  }
}

async function privateBytes(pid: number): Promise<number> {
  // On another machine's server the number may be anybody's.
  const name = await readFile(`/proc/${pid}/comm`, 'utf8').catch(() => '');
  if (!name.startsWith('postgres')) return 0;
  const text = await readFile(`/proc/${pid}/smaps_rollup`, 'utf8').catch(() => '');
  const [, kilobytes] = /^Pss_Anon:\s+(\d+)/m.exec(text) ?? [];
  return Number(kilobytes ?? 0) * 1024;
}
