import type { Command } from 'commander';
import { verifyAndRecord } from '../access/audit/verify-and-record.ts';
import { noCheckpoint, unverifiableFormat } from '../audit/audit.errors.ts';
import type { CheckpointDocument } from '../audit/checkpoints/checkpoint.ts';
import { readCheckpoints } from '../audit/checkpoints/read-checkpoints.ts';
import { type FileReport, verifyFile } from '../audit/export/verify-file.ts';
import type { ChainHead } from '../audit/noted-heads.ts';
import { ConveyError } from '../errors.ts';
import { findChain, registerAuditAcceptCommand } from './audit-accept-command.ts';
import { badUsage } from './cli.errors.ts';
import { runCommand, runInInstallation } from './command-context.ts';
import { operator } from './operator.ts';

interface Options {
  workspace?: string;
  file?: string;
  checkpoints?: string;
  head?: string;
  key: string[];
  filtered?: boolean;
  untilNewest?: boolean;
}

/** `convey audit …`. */
export function registerAuditCommand(program: Command): void {
  const audit = program.command('audit').description('the audit log');
  registerAuditAcceptCommand(audit);
  audit
    .command('verify')
    .description('check that the audit log was not changed: every event’s hash, order and links')
    .option(
      '-w, --workspace <name>',
      'short name or id of the workspace whose log in the database is checked',
    )
    .option('--file <file>', 'check an exported log (CSV or NDJSON) instead, without server or database')
    .option('--filtered', 'the file was exported with a filter: events may be missing between others')
    .option('--until-newest', 'the file must reach as far as the checkpoints do')
    .option(
      '--checkpoints <path>',
      'checkpoints that left the server: a file (lines, a webhook’s JSON, a saved mail), or a folder of such files',
    )
    .option('--head <seq:hash>', 'a place in the log that you noted down')
    .option(
      '--key <fingerprint>',
      'a key that you trust to sign the checkpoints; may be given more than once',
      (key: string, keys: string[]) => [...keys, key],
      [] as string[],
    )
    .action((options: Options, command: Command) =>
      options.file === undefined ? verifyDatabase(options, command) : verifyExported(options, command),
    );
}

function verifyDatabase(options: Options, command: Command): Promise<void> {
  const name = options.workspace;
  if (name === undefined || options.filtered === true || options.untilNewest === true) {
    return runCommand(command, () => {
      const why =
        name === undefined ? 'Name a workspace or a file.' : '--filtered and --until-newest are for files.';
      return Promise.reject(new ConveyError(badUsage, why));
    });
  }
  return runInInstallation(command, async ({ database, config }, { signal, print }) => {
    const head = readHead(options.head);
    const workspaceId = await findChain(database, name);
    const checkpoints = await readTrusted(options, workspaceId);
    const expectedHeads = [...head, ...checkpoints(workspaceId)];
    const actor = {
      type: operator.type,
      ref: operator.id,
      name: operator.name,
      interface: operator.interface,
    };
    const verified = { signal, expectedHeads, folder: config.checkpointFolder };
    const { report, message } = await verifyAndRecord(database, workspaceId, actor, verified);
    print(report, message);
    if (!report.valid) process.exitCode = 1;
  });
}

function verifyExported(options: Options, command: Command): Promise<void> {
  return runCommand(command, async ({ signal, print }) => {
    if (options.workspace !== undefined)
      throw new ConveyError(badUsage, 'Name a workspace or a file, not both.');
    if (options.filtered === true && options.untilNewest === true)
      throw new ConveyError(badUsage, 'A filtered file cannot show that nothing is missing.');
    const head = readHead(options.head);
    const isFiltered = options.filtered === true;
    const checkpoints = await readTrusted(options, undefined);
    const report = await verifyFile(options.file!, {
      isFiltered,
      untilNewest: options.untilNewest === true,
      signal,
      headsOf: (workspaceId) => [...head, ...checkpoints(workspaceId)],
    }).catch((cause: unknown) => {
      if (cause instanceof ConveyError)
        throw cause.kind === unverifiableFormat ? new ConveyError(badUsage, cause.message) : cause;
      const { code } = cause as NodeJS.ErrnoException;
      throw code === undefined ? cause : new ConveyError(badUsage, `The file cannot be read (${code}).`);
    });
    const complete_through = report.isComplete ? (report.lastSeq ?? 0) : null;
    print({ ...report, complete_through }, describeFile(report, isFiltered));
    if (!report.valid) process.exitCode = 1;
  });
}

function describeFile(report: FileReport, isFiltered: boolean): string {
  const { problem, events, erasedBodies, firstSeq, lastSeq, lastHash, matchedHeads, notedThrough } = report;
  if (problem !== undefined) {
    const event = problem.seq === undefined ? '' : ` (event ${problem.seq})`;
    return `NOT valid, at row ${problem.row}${event}: ${problem.reason}`;
  }
  if (events === 0) return 'Valid: the file holds no event.';
  const erased = erasedBodies > 0 ? `, ${erasedBodies} personal parts erased` : '';
  const extent = isFiltered
    ? 'Each is as it was recorded; a filtered file cannot show that none is missing'
    : `Events ${firstSeq} to ${lastSeq}, none missing between`;
  const beyond =
    notedThrough === undefined
      ? ''
      : ` The file ends at event ${lastSeq}; checkpoints go on to ${notedThrough}: it was exported before, or cut.`;
  const compared =
    matchedHeads > 0
      ? `${matchedHeads} places that were noted elsewhere agree`
      : 'Compared with nothing that was noted elsewhere, so newer events may have been cut off, or all rewritten';
  return `Valid: ${events} events${erased}. ${extent}. The newest is ${lastSeq}:${lastHash}. ${compared}.${beyond}`;
}

/** `SEQ:HASH`, as this command prints it. */
function readHead(text: string | undefined): ChainHead[] {
  if (text === undefined) return [];
  const [, seq, hash] = /^(\d{1,15}):([0-9a-f]{64})$/.exec(text) ?? [];
  if (seq === undefined || hash === undefined)
    throw new ConveyError(badUsage, '--head takes the number of an event, a colon and its hash (64 digits).');
  return [{ seq: Number(seq), hash }];
}

/**
 * The checkpoints that were brought, by workspace (undefined: all); with `--key`, only signatures of those keys count,
 * and others are refused. What was brought and holds none of the workspace is no agreement: that throws.
 */
async function readTrusted(
  options: Options,
  workspaceId: string | undefined,
): Promise<(of: string | undefined) => CheckpointDocument[]> {
  if (options.checkpoints === undefined) return () => [];
  const all = await readCheckpoints(options.checkpoints, workspaceId);
  const strange = all.find(({ signed_by }) => options.key.length > 0 && !options.key.includes(signed_by));
  if (strange !== undefined) {
    const which = `The checkpoint of event ${strange.seq} is signed by ${strange.signed_by}.`;
    throw new ConveyError(badUsage, `${which} That key is not among those that --key names.`);
  }
  return (of) => {
    const found = all.filter((one) => of === undefined || one.workspace_id === of);
    if (found.length === 0) throw new ConveyError(noCheckpoint);
    return found;
  };
}
