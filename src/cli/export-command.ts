import { resolve } from 'node:path';
import { type Command, Option } from 'commander';
import { getWorkspace } from '../access/workspaces.ts';
import { exportToFile, exportToStream, type ExportWatch } from '../exports/export-to-file.ts';
import {
  exportFileName,
  exportKinds,
  type ExportRequest,
  formatsOfKind,
  planExport,
} from '../exports/plan-export.ts';
import { runInInstallation } from './command-context.ts';
import { operator } from './operator.ts';
import { formatBytes, ProgressBar } from './progress-bar.ts';
import { badUsage } from './cli.errors.ts';
import { ConveyError } from '../errors.ts';

type Options = Omit<ExportRequest, 'filter' | 'recordId'> & {
  workspace: string;
  id?: string;
  profile: 'machine' | 'spreadsheet';
  for: 'record' | 'subject';
  output?: string;
};

/** `convey export`: into a file, with progress. */
export function registerExportCommand(program: Command): void {
  program
    .command('export')
    .description(
      'export a workspace, its contacts or conversations, one conversation or one person into a file',
    )
    .requiredOption('-w, --workspace <name>', 'short name or id of the workspace')
    .addOption(new Option('-k, --kind <kind>', 'what to export').choices(exportKinds).default('workspace'))
    .addOption(
      new Option('-f, --format <format>', 'file format').choices(['json', 'ndjson', 'csv']).default('json'),
    )
    .option('--id <id>', 'the one conversation or contact')
    .addOption(
      new Option('--mode <mode>', 'CSV of conversations: a row for each').choices([
        'conversations',
        'messages',
      ]),
    )
    .addOption(
      new Option('--profile <profile>', 'CSV').choices(['machine', 'spreadsheet']).default('machine'),
    )
    .addOption(
      new Option('--for <whom>', 'of a contact: the workspace’s record, or the person')
        .choices(['record', 'subject'])
        .default('record'),
    )
    .option(
      '-o, --output <file>',
      'where to write, “-” for standard output; default: a name of its own in the current folder',
    )
    .action((options: Options, command: Command) =>
      runInInstallation(command, async ({ database, exports }, { signal, isJson, print }) => {
        const request = requestOf(options);
        const workspace = await database.inSystem((transaction) =>
          getWorkspace(transaction, options.workspace),
        );
        const plan = planExport(request, {
          workspace,
          productName: exports.productName,
          includeInternal: true,
        });
        const isStdout = options.output === '-';
        const path = resolve(options.output ?? exportFileName(plan, new Date()));
        const bar = new ProgressBar('Exporting', !isJson);
        const scope = { workspaceId: workspace.id };
        const watch: ExportWatch = {
          signal,
          onProgress: (records, bytes, stage) => bar.update({ records, bytes, stage }),
        };
        const result = isStdout
          ? await exportToStream(exports, scope, operator, request, process.stdout, watch)
          : await exportToFile(exports, scope, operator, request, path, watch);
        bar.end();
        if (isStdout) return; // the file is the output
        const { counts, bytes, sha256 } = result;
        const told = Object.entries(counts).map(
          ([name, count]) => `  ${name.padEnd(24)}${String(count).padStart(12)}`,
        );
        print(
          {
            export_id: result.id,
            file: path,
            bytes,
            sha256,
            snapshot_at: result.snapshotAt.toISOString(),
            counts,
          },
          [path, `  ${formatBytes(bytes)}, sha256 ${sha256}`, ...told].join('\n'),
        );
      }),
    );
}

function requestOf({ kind, format, mode, profile, for: contactProfile, id }: Options): ExportRequest {
  if (!formatsOfKind[kind].includes(format)) {
    throw new ConveyError(badUsage, `--kind ${kind} comes as ${formatsOfKind[kind].join(', ')}.`);
  }
  if (mode !== undefined && (kind !== 'conversations' || format !== 'csv')) {
    throw new ConveyError(badUsage, '--mode is for the CSV of conversations.');
  }
  if (contactProfile === 'subject' && kind !== 'contact') {
    throw new ConveyError(badUsage, '--for is for one contact.');
  }
  const isOne = kind === 'conversation' || kind === 'contact';
  if (isOne !== (id !== undefined)) {
    throw new ConveyError(badUsage, isOne ? `--kind ${kind} needs --id.` : `--kind ${kind} takes no --id.`);
  }
  return {
    kind,
    format,
    csvProfile: profile,
    contactProfile,
    ...(mode === undefined ? {} : { mode }),
    ...(id === undefined ? {} : { recordId: id }),
  };
}
