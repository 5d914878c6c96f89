import {
  CHAIN_START,
  type ChainLink,
  findBreak,
  findChange,
  isBodyErased,
  type PlacedEvent,
} from '../check-event.ts';
import { type ChainHead, NotedHeads } from '../noted-heads.ts';
import { readEventFile } from './read-file.ts';

export interface VerifyFileOptions {
  /** Places of this workspace’s chain that were noted elsewhere, asked for once its name is known. */
  headsOf?: (workspaceId: string | undefined) => readonly ChainHead[];
  /** The file was exported with a filter: events may be missing, which it then cannot show. */
  isFiltered?: boolean;
  /** The file must reach as far as was noted; else one that ends before is valid up to its end. */
  untilNewest?: boolean;
  signal?: AbortSignal;
}

/** What a file of events is worth. */
export interface FileReport {
  valid: boolean;
  /** Undefined: the file holds no event. */
  workspaceId: string | undefined;
  /** Events found sound. */
  events: number;
  erasedBodies: number;
  /** Number of the oldest event and of the newest. */
  firstSeq: number | undefined;
  lastSeq: number | undefined;
  /** Hash of the newest. */
  lastHash: string | undefined;
  /** Newest event that was noted elsewhere, if that is beyond the end of the file: it is older, or was cut. */
  notedThrough: number | undefined;
  /** Noted places that were met and agreed. */
  matchedHeads: number;
  /** Shown to hold every event from the first to its newest. A filtered file never is. */
  isComplete: boolean;
  /** The first thing that is wrong, and the row at which it shows. */
  problem?: { row: number; seq: number | undefined; reason: string };
}

/**
 * Checks an exported audit log, CSV or NDJSON, from the file alone: every hash is computed again, every cell is
 * held against its record, every link against the next row. Rows that are missing at the top, the newest, show
 * only by a place that was noted elsewhere, and so does a file that was exported before it was noted. Streams.
 * @throws audit.unverifiable_format for an export as JSON, ECS or OCSF
 */
export async function verifyFile(path: string, options: VerifyFileOptions = {}): Promise<FileReport> {
  const { isFiltered = false, untilNewest = false, headsOf = () => [], signal } = options;
  let newer: PlacedEvent | undefined;
  let noted: NotedHeads | undefined;
  const report: FileReport = {
    valid: true,
    workspaceId: undefined,
    events: 0,
    erasedBodies: 0,
    firstSeq: undefined,
    lastSeq: undefined,
    lastHash: undefined,
    notedThrough: undefined,
    matchedHeads: 0,
    isComplete: false,
  };
  const fail = (row: number, seq: number | undefined, reason: string): FileReport => ({
    ...report,
    valid: false,
    problem: { row, seq, reason },
  });

  let row = 1;
  for await (const found of readEventFile(path, signal)) {
    row = found.row;
    if ('reason' in found) return fail(row, undefined, found.reason);
    const { event } = found;
    const chained = event.chained!;
    noted ??= new NotedHeads(headsOf(chained.workspace_id));
    report.workspaceId ??= chained.workspace_id;
    const reason =
      findChange(event) ??
      (chained.workspace_id === report.workspaceId ? undefined : 'It is of another workspace.') ??
      misplaced(newer, event, isFiltered);
    if (reason !== undefined) return fail(row, chained.seq, reason);
    const wrong = noted.contradiction(event);
    if (wrong !== undefined) return fail(row, wrong.seq, wrong.reason);
    if (report.lastSeq === undefined) {
      report.lastSeq = chained.seq;
      report.lastHash = event.hash;
      const cut = noted.findCut(chained.seq);
      if (cut !== undefined && !isFiltered) {
        if (untilNewest) return fail(row, cut.seq, cut.reason);
        report.notedThrough = noted.highest;
      }
    }
    report.events += 1;
    report.firstSeq = chained.seq;
    report.matchedHeads = noted.matched;
    if (isBodyErased(event)) report.erasedBodies += 1;
    newer = event;
  }
  if (newer === undefined) {
    const cut = isFiltered ? undefined : new NotedHeads(headsOf(undefined)).findCut(0);
    return cut === undefined ? { ...report, isComplete: !isFiltered } : fail(row, cut.seq, cut.reason);
  }
  const isFromStart = newer.seq === '1';
  const first = isFiltered && !isFromStart ? undefined : findBreak(CHAIN_START, newer);
  if (first !== undefined) return fail(row, first.seq, first.reason);
  return { ...report, isComplete: !isFiltered };
}

/** What is wrong with an event's place behind the row above, in words; undefined: it stands where it should. */
function misplaced(
  newer: PlacedEvent | undefined,
  event: PlacedEvent,
  isFiltered: boolean,
): string | undefined {
  const seq = Number(event.seq);
  if (!Number.isSafeInteger(seq) || seq < 1) return 'Its number is none that an event can have.';
  if (newer === undefined) return undefined;
  const above = Number(newer.seq);
  if (seq >= above)
    return `It stands below event ${above}, but the newest is on top: rows were moved, repeated or put in.`;
  if (isFiltered && seq < above - 1) return undefined;
  return findBreak(linkOf(event, seq), newer)?.reason;
}

function linkOf({ hash, prevHash }: PlacedEvent, seq: number): ChainLink {
  return { seq, hash, prevHash };
}
