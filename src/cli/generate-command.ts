import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Command } from 'commander';
import { dataDictionary } from '../catalog/data-dictionary.ts';
import { datasets } from '../catalog/datasets.ts';
import { jsonSchemaOf } from '../catalog/json-schema.ts';
import { readConfig, settingsTable } from '../config.ts';
import { describeSchema } from '../database/describe-schema.ts';
import { listErrorKinds } from '../errors.ts';
import { createApp } from '../server.ts';
import { auditActions } from '../audit/actions.ts';
import { ecsProfile } from '../audit/export/ecs-profile.ts';
import { fieldTable } from '../audit/export/map-fields.ts';
import { ocsfProfile } from '../audit/export/ocsf-profile.ts';
import { needsOf, permissionNames, permissionOf, ROLES, scopesFor } from '../access/permissions.ts';
import { runCommand } from './command-context.ts';
import { type Installation, openInstallation } from '../installation.ts';

const FOLDER = new URL('../../docs/generated/', import.meta.url);
const MADE = 'Made by `npm run generate`. Do not edit.\n';

/** `convey generate`: everything under docs/generated, from the code and a migrated database. For developers. */
export function registerGenerateCommand(program: Command): void {
  program
    .command('generate', { hidden: true })
    .description('make docs/generated anew')
    .action((_options: unknown, command: Command) =>
      runCommand(command, async ({ log, print }) => {
        // A database of its own, so that neither settings nor a running server change what is generated.
        const homeDir = await mkdtemp(join(tmpdir(), 'convey-generate-'));
        const { config } = readConfig({ CONVEY_HOME: homeDir });
        const installation = await openInstallation(config, { ...log, info: () => {} });
        try {
          const files = await generateFiles(installation);
          await rm(FOLDER, { recursive: true, force: true });
          for (const [name, text] of files) {
            const url = new URL(name, FOLDER);
            await mkdir(dirname(url.pathname), { recursive: true });
            await writeFile(url, text);
          }
          print([...files.keys()], `${files.size} files in docs/generated.`);
        } finally {
          await installation.close();
          await rm(homeDir, { recursive: true, force: true });
        }
      }),
    );
}

/** Names and contents of all generated files. */
async function generateFiles(installation: Installation): Promise<Map<string, string>> {
  const app = await createApp(installation);
  const openapi = await app.inject('/openapi.json').then((reply) => JSON.parse(reply.body) as unknown);
  await app.close();
  const pretty = (value: unknown) => `${JSON.stringify(value, null, 2)}\n`;
  return new Map<string, string>([
    ['schema.txt', await installation.database.inSystem((transaction) => describeSchema(transaction))],
    ['openapi.json', pretty(openapi)],
    ['data-dictionary.md', dataDictionary()],
    ['settings.md', `# Settings\n\n${MADE}\n${settingsTable()}`],
    ['errors.md', errorPage()],
    ['audit-actions.md', auditPage()],
    ['audit-profiles.md', profilePage()],
    ['permissions.md', permissionPage()],
    ...[...datasets.values()].map(
      (dataset) => [`schemas/${dataset.name}.json`, pretty(jsonSchemaOf(dataset))] as const,
    ),
  ]);
}

const table = (head: string[], rows: string[][]) =>
  [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |\n`).join('');

function errorPage(): string {
  const rows = listErrorKinds().map(({ code, status, title }) => [`\`${code}\``, String(status), title]);
  return `# Errors\n\n${MADE}\nCodes are stable for ever; [how a refusal looks, and its title in other languages](../languages.md).\n\n${table(['code', 'status', 'what happened'], rows)}`;
}

function profilePage(): string {
  const parts = [
    ['Elastic Common Schema (`format=ecs`)', fieldTable(ecsProfile)],
    ['Open Cybersecurity Schema Framework (`format=ocsf`)', fieldTable(ocsfProfile)],
  ];
  const sections = parts.map(([title, fields]) => `## ${title}\n\n${fields}`);
  return `# The audit log in other formats\n\n${MADE}\n${sections.join('\n')}`;
}

function auditPage(): string {
  const rows = Object.entries(auditActions).map(([action, doc]) => [`\`${action}\``, doc]);
  return `# Audit actions\n\n${MADE}\n${table(['action', 'meaning'], rows)}`;
}

function permissionPage(): string {
  const codes = (names: readonly string[]) => names.map((name) => `\`${name}\``).join(', ');
  const byRole = permissionNames.map((name) => {
    const { doc, roles } = permissionOf(name);
    const cells = ROLES.map((role) => (roles.includes(role) ? 'yes' : '–'));
    return [`\`${name}\``, doc, ...cells];
  });
  const more = permissionNames.map((name) => {
    const { kept = [], feature } = permissionOf(name);
    const scopes = scopesFor(name);
    return [
      `\`${name}\``,
      scopes.length === 0 ? 'none: for people only' : codes(scopes),
      codes(needsOf(name)),
      kept.length === 0 ? '' : kept.length === ROLES.length ? 'anybody' : kept.join(', '),
      feature === undefined ? '' : `\`${feature}\``,
    ];
  });
  return `# Permissions

${MADE}
Every operation of the API names the one permission it needs (\`x-permission\` in the OpenAPI document).

## Who has what by default

An editor has these only as far as their audiences reach: conversations of other audiences, and what belongs to
them, are not there for an editor. The other roles see all audiences. Who lacks \`notes.read\` sees and exports no
internal notes and no events.

${table(['permission', 'may', ...ROLES], byRole)}
## API keys, tightening, plans

A key needs one of the scopes; it belongs to its workspace and sees all audiences. A workspace may take permissions
from roles (\`PATCH /v1/settings\`, \`tightening\`), but some cannot be taken. What needs a permission
that is taken from a role goes with it: who may not read conversations exports none. Keys have their scopes and nothing
else. A permission with a feature also needs
that feature in the workspace’s plan: all are, unless the operator says otherwise (\`convey workspace plan\`).

${table(['permission', 'scopes of an API key, any of', 'a member needs as well', 'cannot be taken from', 'feature of the plan'], more)}`;
}
