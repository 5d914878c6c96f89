import { recordEvent } from '../../audit/record-event.ts';
import type { Database } from '../../database/connect.ts';
import { ConveyError } from '../../errors.ts';
import { actedBy, type Actor } from '../actor.ts';
import { PLAN_FEATURES, type PlanFeature } from '../permissions.ts';
import { badFeatures } from './workspaces.errors.ts';

/** Reads `all` (null), `none`, or features with commas or spaces between. Throws `access.bad_features`. */
export function readFeatures(text: string): PlanFeature[] | null {
  if (text === 'all') return null;
  if (text === 'none') return [];
  const wanted = new Set(text.split(/[\s,]+/).filter(Boolean));
  const known = PLAN_FEATURES.filter((feature) => wanted.has(feature));
  if (known.length === 0 || known.length < wanted.size)
    throw new ConveyError(badFeatures, `The features are ${PLAN_FEATURES.join(', ')}.`);
  return known;
}

/**
 * Sets which features a workspace's plan has; the operator's to say, never a member's. Holds from the next request
 * on.
 * @param features null: all there are, later ones included
 */
export async function setPlan(
  database: Database,
  workspaceId: string,
  features: readonly PlanFeature[] | null,
  actor: Actor,
): Promise<void> {
  await database.inScope({ workspaceId }, async (transaction) => {
    const [before] = await transaction.query<{ features: string[] | null }>(
      'select plan_features as features from workspaces where id = $1 for no key update',
      [workspaceId],
    );
    await transaction.query('update workspaces set plan_features = $2 where id = $1', [
      workspaceId,
      features,
    ]);
    const change = { before: before?.features ?? 'all', after: features === null ? 'all' : [...features] };
    await recordEvent(transaction, workspaceId, {
      ...actedBy(actor, { changes: { plan_features: change } }),
      action: 'workspace.plan_changed',
      target: { type: 'workspace', ref: workspaceId },
      outcome: 'success',
      details: change,
    });
  });
}
