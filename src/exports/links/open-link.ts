import { findPrincipal } from '../../access/find-principal.ts';
import { authorize } from '../../access/principal.ts';
import type { Database } from '../../database/connect.ts';
import { ConveyError, type ErrorAction } from '../../errors.ts';
import { ensureWithinReach } from '../export-reach.ts';
import { linkEnded, unknownLink } from '../exports.errors.ts';
import { runAgain } from '../keep/ensure-fetchable.ts';
import { type ExportRow, getExport } from '../keep/find-export.ts';
import { type ExportLink, findLink } from './export-links.ts';

/**
 * What a link opens, if it still does. It works as long as it was said to, is not withdrawn or used up, its export
 * has its files, and whoever made it may still have all of that export and make links to it: asked each time.
 * @param mostDownloads transfers that one link gives; 0: as many as are asked for
 * @throws exports.unknown_link; exports.link_ended with the reason and what one can do
 */
export async function openLink(
  database: Database,
  by: { token: string } | { id: string },
  mostDownloads: number,
): Promise<{ link: ExportLink; row: ExportRow }> {
  const link = await findLink(database, by);
  if (link === undefined) throw new ConveyError(unknownLink);
  const action = runAgain({ id: link.exportId });
  if (link.revokedAt !== null) throw endedBecause('It was withdrawn.', action);
  if (link.expiresAt <= new Date()) throw endedBecause('Its time is over.', action);
  if (mostDownloads > 0 && link.downloads >= mostDownloads)
    throw endedBecause(`It was used ${link.downloads} times, which is as often as it may be.`, action);
  const row = await getExport(database, { workspaceId: link.workspaceId }, link.exportId);
  if (row.status !== 'ready') throw endedBecause('The files of its export were deleted.', action);
  await ensureMakerMay(database, link, row, action);
  return { link, row };
}

async function ensureMakerMay(
  database: Database,
  { workspaceId, createdBy: { type, id } }: ExportLink,
  row: ExportRow,
  action: ErrorAction,
): Promise<void> {
  if (type === 'operator') return;
  try {
    const maker = await findPrincipal(database, workspaceId, { type, id });
    authorize(maker, 'export.share');
    ensureWithinReach(maker, row);
  } catch (error) {
    if (!(error instanceof ConveyError) || error.kind.status >= 500) throw error;
    throw endedBecause('Whoever made it may not give this export away any more.', action);
  }
}

function endedBecause(why: string, action: ErrorAction): ConveyError {
  return new ConveyError(linkEnded, why, { action });
}
