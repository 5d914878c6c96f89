import type { Command } from 'commander';
import { ConveyError } from '../errors.ts';
import { runVerify } from '../verify/run-verify.ts';
import { runVerifyChain } from '../verify/run-verify-chain.ts';
import { BadPinError } from '../verify/trust.ts';
import { badUsage } from './cli.errors.ts';
import { runCommand } from './command-context.ts';

/** `convey verify`: needs no server, database or settings. */
export function registerVerifyCommand(program: Command): void {
  program
    .command('verify <paths...>')
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
    .option(
      '--chain',
      'the paths are the packages of an incremental schedule in their order, or a folder of them: also check that none is missing',
    )
    .option('--head <sha256>', 'with --chain: digest of the newest manifest.json, so that a cut tail is seen')
    .option('--quiet', 'say nothing; the exit code is 0 if verified, 1 if not')
    .action(
      (
        paths: string[],
        {
          chain: isChain,
          head,
          ...options
        }: {
          receipt?: string;
          key: string[];
          trust?: string;
          quiet?: boolean;
          chain?: boolean;
          head?: string;
        },
        command: Command,
      ) =>
        runCommand(command, async ({ isJson, signal }) => {
          try {
            process.exitCode =
              isChain === true
                ? await runVerifyChain({ ...options, head, paths, json: isJson }, signal)
                : await runVerify({ ...options, path: onlyPath(paths, head), json: isJson }, signal);
          } catch (error) {
            throw error instanceof BadPinError ? new ConveyError(badUsage, error.message) : error;
          }
        }),
    );
}

function onlyPath([path, ...more]: readonly string[], head: string | undefined): string {
  if (path === undefined || more.length > 0 || head !== undefined)
    throw new BadPinError('It takes one path; several, and --head, with --chain.');
  return path;
}
