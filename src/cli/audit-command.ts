import type { Command } from 'commander';
import { getWorkspace } from '../access/workspaces.ts';
import { verifyChain } from '../audit/verify-chain.ts';
import { runInInstallation } from './command-context.ts';

/** `convey audit verify`. */
export function registerAuditCommand(program: Command): void {
  program
    .command('audit')
    .description('the audit log')
    .command('verify')
    .description('check that the audit log was not changed: every event’s hash, order and links')
    .requiredOption('-w, --workspace <name>', 'short name or id of the workspace')
    .action((options: { workspace: string }, command: Command) =>
      runInInstallation(command, async ({ database }, { signal, print }) => {
        const workspace = await database.inSystem((transaction) =>
          getWorkspace(transaction, options.workspace),
        );
        const report = await verifyChain(database, workspace.id, { signal });
        const erased = report.erasedBodies > 0 ? `, ${report.erasedBodies} personal parts erased` : '';
        print(
          report,
          report.valid
            ? `Valid: ${report.events} events${erased}, last hash ${report.lastHash}.`
            : `NOT valid, at event ${report.problem.seq}: ${report.problem.reason}`,
        );
        if (!report.valid) process.exitCode = 1;
      }),
    );
}
