import { recordEvent } from '../../audit/record-event.ts';
import { hashSecretToken, newSecretToken } from '../../access/secret-token.ts';
import type { Database, Transaction } from '../../database/connect.ts';
import type { Scope } from '../../database/scope.ts';
import { ConveyError } from '../../errors.ts';
import { newId } from '../../ids.ts';
import { tooManyLinks, unknownLink } from '../exports.errors.ts';
import { ensurePackage, filesGone } from '../keep/ensure-fetchable.ts';
import type { ExportRow } from '../keep/find-export.ts';
import { type AcceptedExport, type Asker, eventOf } from '../request-export.ts';

/** A link that opens one export without a sign-in, for whoever holds it. */
export interface ExportLink {
  id: string;
  workspaceId: string;
  exportId: string;
  createdBy: { type: Asker['type']; id: string; name: string };
  createdAt: Date;
  expiresAt: Date;
  revokedAt: Date | null;
  /** Transfers through it that came to their end. */
  downloads: number;
  lastDownloadAt: Date | null;
}

const COLUMNS = `id, workspace_id as "workspaceId", export_id as "exportId", created_by as "createdBy",
  created_at as "createdAt", expires_at as "expiresAt", revoked_at as "revokedAt", downloads,
  last_download_at as "lastDownloadAt"`;

/** Open links of one export. */
const MOST_LINKS = 20;
const KEPT_DAYS = 30;

/**
 * Makes a link to a ready export; it ends with the export's files at the latest. Its token is in the result and
 * nowhere else.
 * @throws exports.too_many_links; exports.no_package, exports.expired, exports.not_ready, exports.ended
 */
export async function createLink(
  database: Database,
  accepted: AcceptedExport,
  row: ExportRow,
  hours: number,
): Promise<{ link: ExportLink; token: string }> {
  ensurePackage(row);
  const { scope, asker } = accepted;
  const token = newSecretToken();
  return database.inScope(scope, async (transaction) => {
    // Locked, so that of many made at once none is one too many.
    const [until] = await transaction.query<{ expires_at: Date }>(
      `select least(now() + $3 * interval '1 hour', expires_at) as expires_at from exports
        where workspace_id = $1 and id = $2 and status = 'ready' and is_kept and expires_at > now() for update`,
      [scope.workspaceId, row.id, hours],
    );
    if (until === undefined) throw filesGone(row);
    // A statement of its own: only one that begins after the lock was given sees the last link.
    const [open] = await transaction.query<{ n: number }>(
      `select count(*) as n from export_links
        where workspace_id = $1 and export_id = $2 and revoked_at is null and expires_at > now()`,
      [scope.workspaceId, row.id],
    );
    if (open!.n >= MOST_LINKS) throw new ConveyError(tooManyLinks, `At most ${MOST_LINKS}.`);
    const by = { type: asker.type, id: asker.id, name: asker.name };
    const [link] = await transaction.query<ExportLink>(
      `insert into export_links (id, workspace_id, export_id, token_hash, created_by, expires_at)
       values ($1, $2, $3, $4, $5, $6) returning ${COLUMNS}`,
      [newId('lnk'), scope.workspaceId, row.id, hashSecretToken(token), JSON.stringify(by), until.expires_at],
    );
    const details = { link_id: link!.id, expires_at: link!.expiresAt.toISOString() };
    await recordEvent(
      transaction,
      scope.workspaceId,
      eventOf(accepted, 'export.link_created', 'success', details),
    );
    return { link: link!, token };
  });
}

/** The links of an export, also those that have ended, the newest first. */
export async function listLinks(
  database: Database,
  { workspaceId }: Scope,
  exportId: string,
): Promise<ExportLink[]> {
  return database.querySystem<ExportLink>(
    `select ${COLUMNS} from export_links where workspace_id = $1 and export_id = $2
      order by created_at desc, id desc limit 100`,
    [workspaceId, exportId],
  );
}

/**
 * Withdraws a link: it opens nothing from then on. Twice changes nothing and is recorded once.
 * @throws exports.unknown_link
 */
export async function revokeLink(
  database: Database,
  accepted: AcceptedExport,
  linkId: string,
): Promise<ExportLink> {
  const { scope, id: exportId } = accepted;
  return database.inScope(scope, async (transaction) => {
    const [revoked] = await transaction.query<ExportLink>(
      `update export_links set revoked_at = now()
        where workspace_id = $1 and export_id = $2 and id = $3 and revoked_at is null returning ${COLUMNS}`,
      [scope.workspaceId, exportId, linkId],
    );
    if (revoked === undefined) {
      const [before] = await transaction.query<ExportLink>(
        `select ${COLUMNS} from export_links where workspace_id = $1 and export_id = $2 and id = $3`,
        [scope.workspaceId, exportId, linkId],
      );
      if (before === undefined) throw new ConveyError(unknownLink);
      return before;
    }
    const details = { link_id: linkId };
    await recordEvent(
      transaction,
      scope.workspaceId,
      eventOf(accepted, 'export.link_revoked', 'success', details),
    );
    return revoked;
  });
}

/** The link of a token, or of an id, whatever became of it. */
export async function findLink(
  database: Database,
  by: { token: string } | { id: string },
): Promise<ExportLink | undefined> {
  const [column, value] = 'token' in by ? ['token_hash', hashSecretToken(by.token)] : ['id', by.id];
  const [link] = await database.querySystem<ExportLink>(
    `select ${COLUMNS} from export_links where ${column} = $1`,
    [value],
  );
  return link;
}

/** Counts a transfer through a link that came to its end, as part of the caller's transaction. */
export async function countLinkDownload(transaction: Transaction, id: string): Promise<void> {
  await transaction.query(
    'update export_links set downloads = downloads + 1, last_download_at = now() where id = $1',
    [id],
  );
}

/** Deletes links that ended more than 30 days ago. Runs now and then. */
export async function sweepLinks(database: Database): Promise<void> {
  await database.querySystem(
    `delete from export_links where least(revoked_at, expires_at) < now() - interval '${KEPT_DAYS} days'`,
  );
}
