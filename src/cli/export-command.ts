import { writeFile } from 'node:fs/promises';
import { basename, resolve } from 'node:path';
import { type Command, Option } from 'commander';
import { getWorkspace } from '../access/workspaces/workspaces.ts';
import { exportFormats, exportKinds } from '../catalog/tables/workings.ts';
import { exportToFile, exportToStream, type ExportWatch } from '../exports/direct/export-to-file.ts';
import { exportToPackage } from '../exports/keep/export-to-package.ts';
import { exportFieldNames } from '../exports/order/export-fields.ts';
import { exportBaseName, exportFileName, planExport } from '../exports/plan-export.ts';
import { runInInstallation } from './command-context.ts';
import { type ExportOptions, readFields, requestOf } from './export-options.ts';
import { addFilterOptions } from './filter-options.ts';
import { operator } from './operator.ts';
import { formatBytes, ProgressBar } from './progress-bar.ts';

/** `convey export`: into a file, with progress. */
export function registerExportCommand(program: Command): void {
  const command = program
    .command('export')
    .description(
      'export a workspace, its contacts or conversations, one conversation or one person into a file',
    )
    .requiredOption('-w, --workspace <name>', 'short name or id of the workspace')
    .addOption(new Option('-k, --kind <kind>', 'what to export').choices(exportKinds).default('workspace'))
    .addOption(new Option('-f, --format <format>', 'file format').choices(exportFormats).default('json'))
    .option('--id <id>', 'the one conversation or contact')
    .addOption(
      new Option('--mode <mode>', 'CSV of conversations: a row for each').choices([
        'conversations',
        'messages',
      ]),
    )
    .addOption(
      new Option(
        '--fields <names>',
        `what of each conversation, separated by commas: ${exportFieldNames.join(', ')}; default: all`,
      ).argParser(readFields),
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
    .option('--package', 'a signed package: a folder, or a zip if the output ends in .zip')
    .option('--files', 'with --package: the contents of files too')
    .option('--anonymize', 'pseudonyms for people, and what names them masked in texts')
    .option('--no-receipt', 'do not write FILE.receipt.json, the signed receipt, beside the file');
  addFilterOptions(command).action((options: ExportOptions, command: Command) =>
    runInInstallation(command, async ({ database, exports, config }, { signal, isJson, print }) => {
      const request = requestOf(options);
      const workspace = await database.inSystem((transaction) =>
        getWorkspace(transaction, options.workspace),
      );
      const plan = planExport(request, {
        workspace,
        productName: exports.productName,
        includeInternal: true,
        audiences: null,
      });
      const isStdout = options.output === '-';
      const ownName = options.package
        ? `${exportBaseName(plan, new Date())}.zip`
        : exportFileName(plan, new Date());
      const path = resolve(options.output ?? ownName);
      const bar = new ProgressBar('Exporting', !isJson);
      const scope = { workspaceId: workspace.id };
      const watch: ExportWatch = {
        signal,
        onProgress: (records, bytes, stage) => bar.update({ records, bytes, stage }),
      };
      if (options.package) {
        const keep = { files: options.files ?? false, partConversations: config.partConversations };
        const made = await exportToPackage(exports, scope, operator, { ...request, keep }, path, watch);
        bar.end();
        print(
          {
            export_id: made.id,
            package: made.path,
            bytes: made.bytes,
            snapshot_at: made.snapshotAt,
            signed_by: made.fingerprint,
            counts: made.counts,
            missing_files: made.missingFiles,
          },
          [
            path,
            `  ${formatBytes(made.bytes)}, signed by ${made.fingerprint}`,
            ...tellCounts(made.counts),
            ...(made.missingFiles > 0
              ? [
                  `  ${made.missingFiles} ${made.missingFiles === 1 ? 'file is' : 'files are'} missing: see manifest.json`,
                ]
              : []),
            `Check it:  convey verify ${basename(path)} --key ${made.fingerprint}`,
          ].join('\n'),
        );
        return;
      }
      const result = isStdout
        ? await exportToStream(exports, scope, operator, request, process.stdout, watch)
        : await exportToFile(exports, scope, operator, request, path, watch);
      bar.end();
      if (isStdout) return; // the file is the output
      const { counts, bytes, sha256 } = result;
      const receiptPath = `${path}.receipt.json`;
      if (options.receipt) await writeFile(receiptPath, result.receipt, { mode: 0o600 });
      print(
        {
          export_id: result.id,
          file: path,
          bytes,
          sha256,
          snapshot_at: result.snapshotAt.toISOString(),
          counts,
          ...(options.receipt ? { receipt: receiptPath } : {}),
        },
        [path, `  ${formatBytes(bytes)}, sha256 ${sha256}`, ...tellCounts(counts)].join('\n'),
      );
    }),
  );
}

function tellCounts(counts: Record<string, number>): string[] {
  return Object.entries(counts).map(([name, count]) => `  ${name.padEnd(24)}${String(count).padStart(12)}`);
}
