import type { FastifyReply, FastifyRequest } from 'fastify';
import { ConveyError } from '../../errors.ts';
import { DOWNLOAD_HEADERS } from '../../http/download-headers.ts';
import { tooManyReplies } from '../exports.errors.ts';
import { noteDownload } from '../finish/note-download.ts';
import { exportFileName, exportMediaType } from '../plan-export.ts';
import {
  type AcceptedExport,
  type Asker,
  type RequestDependencies,
  requestExport,
} from '../request-export.ts';
import { type RunDependencies, runExport } from '../run-export.ts';
import { Spool } from './spool.ts';
import { watchIdleClient } from '../../http/watch-idle-client.ts';
import type { ExportRequest } from '../plan-export.ts';
import type { Scope } from '../../database/scope.ts';

/** Replies that are not at their end, by workspace: a client that reads slowly keeps its place, and its file. */
const openReplies = new Map<string, number>();

export interface DeliverDependencies extends RequestDependencies, RunDependencies {
  /** Folder of the nameless files between export and reply. */
  spoolFolder: string;
  /** A client that takes no byte for this long is cut off. */
  idleClientMs: number;
}

/**
 * Answers a request with an export, at once. The export runs at its own speed into a spool; the reply reads
 * the spool while it is written. A failure breaks the transfer, so that no client takes a short file for a
 * whole one; a client that leaves ends the export.
 */
export async function deliverExport(
  dependencies: DeliverDependencies,
  scope: Scope,
  asker: Asker,
  request: ExportRequest,
  { raw }: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const free = takePlace(scope.workspaceId, dependencies.repliesPerWorkspace);
  reply.raw.once('close', free);
  if (reply.raw.destroyed) free();
  const accepted = await requestExport(dependencies, scope, asker, request);
  const gone = new AbortController();
  // Also when the client left before we came to listen.
  const leave = () => gone.abort(new Error('the client left'));
  reply.raw.once('close', leave);
  if (reply.raw.destroyed) leave();
  const spool = await Spool.create(dependencies.spoolFolder);
  const running = runExport(dependencies, accepted, {
    fd: spool.fd,
    signal: gone.signal,
    onWritten: (bytes) => spool.advance(bytes),
  }).then(
    ({ bytes }) => spool.complete(bytes),
    (error: Error) => spool.fail(error),
  );
  void settle(dependencies, accepted, spool, running, reply);
  // HTTP/1.0 has no end mark: a broken transfer would look whole. Such a client gets the finished file.
  if (raw.httpVersion === '1.0') reply.header('content-length', await spool.finished(gone.signal));
  else await spool.started(gone.signal);
  const name = exportFileName(accepted.plan, accepted.requestedAt);
  reply
    .header('content-type', exportMediaType(accepted.plan))
    .header(
      'content-disposition',
      `attachment; filename="${name}"; filename*=UTF-8''${encodeURIComponent(name)}`,
    )
    .headers(DOWNLOAD_HEADERS)
    .header('convey-export-id', accepted.id)
    .header('link', `</v1/exports/${accepted.id}/receipt>; rel="describedby"`);
  return reply.send(spool.read(gone.signal));
}

/** One of the places for replies of a workspace; throws `exports.too_many_replies` when none is left. */
function takePlace(workspaceId: string, limit: number): () => void {
  const open = openReplies.get(workspaceId) ?? 0;
  if (open >= limit) throw new ConveyError(tooManyReplies, `At most ${limit} run at once.`);
  openReplies.set(workspaceId, open + 1);
  let isFree = false;
  return () => {
    if (isFree) return;
    isFree = true;
    const left = openReplies.get(workspaceId)! - 1;
    if (left > 0) openReplies.set(workspaceId, left);
    else openReplies.delete(workspaceId);
  };
}

/** Sees the export and its reply to their ends, then frees the disk and notes a whole transfer. */
async function settle(
  dependencies: DeliverDependencies,
  accepted: AcceptedExport,
  spool: Spool,
  running: Promise<void>,
  { raw }: FastifyReply,
): Promise<void> {
  const unwatch = watchIdleClient(raw, dependencies.idleClientMs);
  const isWhole = await new Promise<boolean>((resolve) => {
    if (raw.destroyed) return resolve(false);
    raw.once('finish', () => resolve(raw.statusCode === 200));
    raw.once('close', () => resolve(raw.writableFinished && raw.statusCode === 200));
  });
  unwatch();
  await running;
  const bytes = spool.released;
  await spool.close();
  if (!isWhole) return;
  await noteDownload(dependencies.database, accepted, bytes).catch((error: unknown) => {
    dependencies.log.error('a completed download could not be written down', {
      export_id: accepted.id,
      error,
    });
  });
}
