import type { Command } from 'commander';
import { createWorkspace, listWorkspaces, planWorkspace } from '../access/access.commands.ts';
import { PLAN_FEATURES } from '../access/permissions.ts';
import { runInInstallation } from './command-context.ts';

/** `convey workspace …`. */
export function registerWorkspaceCommands(program: Command): void {
  const workspace = program.command('workspace').description('workspaces');
  workspace
    .command('create <short-name>')
    .description('make a workspace')
    .option('--name <name>', 'name for people')
    .option('--product <product>', 'host product, when several workspaces share its accounts')
    .action((slug: string, options: { name?: string; product?: string }, command: Command) =>
      runInInstallation(command, async ({ database }, { print }) => {
        const made = await createWorkspace(database, { slug, ...options });
        print(made, `Made workspace ${made.slug} (${made.id}).`);
      }),
    );
  workspace
    .command('list')
    .description('list the workspaces')
    .action((_options: unknown, command: Command) =>
      runInInstallation(command, async ({ database }, { print }) => {
        const found = await listWorkspaces(database);
        const lines = found.map(({ slug, id, name }) => [slug, id, name].join('  '));
        print(found, lines.length === 0 ? 'No workspaces.' : lines.join('\n'));
      }),
    );
  workspace
    .command('plan <workspace>')
    .description('say which features a workspace has; by default all')
    .requiredOption('--features <features>', `all, none, or some of: ${PLAN_FEATURES.join(', ')}`)
    .action((name: string, { features }: { features: string }, command: Command) =>
      runInInstallation(command, async ({ database }, { print }) => {
        const planned = await planWorkspace(database, { workspace: name, features });
        const list = planned.features.length === 0 ? 'none' : planned.features.join(', ');
        print(
          { workspace: planned.workspace.id, features: planned.features },
          `Workspace ${planned.workspace.slug} has these features: ${list}.`,
        );
      }),
    );
}
