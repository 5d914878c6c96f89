import { recordEvent } from '../../audit/record-event.ts';
import type { Database, Transaction } from '../../database/connect.ts';
import { newId } from '../../ids.ts';
import { publishEvent } from '../../notify/webhooks/publish-event.ts';
import { countLinkDownload } from '../links/export-links.ts';
import { type AcceptedExport, eventOf } from '../request-export.ts';

/**
 * Notes one completed transfer, once it is complete (H-11). The export itself remembers the last one that left its
 * reader with all of it: the one file, the package, or the last of its parts.
 * @param what which file, if the export has several, and whether all of that one was sent
 * @param link through which it was fetched, by whoever holds it; whether this counts as a use of it
 */
export async function noteDownload(
  database: Database,
  accepted: AcceptedExport,
  bytes: number,
  what: { file?: string; is_whole?: boolean } = {},
  { link }: { link?: { id: string; isCounted: boolean } } = {},
): Promise<void> {
  await database.inScope(accepted.scope, async (transaction) => {
    await insertDownload(transaction, accepted, bytes, { ...what, linkId: link?.id });
    if (link?.isCounted) await countLinkDownload(transaction, link.id);
    const wholeBytes =
      what.file === undefined ? bytes : await wholeBytesOf(transaction, accepted, bytes, what);
    if (wholeBytes !== undefined)
      await transaction.query(
        'update exports set last_downloaded_at = now(), downloaded_bytes = $3 where workspace_id = $1 and id = $2',
        [accepted.scope.workspaceId, accepted.id, wholeBytes],
      );
    const { id, plan } = accepted;
    const said = { export_id: id, kind: plan.kind, format: plan.format, bytes };
    await publishEvent(transaction, accepted.scope.workspaceId, 'export.downloaded', said);
    const event = eventOf(accepted, 'export.downloaded', 'success', {
      bytes,
      ...what,
      ...(link === undefined ? {} : { link_id: link.id }),
    });
    // Who holds a link is not known: it acts for itself.
    if (link !== undefined) event.actor = { type: 'system', ref: link.id };
    await recordEvent(transaction, accepted.scope.workspaceId, event);
  });
}

async function insertDownload(
  transaction: Transaction,
  { id, scope, asker }: AcceptedExport,
  bytes: number,
  what: { file?: string; is_whole?: boolean; linkId: string | undefined },
): Promise<void> {
  const { file, is_whole: isWhole = file === undefined, linkId } = what;
  const { type, id: askerId, name } = asker;
  const actor = linkId === undefined ? { type, id: askerId, name } : { type: 'link', id: linkId, name };
  await transaction.query(
    `insert into export_downloads (workspace_id, id, export_id, actor, file, bytes, is_whole)
     values ($1, $2, $3, $4, $5, $6, $7)`,
    [scope.workspaceId, newId('dwn'), id, JSON.stringify(actor), file ?? null, bytes, isWhole],
  );
}

/** Bytes of a kept export that its reader now has all of; undefined if something is lacking still. */
async function wholeBytesOf(
  transaction: Transaction,
  { scope, id }: AcceptedExport,
  bytes: number,
  { file, is_whole: isWhole }: { file?: string; is_whole?: boolean },
): Promise<number | undefined> {
  const { workspaceId } = scope;
  if (isWhole !== true) return undefined;
  const [row] = await transaction.query<{ is_package: boolean; is_part: boolean }>(
    `select name || '.zip' = $3 as is_package,
            exists (select from export_parts p where p.workspace_id = $1 and p.export_id = $2 and p.kind = 'part'
               and p.name = 'data/' || $3) as is_part
       from exports where workspace_id = $1 and id = $2 for no key update`, // two that end at once see each other
    [workspaceId, id, file],
  );
  if (row?.is_package) return bytes;
  if (!row?.is_part) return undefined;
  const [parts] = await transaction.query<{ is_all: boolean; bytes: number }>(
    `select bool_and(p.name = 'data/' || $3 or exists (
              select from export_downloads d where d.workspace_id = $1 and d.export_id = $2 and d.is_whole
                 and p.name = 'data/' || d.file)) as is_all,
            sum(p.bytes)::bigint as bytes
       from export_parts p where p.workspace_id = $1 and p.export_id = $2 and p.kind = 'part'`,
    [workspaceId, id, file],
  );
  return parts?.is_all ? parts.bytes : undefined;
}
