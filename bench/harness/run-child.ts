import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const CASES = new URL('../cases/', import.meta.url);
const ROOT = fileURLToPath(new URL('../../', import.meta.url));

/** Compiles src/ to dist/, which the measured processes run. Says what is wrong and stops when it cannot. */
export function buildDist(): void {
  const { status, stdout } = spawnSync('node_modules/.bin/tsc', ['-p', 'tsconfig.build.json'], {
    cwd: ROOT,
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`src/ does not compile:\n${stdout}`);
  // PDFs need their template beside the code that makes them.
  spawnSync(process.execPath, ['scripts/copy-fonts.mjs'], {
    cwd: ROOT,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
}

/** One run of something that is measured. */
export interface Outcome {
  seconds: number;
  /** Of the contents. */
  bytes: number;
  counts?: Record<string, number>;
  /** A plain file with the contents, to be looked at and removed. */
  path?: string;
  peakRssBytes?: number;
  /** Cores of the machine that worked meanwhile, on average. */
  coresBusy?: number;
}

/** A case that this version cannot run, and why. */
export interface Skipped {
  skipped: string;
}

/** Starts a file of `bench/cases/` as a plain production process. */
export function startChild(file: string, args: object): Child {
  const child = spawn(process.execPath, [fileURLToPath(new URL(file, CASES)), JSON.stringify(args)], {
    cwd: ROOT,
    env: { ...credentials(), PATH: process.env['PATH'], HOME: process.env['HOME'], NODE_ENV: 'production' },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  return new Child(file, child);
}

/** Of an S3 server, where one is measured. */
const credentials = () =>
  Object.fromEntries(Object.entries(process.env).filter(([name]) => name.startsWith('AWS_')));

/** Runs a file of `bench/cases/` to its end and gives what it told. */
export async function runChild<Result = Outcome | Skipped>(file: string, args: object): Promise<Result> {
  const child = startChild(file, args);
  const result = await child.next<Result>();
  await child.end();
  return result;
}

/** A running process of `bench/cases/` that tells lines of JSON. */
export class Child {
  readonly #file: string;
  readonly #process: ChildProcess;
  readonly #lines: AsyncIterator<string>;
  readonly #exited: Promise<number | null>;
  #said = '';

  constructor(file: string, child: ChildProcess) {
    this.#file = file;
    this.#process = child;
    this.#lines = createInterface({ input: child.stdout! })[Symbol.asyncIterator]();
    this.#exited = new Promise((resolve) => child.once('close', resolve));
    child.stderr!.setEncoding('utf8').on('data', (text: string) => {
      this.#said += text;
    });
    child.stdin!.on('error', () => {}); // it may end first
  }

  get pid(): number {
    return this.#process.pid!;
  }

  /** The next thing that it tells. */
  async next<Result>(): Promise<Result> {
    const { value, done } = await this.#lines.next();
    if (done === true) throw new Error(`${this.#file} ended with ${await this.#exited}:\n${this.#said}`);
    return JSON.parse(value as string) as Result;
  }

  /** Closes its input, which those that serve take as the sign to stop, and waits for its end. */
  async end(): Promise<void> {
    this.#process.stdin!.end();
    const code = await this.#exited;
    if (code !== 0) throw new Error(`${this.#file} ended with ${code}:\n${this.#said}`);
  }
}
