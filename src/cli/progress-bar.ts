const WIDTH = 24;
const EVERY_MS = 200;

/** What is known of a long piece of work. */
export interface Progress {
  records: number;
  bytes: number;
  /** Of all bytes or records, 0…1, where it is known. */
  done?: number | undefined;
  stage?: string | undefined;
}

/** `12.3 MB`. */
export function formatBytes(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  let value = bytes;
  let unit = 0;
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1000;
    unit++;
  }
  return `${unit === 0 ? value : value.toFixed(1)} ${units[unit]}`;
}

function formatTime(seconds: number): string {
  const whole = Math.round(seconds);
  return whole < 60 ? `${whole} s` : `${Math.floor(whole / 60)} min ${whole % 60} s`;
}

/**
 * A progress line on a terminal: bar, records, bytes, rate, time left. Where stderr is no terminal (or for
 * `--json`) nothing is written.
 */
export class ProgressBar {
  readonly #what: string;
  readonly #isShown: boolean;
  readonly #startedAt = Date.now();
  #drawnAt = 0;

  constructor(what: string, isShown: boolean) {
    this.#what = what;
    this.#isShown = isShown && process.stderr.isTTY;
  }

  update({ records, bytes, done, stage }: Progress): void {
    if (!this.#isShown || Date.now() - this.#drawnAt < EVERY_MS) return;
    this.#drawnAt = Date.now();
    const seconds = (Date.now() - this.#startedAt) / 1000;
    const parts = [this.#what];
    if (done !== undefined) {
      const filled = Math.round(Math.min(done, 1) * WIDTH);
      parts.push(`[${'#'.repeat(filled)}${'.'.repeat(WIDTH - filled)}]`, `${Math.floor(done * 100)} %`);
    }
    if (stage !== undefined) parts.push(stage);
    if (records > 0) parts.push(`${records.toLocaleString('en')} records`);
    parts.push(formatBytes(bytes), `${formatBytes(bytes / Math.max(seconds, 0.1))}/s`);
    if (done !== undefined && done > 0.02) parts.push(`${formatTime((seconds * (1 - done)) / done)} left`);
    process.stderr.write(`\r\x1b[2K${parts.join('  ')}`);
  }

  /** Clears the line: the result comes next. */
  end(): void {
    if (this.#isShown && this.#drawnAt > 0) process.stderr.write('\r\x1b[2K');
  }
}
