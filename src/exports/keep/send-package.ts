import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Database } from '../../database/connect.ts';
import { ConveyError } from '../../errors.ts';
import { sendBytes } from '../../http/send-bytes.ts';
import type { Log } from '../../log.ts';
import type { ObjectStore } from '../../storage/object-store.ts';
import { unknownExport } from '../exports.errors.ts';
import { noteDownload } from '../finish/note-download.ts';
import type { Asker } from '../request-export.ts';
import { ensurePackage } from './ensure-fetchable.ts';
import { acceptedExport, type ExportRow, listParts } from './find-export.ts';
import { openPackage, packageFile, packageZip } from './open-package.ts';

export interface SendDependencies {
  database: Database;
  store: ObjectStore;
  log: Log;
  /** A client that takes no byte for so long is cut off. */
  idleClientMs: number;
}

/** Who fetches what of an export. */
export interface Fetching {
  workspaceId: string;
  asker: Asker;
  /** One file of the package; unset: all of it, as a zip. */
  name?: string | undefined;
  /** Id of the link through which it is fetched, by whoever holds it; `asker` made it. */
  linkId?: string;
}

/**
 * Answers with a published package, or one file of it, whole or a range, and notes each reply that was taken to its
 * end.
 * @throws exports.unknown, exports.no_package, exports.not_ready, exports.expired, exports.ended, http.bad_range,
 *   http.precondition_failed
 */
export async function sendPackage(
  { database, store, log, idleClientMs }: SendDependencies,
  request: FastifyRequest,
  reply: FastifyReply,
  row: ExportRow,
  { workspaceId, asker, name, linkId }: Fetching,
): Promise<FastifyReply> {
  ensurePackage(row);
  const accepted = { ...(await acceptedExport(database, workspaceId, row)), asker };
  const opened = openPackage(row, await listParts(database, accepted.scope, row.id));
  const bytes = name === undefined ? packageZip(store, opened) : packageFile(store, opened, name);
  if (bytes === undefined) throw new ConveyError(unknownExport);
  return sendBytes(
    request,
    reply,
    {
      ...bytes,
      onSent: ({ bytes: sent, isWhole, isToEnd }) => {
        const link = linkId === undefined ? {} : { link: { id: linkId, isCounted: isToEnd } };
        noteDownload(database, accepted, sent, { file: bytes.fileName, is_whole: isWhole }, link).catch(
          (error: unknown) =>
            log.error('a completed download could not be written down', { export_id: row.id, error }),
        );
      },
    },
    idleClientMs,
  );
}
