import type { Command } from 'commander';
import { runCommand } from './command-context.ts';
import { examine, type Finding } from './doctor-checks.ts';

const MARKS = { ok: 'ok      ', warning: 'WARNING ', failed: 'FAILED  ' };

const PROTECTION = {
  encrypted: ['stored objects: uploaded files, kept exports'],
  notEncrypted: ['the database', 'the spool of running exports', 'backups', 'the key file'],
};

/** `convey doctor`. */
export function registerDoctorCommand(program: Command): void {
  program
    .command('doctor')
    .description('check this installation: settings, keys, storage, space, database, stored objects')
    .option('--deep', 'read every stored object, too: takes as long as reading them does')
    .action((options: { deep?: boolean }, command: Command) =>
      runCommand(command, async ({ config, log, isJson, print }) => {
        const findings: Finding[] = [];
        for await (const finding of examine(config, { ...log, info: () => {} }, options.deep)) {
          findings.push(finding);
          if (!isJson) print(finding, `${MARKS[finding.state]}${finding.check}: ${finding.message}`);
        }
        const isWell = findings.every(({ state }) => state !== 'failed');
        print(
          { ok: isWell, findings, ...PROTECTION },
          [
            `Convey encrypts: ${PROTECTION.encrypted.join(', ')}.`,
            `It does not encrypt: ${PROTECTION.notEncrypted.join(', ')}. Keep those on encrypted volumes.`,
            isWell ? 'All is well.' : 'Not all is well.',
          ].join('\n'),
        );
        if (!isWell) process.exitCode = 1;
      }),
    );
}
