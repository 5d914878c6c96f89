import { type Command, Option } from 'commander';
import { type Role, ROLES } from '../access/permissions.ts';
import { inviteByOperator } from '../access/sign-in/sign-in.commands.ts';
import { runInInstallation } from './command-context.ts';

interface Options {
  email: string;
  workspace: string;
  role: Role;
  audiences?: string[];
}

/** `convey user create`. */
export function registerUserCommand(program: Command): void {
  program
    .command('user')
    .description('users')
    .command('create')
    .description('make a link with which somebody joins a workspace; it is shown this once and lasts 7 days')
    .requiredOption('--email <address>', 'whose it is')
    .requiredOption('-w, --workspace <name>', 'short name or id of the workspace')
    .addOption(new Option('--role <role>', 'what they may do').choices(ROLES).makeOptionMandatory())
    .option('--audiences <audiences...>', 'of an editor: the audiences within reach')
    .action((options: Options, command: Command) =>
      runInInstallation(command, async ({ database, config }, { print }) => {
        const made = await inviteByOperator(database, config.publicUrl, options);
        print(
          made,
          `${made.link}\n(works once, until ${made.expiresAt.toISOString()}; it is not shown again)`,
        );
      }),
    );
}
