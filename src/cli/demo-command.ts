import { sumCounts } from '../sum-counts.ts';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { type Command, Option } from 'commander';
import { createKey, createWorkspace, listKeys, revokeKey } from '../access/access.commands.ts';
import { findWorkspace, type Workspace } from '../access/workspaces/workspaces.ts';
import { makeFirstOwnerLink } from '../access/sign-in/joining/first-owner.ts';
import { verifyChain } from '../audit/verify-chain.ts';
import { exportToFile } from '../exports/direct/export-to-file.ts';
import { exportToPackage } from '../exports/keep/export-to-package.ts';
import type { ExportRequest } from '../exports/plan-export.ts';
import { type Installation, openInstallation } from '../installation.ts';
import { importFile } from '../records/import-file.ts';
import { readImportMap } from '../records/import/map/parse-map.ts';
import { serve } from '../server.ts';
import { writeSample } from '../../samples/write-sample.ts';
import { describeVerification } from '../verify/describe-verification.ts';
import { type Verification, verifyFile, verifyPackage } from '../verify/verify-package.ts';
import { type CommandContext, runCommand } from './command-context.ts';
import { describeImport } from './import-command.ts';
import { operator } from './operator.ts';
import { formatBytes, ProgressBar } from './progress-bar.ts';
import { serveUntilStopped } from './serve-command.ts';

const SLUG = 'demo';
const SCOPES = [
  'ingest',
  'export:create',
  'export:read',
  'contacts:read',
  'conversations:read',
  'audit:read',
];

interface Options {
  from?: string;
  format?: 'convey' | 'csv' | 'tsv' | 'jsonl' | 'json';
  map?: string;
  once?: boolean;
}

/** `convey demo`, which is `npm run demo`: in, kept, out, whole, and then served. */
export function registerDemoCommand(program: Command): void {
  program
    .command('demo')
    .description(
      'load a sample (or your own file), export it in every format and as a package, verify all, and serve',
    )
    .option(
      '--from <file>',
      'your own data instead of the sample: NDJSON, a package, or with --map CSV, TSV, JSON',
    )
    .addOption(
      new Option('--format <format>', 'what the file is; default: by its name').choices([
        'convey',
        'csv',
        'tsv',
        'jsonl',
        'json',
      ]),
    )
    .option('--map <file>', 'how its rows become records; see samples/maps/README.md')
    .option('--once', 'end after the exports instead of serving')
    .action((options: Options, command: Command) =>
      runCommand(command, (context) => runDemo(options, context)),
    );
}

async function runDemo(options: Options, { config, log, signal, print }: CommandContext): Promise<void> {
  const say = (text: string) => print({ step: text }, text);
  const started = Date.now();
  const installation = await openInstallation(config, { ...log, info: () => {} }, { signal });
  let isServing = false;
  try {
    say(`PostgreSQL runs in ${config.homeDir} (${((Date.now() - started) / 1000).toFixed(1)} s).`);
    const workspace = await ensureWorkspace(installation);
    say(await load(installation, workspace, options, signal));
    say(await exportAll(installation, workspace, signal));
    const chain = await verifyChain(installation.database, workspace.id, { signal });
    say(
      chain.valid
        ? `Audit log: ${chain.events} events, the chain is intact.`
        : `Audit log: BROKEN at ${chain.problem.seq}.`,
    );
    if (options.once) return;
    const key = await freshKey(installation);
    const server = await serve(installation);
    isServing = true;
    say(
      [
        `\nServing at ${config.port === 0 ? server.url : config.publicUrl}  (Ctrl-C stops)`,
        await describeSignIn(installation, config.port === 0 ? server.url : config.publicUrl),
        `For programs, this API key: ${key}`,
        `Try: curl -H 'Authorization: Bearer ${key}' -OJ ${server.url}/v1/contacts/export`,
      ].join('\n'),
    );
    await serveUntilStopped(server, installation);
  } finally {
    if (!isServing) await installation.close();
  }
}

async function ensureWorkspace({ database }: Installation): Promise<Workspace> {
  const found = await database.inSystem((transaction) => findWorkspace(transaction, SLUG));
  return found ?? createWorkspace(database, { slug: SLUG, name: 'Demo' });
}

