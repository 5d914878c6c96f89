import type { Command } from 'commander';
import { makeFirstOwnerLink } from '../access/sign-in/joining/first-owner.ts';
import { type ShutdownPhase, stopOnSignals } from '../http/shutdown.ts';
import type { RunningServer } from '../http/start-server.ts';
import { JobEvents } from '../jobs/job-events.ts';
import { startWorker } from '../worker.ts';
import { type Installation, openInstallation } from '../installation.ts';
import { serve } from '../server.ts';
import { runCommand, runInInstallation } from './command-context.ts';

/** `convey serve` and `convey migrate`. */
export function registerServeCommands(program: Command): void {
  program
    .command('serve')
    .description('serve the web app and the API')
    .action((_options: unknown, command: Command) =>
      runCommand(command, async ({ config, log, signal, print }) => {
        const installation = await openInstallation(config, log, { signal });
        const server = await serve(installation).catch(async (error: unknown) => {
          await installation.close();
          throw error;
        });
        print({ url: server.url }, `Convey serves at ${server.url}`);
        const url = config.port === 0 ? server.url : config.publicUrl;
        const link = await makeFirstOwnerLink(installation.database, url);
        if (link !== undefined)
          print({ first_owner: link }, `Open ${link}\nwithin 24 hours to become the owner.`);
        await serveUntilStopped(server, installation);
      }),
    );
  program
    .command('worker')
    .description('run jobs (exports that are kept) beside a server with CONVEY_ROLE=server')
    .action((_options: unknown, command: Command) =>
      runCommand(command, async ({ config, log, signal, print }) => {
        const installation = await openInstallation(config, log, { signal, mayJoin: true });
        const events = new JobEvents(installation.database.url, log);
        const worker = startWorker(installation, events);
        print({ worker: process.pid }, 'Waiting for jobs.');
        const stop = async () => {
          await worker.stop();
          await events.close();
        };
        await untilStopped(installation, { name: 'worker', timeoutMs: SERVER_STOP_MS, run: stop });
      }),
    );
  program
    .command('migrate')
    .description('bring the database to this version’s schema')
    .action((_options: unknown, command: Command) =>
      runInInstallation(command, async ({ migrated }, { print }) => {
        print({ migrated }, migrated.length === 0 ? 'Nothing to do.' : `Ran ${migrated.join(', ')}.`);
      }),
    );
}

const SERVER_STOP_MS = 30_000;
const DATABASE_STOP_MS = 60_000;

/** Serves until a signal comes; then ends replies first, the database last, and exits. Never resolves. */
export function serveUntilStopped(server: RunningServer, installation: Installation): Promise<never> {
  return untilStopped(installation, {
    name: 'server',
    timeoutMs: SERVER_STOP_MS,
    run: () => server.stop(),
  });
}

function untilStopped(installation: Installation, first: ShutdownPhase): Promise<never> {
  stopOnSignals({
    log: installation.log,
    phases: [first, { name: 'database', timeoutMs: DATABASE_STOP_MS, run: () => installation.close() }],
  });
  return new Promise(() => {});
}
