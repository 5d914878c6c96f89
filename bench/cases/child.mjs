// What every measured process shares. Plain JavaScript over dist/: tsx would distort memory and start time.
import { readFileSync } from 'node:fs';
import { readConfig } from '../../dist/src/config.js';
import { openInstallation } from '../../dist/src/installation.js';
import { silentLog } from '../../dist/src/log.js';

/** The arguments that the parent gave, one JSON text. */
export const args = JSON.parse(process.argv[2] ?? '{}');

/** Opens the installation over the database that is measured, with default settings but one. */
export function openMeasured() {
  const env = {
    CONVEY_HOME: args.homeDir,
    DATABASE_URL: args.databaseUrl,
    CONVEY_PORT: '0',
    CONVEY_REQUESTS_PER_MINUTE: '100000', // it is asked by one client for as long as a run takes
    ...(args.storage === undefined ? {} : { CONVEY_STORAGE: args.storage }),
  };
  return openInstallation(readConfig(env).config, silentLog);
}

/** Largest resident memory of this process so far. */
export function peakRssBytes() {
  try {
    const [, kilobytes] = /VmHWM:\s+(\d+)/.exec(readFileSync('/proc/self/status', 'utf8')) ?? [];
    if (kilobytes !== undefined) return Number(kilobytes) * 1024;
  } catch {
    // no /proc: below
  }
  return process.resourceUsage().maxRSS * 1024;
}

/** Hands a result to the parent: one line of JSON. */
export function tell(result) {
  process.stdout.write(`${JSON.stringify(result)}\n`);
}
