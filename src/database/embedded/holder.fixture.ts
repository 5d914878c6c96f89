import { type ChildProcess, spawn } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { findProcessMark, listServersOf } from './host/process-identity.ts';

/** Durability costs seconds over many starts, and no test here cuts the power. */
export const FAST = { fsync: 'off', shared_buffers: '16MB' };

export interface Reply {
  adminUrl: string;
  runtimeUrl: string;
  superuserUrl: string;
  uid: number;
  stopped: boolean;
  code: string;
  message: string;
}

/** A process of `hold-home.fixture.ts`. */
export interface Holder {
  child: ChildProcess;
  /** Its next line. */
  next(): Promise<Reply>;
  stderr(): string;
  /** Asks it to stop its database and end, and waits for that. */
  stop(): Promise<void>;
  /** kill -9, waited for. */
  kill(): Promise<void>;
}

/** A folder for one test that any system user may enter. */
export function makeScratch(): string {
  const folder = mkdtempSync(join(tmpdir(), 'convey-embedded-'));
  chmodSync(folder, 0o755);
  mkdirSync(join(folder, 'tmp'));
  chmodSync(join(folder, 'tmp'), 0o1777);
  return folder;
}

export function removeScratch(folder: string): void {
  rmSync(folder, { recursive: true, force: true });
}

/** Starts a holder; `script` is its program when that lies in a copy of the project. */
export function hold(options: {
  homeDir: string;
  scratch: string;
  settings?: Record<string, string>;
  script?: string;
  identity?: { uid: number; gid: number };
}): Holder {
  const script = options.script ?? fileURLToPath(new URL('hold-home.fixture.ts', import.meta.url));
  const settings = JSON.stringify(options.settings ?? FAST);
  const child = spawn(
    process.execPath,
    ['--import', 'tsx', script, options.homeDir, options.scratch, settings],
    {
      ...options.identity,
      cwd: join(script, '..'),
      env: { ...process.env, TMPDIR: join(options.scratch, 'tmp'), NODE_OPTIONS: '' },
      stdio: ['pipe', 'pipe', 'pipe'],
    },
  );
  child.stdin.on('error', () => {}); // it may end by itself while we ask it to
  let stderr = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const ended = new Promise<void>((resolve) => {
    child.once('close', () => resolve());
  });
  return {
    child,
    async next() {
      const line = await lines.next();
      if (line.done) throw new Error(`the process ended: ${stderr}`);
      return JSON.parse(line.value) as Reply;
    },
    stderr: () => stderr,
    async stop() {
      if (child.exitCode === null && child.signalCode === null) child.stdin.end('stop\n');
      await ended;
    },
    async kill() {
      child.kill('SIGKILL');
      await ended;
    },
  };
}

/** Runs one query on a connection of its own. */
export async function query<T extends pg.QueryResultRow>(url: string, sql: string): Promise<T[]> {
  const client = new pg.Client({ connectionString: url });
  client.on('error', () => {});
  await client.connect();
  try {
    return (await client.query<T>(sql)).rows;
  } finally {
    await client.end();
  }
}

/** Waits until `probe` answers without an error. */
export async function eventually<T>(probe: () => Promise<T> | T, timeoutMs = 20_000): Promise<T> {
  const giveUpAt = Date.now() + timeoutMs;
  for (;;) {
    try {
      return await probe();
    } catch (error) {
      if (Date.now() > giveUpAt) throw error;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }
}

export function postmasterPid(dataDir: string): number {
  return Number(readFileSync(join(dataDir, 'postmaster.pid'), 'utf8').split('\n')[0]);
}

export function portOf(url: string): string {
  return new URL(url).port;
}

/** Kills what a failed test has left on a cluster. */
export function endServersOf(dataDir: string): void {
  for (const pid of listServersOf(dataDir)) process.kill(pid, 'SIGKILL');
}

export function isRunning(pid: number): boolean {
  return findProcessMark(pid) !== undefined;
}
