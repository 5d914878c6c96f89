import { type Command, Option } from 'commander';
import { getWorkspace } from '../access/workspaces/workspaces.ts';
import { importFile, type ImportResult } from '../records/import-file.ts';
import { readImportMap } from '../records/import/map/parse-map.ts';
import { runInInstallation } from './command-context.ts';
import { ProgressBar } from './progress-bar.ts';

interface Options {
  workspace: string;
  format: 'convey' | 'csv' | 'tsv' | 'jsonl' | 'json';
  map?: string;
}

const LISTED = 20;

/** `convey import`: files or packages into a workspace. */
export function registerImportCommand(program: Command): void {
  program
    .command('import <files...>')
    .description('take records in: NDJSON or a package (folder or zip), or CSV, TSV, JSON, JSONL with a map')
    .requiredOption('-w, --workspace <name>', 'short name or id of the workspace')
    .addOption(
      new Option('-f, --format <format>', 'what the files are')
        .choices(['convey', 'csv', 'tsv', 'jsonl', 'json'])
        .default('convey'),
    )
    .option('-m, --map <file>', 'how rows become records; see samples/maps/README.md')
    .action((files: string[], options: Options, command: Command) =>
      runInInstallation(command, async ({ database, store, feedEpoch, log }, { signal, isJson, print }) => {
        const workspace = await database.inSystem((transaction) =>
          getWorkspace(transaction, options.workspace),
        );
        const map = options.map === undefined ? undefined : await readImportMap(options.map);
        const results: (ImportResult & { file: string })[] = [];
        for (const file of files) {
          const bar = new ProgressBar(`Importing ${file}`, !isJson);
          const result = await importFile(
            { database, store, feedEpoch, log },
            { workspaceId: workspace.id },
            file,
            {
              format: options.format,
              map,
              signal,
              onProgress: ({ records, bytes, sizeBytes }) =>
                bar.update({ records, bytes, done: sizeBytes === undefined ? undefined : bytes / sizeBytes }),
            },
          );
          bar.end();
          results.push({ file, ...result });
          if (!isJson) process.stdout.write(`${describeImport(file, result)}\n`);
          if (result.rejected_count > 0) process.exitCode = 1;
        }
        if (isJson) print(results, '');
      }),
    );
}

/** What an import did, for people. */
export function describeImport(file: string, result: ImportResult): string {
  const { accepted, by_type: byType, files } = result;
  const lines = [
    file,
    `  ${accepted.inserted} new, ${accepted.updated} changed, ${result.unchanged} as they were`,
  ];
  for (const [type, counts] of Object.entries(byType)) {
    lines.push(
      `  ${type.padEnd(24)}${String(counts.inserted + counts.updated + counts.unchanged).padStart(10)}`,
    );
  }
  if (result.signed_by !== null) {
    lines.push(
      `  as it was signed by ${result.signed_by}`,
      '    (no key was pinned: anybody can sign; convey verify --key says whether it is one that you trust)',
    );
  }
  if (result.pending > 0) lines.push(`  ${result.pending} wait for the record they belong to`);
  if (files.stored + files.kept > 0)
    lines.push(
      `  ${files.stored} ${files.stored === 1 ? 'file' : 'files'} stored, ${files.kept} ${files.kept === 1 ? 'was' : 'were'} there already`,
    );
  for (const missing of files.missing.slice(0, LISTED)) lines.push(`  file not stored: ${missing}`);
  if (result.rejected_count > 0) lines.push(`  ${result.rejected_count} NOT taken:`);
  for (const { source, line, code, field, detail } of result.rejected.slice(0, LISTED)) {
    lines.push(`    ${source}:${line}  ${code}${field === undefined ? '' : `  ${field}`}  ${detail ?? ''}`);
  }
  if (result.rejected_count > LISTED) lines.push('    … --json lists more');
  return lines.join('\n');
}
