import { type Command, Option } from 'commander';
import { type Role, ROLES } from '../access/permissions.ts';
import { inviteByOperator, listAllUsers, shutUser } from '../access/sign-in/sign-in.commands.ts';
import { harmless } from '../verify/problems.ts';
import { runInInstallation } from './command-context.ts';

interface Options {
  email: string;
  workspace: string;
  role: Role;
  audiences?: string[];
}

/** `convey user …`. */
export function registerUserCommand(program: Command): void {
  const user = program.command('user').description('users');
  user
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
  user
    .command('list')
    .description('list the users of this server')
    .action((_options: unknown, command: Command) =>
      runInInstallation(command, async ({ database }, { print }) => {
        const users = await listAllUsers(database);
        const lines = users.map(({ email, name, isDisabled, hasSecondFactor, workspaces }) => {
          const states = [isDisabled && 'disabled', hasSecondFactor && 'second factor'].filter(Boolean);
          return [email, name, workspaces.join(', ') || '-', ...states]
            .map((text) => harmless(String(text)))
            .join('  ');
        });
        print(users, lines.length === 0 ? 'No users.' : lines.join('\n'));
      }),
    );
  const shut = (isDisabled: boolean) => (email: string, _options: unknown, command: Command) =>
    runInInstallation(command, async ({ database, log }, { print }) => {
      const { user: found, sessions } = await shutUser({ database, log }, { email, isDisabled });
      const told = isDisabled ? `is shut out; ${sessions} sessions were ended` : 'may sign in';
      print({ id: found.id, isDisabled, sessions }, `${harmless(found.email)} ${told}.`);
    });
  user
    .command('disable <email>')
    .description('shut a user out of every workspace; their sessions end at once')
    .action(shut(true));
  user.command('enable <email>').description('let a user in again who was shut out').action(shut(false));
}
