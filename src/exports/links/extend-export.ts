import { recordEvent } from '../../audit/record-event.ts';
import type { Database } from '../../database/connect.ts';
import { ConveyError } from '../../errors.ts';
import { keptTooLong } from '../exports.errors.ts';
import { ensurePackage, filesGone } from '../keep/ensure-fetchable.ts';
import type { ExportRow } from '../keep/find-export.ts';
import { type AcceptedExport, eventOf } from '../request-export.ts';

/**
 * Keeps the files of a ready export for some more days. Links to it end when they were to end.
 * @param mostMs how long after its order an export is kept at most
 * @throws exports.kept_too_long naming the latest time; exports.no_package, exports.expired, exports.not_ready, exports.ended
 */
export async function extendExport(
  database: Database,
  accepted: AcceptedExport,
  row: ExportRow,
  { days, mostMs }: { days: number; mostMs: number },
): Promise<void> {
  ensurePackage(row);
  const { workspaceId } = accepted.scope;
  await database.inScope(accepted.scope, async (transaction) => {
    const [extended] = await transaction.query<{ until: Date; latest: Date; is_within: boolean }>(
      `select expires_at + $3 * interval '1 day' as until, created_at + $4 * interval '1 millisecond' as latest,
              expires_at + $3 * interval '1 day' <= created_at + $4 * interval '1 millisecond' as is_within
         from exports
        where workspace_id = $1 and id = $2 and status = 'ready' and is_kept and expires_at > now() for update`,
      [workspaceId, row.id, days, mostMs],
    );
    if (extended === undefined) throw filesGone(row); // it ended this moment
    const { until, latest, is_within: isWithin } = extended;
    if (!isWithin) throw new ConveyError(keptTooLong, `At most until ${latest.toISOString()}.`);
    await transaction.query('update exports set expires_at = $3 where workspace_id = $1 and id = $2', [
      workspaceId,
      row.id,
      until,
    ]);
    const details = { days, expires_at: until.toISOString() };
    await recordEvent(transaction, workspaceId, eventOf(accepted, 'export.extended', 'success', details));
  });
}
