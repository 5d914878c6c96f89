import type { Command } from 'commander';
import { acceptContradiction } from '../access/audit/accept-contradiction.ts';
import { describeContradiction } from '../audit/checkpoints/contradictions.ts';
import { SYSTEM_WORKSPACE_ID } from '../audit/record-event.ts';
import { getWorkspace } from '../access/workspaces/workspaces.ts';
import type { Database } from '../database/connect.ts';
import { ConveyError } from '../errors.ts';
import { badUsage } from './cli.errors.ts';
import { runInInstallation } from './command-context.ts';
import { operator } from './operator.ts';

const LONGEST_REASON = 1000;

/** `convey audit accept`. */
export function registerAuditAcceptCommand(audit: Command): void {
  audit
    .command('accept')
    .description(
      'let checkpoints be signed again though the log is not the one that was noted; that is recorded',
    )
    .requiredOption('-w, --workspace <name>', 'short name or id of the workspace')
    .requiredOption('--reason <text>', 'why the log differs, for whoever reads it later')
    .action(({ workspace, reason }: { workspace: string; reason: string }, command: Command) =>
      runInInstallation(command, async ({ database, config }, { print }) => {
        if (reason.trim() === '' || reason.length > LONGEST_REASON)
          throw new ConveyError(badUsage, `--reason takes 1 to ${LONGEST_REASON} characters.`);
        const workspaceId = await findChain(database, workspace);
        const { type, id: ref, name, interface: through } = operator;
        const accepted = await acceptContradiction(database, config.checkpointFolder, workspaceId, {
          actor: { type, ref, name, interface: through },
          reason,
        });
        print(
          { workspace: workspaceId, accepted },
          `Accepted, and recorded: ${describeContradiction(accepted)} The next checkpoint begins anew.`,
        );
      }),
    );
}

/** The workspace whose chain is meant: the server's own has only its id. */
export async function findChain(database: Database, name: string): Promise<string> {
  if (name === SYSTEM_WORKSPACE_ID) return name;
  return (await database.inSystem((transaction) => getWorkspace(transaction, name))).id;
}
