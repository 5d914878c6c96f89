import type { Command } from 'commander';
import { ConveyError } from '../errors.ts';
import { runVerify } from '../verify/run-verify.ts';
import { BadPinError } from '../verify/trust.ts';
import { badUsage } from './cli.errors.ts';
import { runCommand } from './command-context.ts';

/** `convey verify`: needs no server, database or settings. */
export function registerVerifyCommand(program: Command): void {
  program
    .command('verify <path>')
    .description('check a package (zip or folder) or a file with its receipt: signature, bytes and counts')
    .option(
      '--receipt <file>',
      'of a file that was sent at once; default: <file>.receipt.json, if there is one',
    )
    .option(
      '--key <fingerprint or PEM file>',
      'a key that you trust; may be given more than once',
      (key: string, keys: string[]) => [...keys, key],
      [] as string[],
    )
    .option(
      '--trust <keys.json>',
      'trust the keys of a convey-keys.json that you got from the server yourself',
    )
    .option('--quiet', 'say nothing; the exit code is 0 if verified, 1 if not')
    .action(
      (
        path: string,
        options: { receipt?: string; key: string[]; trust?: string; quiet?: boolean },
        command: Command,
      ) =>
        runCommand(command, async ({ isJson, signal }) => {
          try {
            process.exitCode = await runVerify({ ...options, path, json: isJson }, signal);
          } catch (error) {
            throw error instanceof BadPinError ? new ConveyError(badUsage, error.message) : error;
          }
        }),
    );
}
