import { nothingToAccept } from '../../audit/audit.errors.ts';
import { readLastCheckpoint } from '../../audit/checkpoints/checkpoint-file.ts';
import {
  type Contradiction,
  contradictionDetails,
  findStanding,
} from '../../audit/checkpoints/contradictions.ts';
import { recordEvent } from '../../audit/record-event.ts';
import type { Database } from '../../database/connect.ts';
import { ConveyError } from '../../errors.ts';
import { actedBy, type Actor } from '../actor.ts';

/**
 * Writes down that the operator knows of a contradiction and why checkpoints may be signed again: from the next one
 * on, those from before are no longer compared when signing. Verifying still compares them all.
 * @param folder the server's own folder of checkpoints
 * @throws audit.nothing_to_accept when the log agrees with what was noted last
 */
export async function acceptContradiction(
  database: Database,
  folder: string | undefined,
  workspaceId: string,
  { actor, reason }: { actor: Actor; reason: string },
): Promise<Contradiction> {
  const outside = folder === undefined ? undefined : await readLastCheckpoint(folder, workspaceId);
  return database.inScope({ workspaceId }, async (transaction) => {
    const { contradiction } = await findStanding(transaction, workspaceId, outside);
    if (contradiction === undefined) throw new ConveyError(nothingToAccept);
    await recordEvent(transaction, workspaceId, {
      ...actedBy(actor, { reason }), // may name people
      action: 'audit.contradiction_accepted',
      target: { type: 'workspace', ref: workspaceId },
      outcome: 'success',
      details: contradictionDetails(contradiction),
    });
    return contradiction;
  });
}
