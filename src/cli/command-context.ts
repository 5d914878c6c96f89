import type { Command } from 'commander';
import { type Config, readConfig } from '../config.ts';
import { ConveyError } from '../errors.ts';
import { type Installation, openInstallation } from '../installation.ts';
import { createLog, type Log } from '../log.ts';

/** What a command is given to work with. */
export interface CommandContext {
  config: Config;
  log: Log;
  /** Ctrl-C and SIGTERM: the command cancels cleanly. */
  signal: AbortSignal;
  /** `--json`: results as one JSON value on stdout, for programs. */
  isJson: boolean;
  /** Prints the result: the sentence for people, or the value for programs. */
  print: (value: unknown, sentence: string) => void;
}

const USAGE_ERRORS = 2;
const FAILED = 1;
/** Whoever read our output has enough: as a shell sees a program that ended by SIGPIPE. */
const READER_LEFT = 141;
const SECOND_SIGNAL_MS = 1000;

/**
 * Runs a command's work and turns its end into what a shell expects: exit code 0, 1 (failed) or 2 (bad usage
 * or settings), and on stderr the code and what to do.
 */
export async function runCommand(
  command: Command,
  work: (context: CommandContext) => Promise<void>,
): Promise<void> {
  const { json: isJson = false } = command.optsWithGlobals<{ json?: boolean }>();
  const controller = new AbortController();
  let stoppedAt = 0;
  const stop = (name: string) => () => {
    // A terminal tells npm and us, so that the same signal may come twice; a later one means it.
    if (stoppedAt > 0 && Date.now() - stoppedAt > SECOND_SIGNAL_MS) process.exit(130);
    stoppedAt ||= Date.now();
    controller.abort(new Error(`stopped by ${name}`));
  };
  const handlers = { SIGINT: stop('Ctrl-C'), SIGTERM: stop('SIGTERM') };
  for (const [name, handler] of Object.entries(handlers)) process.on(name, handler);
  try {
    const { config, warnings } = readConfig(process.env);
    const log = createLog();
    for (const warning of warnings) process.stderr.write(`${warning}\n`);
    await work({
      config,
      log,
      signal: controller.signal,
      isJson,
      print: (value, sentence) => process.stdout.write(`${isJson ? JSON.stringify(value) : sentence}\n`),
    });
  } catch (error) {
    process.exitCode = report(error, isJson, controller.signal.aborted);
  } finally {
    for (const [name, handler] of Object.entries(handlers)) process.off(name, handler);
  }
}

/** Like `runCommand`, with the database and the store open. */
export function runInInstallation(
  command: Command,
  work: (installation: Installation, context: CommandContext) => Promise<void>,
): Promise<void> {
  return runCommand(command, async (context) => {
    const installation = await openInstallation(context.config, quietly(context.log), {
      signal: context.signal,
      mayJoin: true,
    });
    try {
      await work(installation, context);
    } finally {
      await installation.close();
    }
  });
}

/** A command speaks to a person: the log's small talk stays away, warnings stay. */
function quietly(log: Log): Log {
  return { ...log, info: () => {} };
}

/** Says what went wrong, for people or (`--json`) for programs, and gives the exit code. */
function report(error: unknown, isJson: boolean, isAborted: boolean): number {
  if (isAborted) {
    // An import says here what had been committed by then.
    process.stderr.write(`Stopped. ${error instanceof ConveyError ? (error.detail ?? '') : ''}\n`);
    return FAILED;
  }
  if ((error as { code?: string }).code === 'EPIPE') return READER_LEFT;
  if (!(error instanceof ConveyError)) {
    process.stderr.write(
      `Something went wrong: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`,
    );
    return FAILED;
  }
  const { code, kind, detail, fields } = error;
  if (isJson)
    process.stderr.write(
      `${JSON.stringify({ error: { code, title: kind.title, detail, errors: fields } })}\n`,
    );
  else {
    process.stderr.write(`${[kind.title, detail].filter(Boolean).join(' ')} (${code})\n`);
    for (const { pointer, detail: what } of fields) process.stderr.write(`  ${pointer}: ${what}\n`);
  }
  return code === 'config.bad_setting' || code === 'cli.bad_usage' ? USAGE_ERRORS : FAILED;
}
