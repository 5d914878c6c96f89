import type { Command } from 'commander';
import { createKey, listKeys, revokeKey } from '../access/access.commands.ts';
import { API_KEY_SCOPES } from '../access/permissions.ts';
import { runInInstallation } from './command-context.ts';
import { registerKeyRotation } from './key-rotate-command.ts';

/** `convey key …`. */
export function registerAccessCommands(program: Command): void {
  const key = program.command('key').description('API keys; `rotate`: the keys of this server');
  registerKeyRotation(key);
  key
    .command('create')
    .description('make an API key; it is shown this once')
    .requiredOption('-w, --workspace <name>', 'short name or id of the workspace')
    .requiredOption('--name <name>', 'what the key is for')
    .requiredOption('--scopes <scopes...>', `what it may do: ${API_KEY_SCOPES.join(', ')}`)
    .option('--expires <time>', 'when it ends by itself (RFC 3339)')
    .option('--networks <networks...>', 'where it may be used from: addresses, or networks like 192.0.2.0/24')
    .action(
      (
        options: { workspace: string; name: string; scopes: string[]; expires?: string; networks?: string[] },
        command: Command,
      ) =>
        runInInstallation(command, async ({ database }, { print }) => {
          const { workspace: to, name, expires, networks = [] } = options;
          const wordsOf = (lists: string[]) => lists.flatMap((list) => list.split(/[\s,]+/)).filter(Boolean);
          const scopes = wordsOf(options.scopes);
          const wanted = {
            workspace: to,
            name,
            scopes,
            allowedNetworks: wordsOf(networks),
            ...(expires === undefined ? {} : { expiresAt: new Date(expires) }),
          };
          const { key: made, text } = await createKey(database, wanted);
          print(
            { ...made, key: text },
            `${text}\n(${made.id}, scopes ${made.scopes.join(' ')}; it is not shown again)`,
          );
        }),
    );
  key
    .command('list')
    .description('list the keys of a workspace')
    .requiredOption('-w, --workspace <name>', 'short name or id of the workspace')
    .action((options: { workspace: string }, command: Command) =>
      runInInstallation(command, async ({ database }, { print }) => {
        const keys = await listKeys(database, options);
        const lines = keys.map(({ id, hint, name, scopes, revokedAt }) =>
          [id, `${hint}…`, name, scopes.join(' '), revokedAt === null ? '' : 'revoked'].join('  '),
        );
        print(keys, lines.length === 0 ? 'No keys.' : lines.join('\n'));
      }),
    );
  key
    .command('revoke <id>')
    .description('revoke a key at once')
    .requiredOption('-w, --workspace <name>', 'short name or id of the workspace')
    .action((id: string, options: { workspace: string }, command: Command) =>
      runInInstallation(command, async ({ database }, { print }) => {
        const revoked = await revokeKey(database, { workspace: options.workspace, id });
        print(revoked, `Revoked ${revoked.id}.`);
      }),
    );
}