async function load(
  installation: Installation,
  workspace: Workspace,
  options: Options,
  signal: AbortSignal,
): Promise<string> {
  const { config } = installation;
  let path = options.from;
  if (path === undefined) {
    path = join(config.homeDir, 'demo', 'sample');
    await writeSample(path, { force: true, signal });
  }
  const extension = extname(path.replace(/\.gz$/, '')).slice(1);
  const byName =
    ['csv', 'tsv', 'jsonl', 'json'].includes(extension) && options.map !== undefined ? extension : 'convey';
  const bar = new ProgressBar('Importing', true);
  const result = await importFile(installation, { workspaceId: workspace.id }, path, {
    format: options.format ?? (byName as 'convey'),
    map: options.map === undefined ? undefined : await readImportMap(options.map),
    signal,
    onProgress: ({ records, bytes, sizeBytes }) =>
      bar.update({ records, bytes, done: sizeBytes === undefined ? undefined : bytes / sizeBytes }),
  });
  bar.end();
  const note =
    options.from === undefined
      ? '\n  Some threads and memories are an account’s own ("workspace_id": null): they are kept apart and are not the\n  workspace’s to export, so that fewer of them come out below.'
      : '';
  return `\nIn:\n${describeImport(path, result)}${note}`;
}

const EXPORTS: { name: string; request: ExportRequest }[] = [
  { name: 'workspace.json', request: { kind: 'workspace', format: 'json' } },
  { name: 'workspace.ndjson', request: { kind: 'workspace', format: 'ndjson' } },
  { name: 'contacts.csv', request: { kind: 'contacts', format: 'csv', csvProfile: 'spreadsheet' } },
  { name: 'conversations.csv', request: { kind: 'conversations', format: 'csv' } },
  { name: 'messages.csv', request: { kind: 'conversations', format: 'csv', mode: 'messages' } },
];
const PACKAGE = 'package.zip';

/**
 * Exports everything, as single files and as one package, and has the verifier read all of it again, which
 * trusts this server’s key and nothing else; throws at the first that does not hold.
 */
async function exportAll(
  { config, exports, signingKeys }: Installation,
  workspace: Workspace,
  signal: AbortSignal,
): Promise<string> {
  const folder = join(config.homeDir, 'demo', 'exports');
  await mkdir(folder, { recursive: true });
  const scope = { workspaceId: workspace.id };
  const { fingerprint } = await signingKeys.current();
  const pin = { keys: [fingerprint], signal };
  const lines = [`\nOut, to ${folder}, and verified (signature, bytes, records counted anew):`];
  for (const { name, request } of EXPORTS) {
    const path = join(folder, name);
    const receiptPath = `${path}.receipt.json`;
    const startedAt = Date.now();
    const { bytes, receipt } = await exportToFile(exports, scope, operator, request, path, { signal });
    const took = Date.now() - startedAt;
    await writeFile(receiptPath, receipt, { mode: 0o600 });
    lines.push(describeRow(name, bytes, took, await verifyFile(path, receiptPath, pin)));
  }
  const path = join(folder, PACKAGE);
  await rm(path, { force: true }); // of an earlier run
  const keep = { files: true, partConversations: config.partConversations };
  const request: ExportRequest = { kind: 'workspace', format: 'ndjson', keep };
  const startedAt = Date.now();
  const { bytes } = await exportToPackage(exports, scope, operator, request, path, { signal });
  const took = Date.now() - startedAt;
  lines.push(describeRow(PACKAGE, bytes, took, await verifyPackage(path, pin)));
  lines.push(`  All of it is signed by this server’s key. See for yourself: npx convey verify ${path} \\`);
  lines.push(`    --key ${fingerprint}`);
  return lines.join('\n');
}

function describeRow(name: string, bytes: number, tookMs: number, verification: Verification): string {
  const { ok, counts, files, signed_by: signedBy } = verification;
  if (!ok) throw new Error(`${name}: ${describeVerification(verification).join('\n')}`);
  const records = sumCounts(counts);
  const told = [
    name.padEnd(18),
    formatBytes(bytes).padStart(8),
    `${(tookMs / 1000).toFixed(2).padStart(5)} s`,
    `complete: ${records.toLocaleString('en')} records${files > 0 ? ` and ${files} files` : ''}`.padEnd(38),
    `signed by ${signedBy!.slice(0, 'sha256:'.length + 8)}…`,
  ];
  return `  ${told.join('  ')}`;
}

/** How a person gets in: the first run's link makes them the owner of the demo; later they have an account. */
async function describeSignIn({ database }: Installation, url: string): Promise<string> {
  const link = await makeFirstOwnerLink(database, url);
  return link === undefined
    ? `Sign in with your account: ${url}`
    : `Become the owner, and sign in, with this link (works once, for 24 hours):\n  ${link}`;
}

/** A new key for this run; those of earlier runs are revoked. */
async function freshKey({ database }: Installation): Promise<string> {
  for (const { id, name, revokedAt } of await listKeys(database, { workspace: SLUG })) {
    if (name === 'demo' && revokedAt === null) await revokeKey(database, { workspace: SLUG, id });
  }
  return (await createKey(database, { workspace: SLUG, name: 'demo', scopes: SCOPES })).text;
}
