import { createHash } from 'node:crypto';
import type { Database } from '../../database/connect.ts';
import type { ChainHead } from '../noted-heads.ts';
import { type EventFilter, findHead, readEvents } from '../read/read-events.ts';
import { placeReadable } from './event-record.ts';
import type { FileFormat } from './file-formats.ts';

/** An event holds up to 128 KiB, so that a page stays within 25 MiB even then. */
const PAGE_EVENTS = 200;

/** What has been handed over so far. */
export interface StreamedEvents {
  events: number;
  bytes: number;
  /** The newest event there was at the start: the file holds the chain up to it. */
  head: ChainHead | undefined;
  /** The last byte was handed over. */
  isWhole: boolean;
}

export interface StreamSource {
  database: Pick<Database, 'inScope'>;
  workspaceId: string;
  filter: EventFilter;
}

/**
 * The audit log as a file, newest first, while it is read: in pages, each in a short transaction of its own, so
 * that a slow reader holds neither a connection nor a snapshot. Nothing that was recorded after the start is in
 * it: events are only ever added, so that it is one consistent prefix of the chain.
 */
export async function openEventStream(
  { database, workspaceId, filter }: StreamSource,
  format: FileFormat,
): Promise<{ bytes: AsyncGenerator<Buffer>; told: StreamedEvents }> {
  const head = await database.inScope({ workspaceId }, (transaction) => findHead(transaction, workspaceId));
  const told: StreamedEvents = {
    events: 0,
    bytes: 0,
    head: head && { seq: head.seq, hash: head.hash },
    isWhole: false,
  };
  const digest = createHash('sha256');
  function* counted(chunk: Buffer): Generator<Buffer> {
    if (chunk.length === 0) return;
    digest.update(chunk);
    told.bytes += chunk.length;
    yield chunk;
  }
  async function* chunks(): AsyncGenerator<Buffer> {
    yield* counted(format.begin());
    for (let uptoSeq = head?.seq ?? 0; uptoSeq > 0; ) {
      const page = { filter, uptoSeq, limit: PAGE_EVENTS };
      const rows = await database.inScope({ workspaceId }, (transaction) =>
        readEvents(transaction, workspaceId, page),
      );
      if (rows.length === 0) break;
      yield* counted(format.events(rows.map(placeReadable), told.events === 0));
      told.events += rows.length;
      uptoSeq = rows.length < PAGE_EVENTS ? 0 : Number(rows.at(-1)!.seq) - 1;
    }
    yield* counted(format.end(told.events, digest.copy().digest('hex')));
    told.isWhole = true;
  }
  return { bytes: chunks(), told };
}
