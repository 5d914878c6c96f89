import type { JsonObject, JsonValue } from '../../canonical-json.ts';
import { recordEvent } from '../../audit/record-event.ts';
import type { Database, Transaction } from '../../database/connect.ts';
import { ConveyError } from '../../errors.ts';
import { actedBy, type Actor } from '../actor.ts';
import { lockPlaces } from '../members/place.ts';
import { ensureName } from '../name.ts';
import { authorize, type Principal, workspaceOf } from '../principal.ts';
import { ensureMayTighten, readTightening, type Tightening } from './check-tightening.ts';
import { forPeople, secondFactorFirst } from './workspaces.errors.ts';

/** What a workspace has set. */
export interface Settings {
  id: string;
  slug: string;
  name: string;
  requiresSecondFactor: boolean;
  tightening: Tightening;
  /** Null: all features. */
  planFeatures: string[] | null;
}

/** What is to be changed; what is undefined stays. */
export interface SettingsChange {
  name?: string | undefined;
  requiresSecondFactor?: boolean | undefined;
  /** Takes the place of the whole tightening. */
  tightening?: Readonly<Record<string, readonly string[]>> | undefined;
}

/** The settings of a workspace. */
export async function readSettings(transaction: Transaction, workspaceId: string): Promise<Settings> {
  const [row] = await transaction.query<Settings>(
    `select id, slug, name, requires_second_factor as "requiresSecondFactor", tightening,
            plan_features as "planFeatures" from workspaces where id = $1`,
    [workspaceId],
  );
  if (row === undefined) throw new Error(`the workspace ${workspaceId} of a principal is not there`);
  return row;
}

/**
 * Changes settings, all that are given or none. Rules hold from the next request on. Changing nothing leaves no
 * event.
 * @throws access.bad_name, access.bad_tightening, access.forbidden, access.for_people,
 *   access.second_factor_first
 */
export async function changeSettings(
  database: Database,
  principal: Principal,
  actor: Actor,
  { name, requiresSecondFactor, tightening }: SettingsChange,
): Promise<Settings> {
  if (name !== undefined) ensureName(name);
  const wanted = tightening === undefined ? undefined : readTightening(tightening);
  const workspaceId = workspaceOf(principal);
  return database.inScope({ workspaceId }, async (transaction) => {
    const asker = await lockPlaces(transaction, principal);
    authorize(asker, 'settings.manage');
    const before = await readSettings(transaction, workspaceId);
    const after = {
      ...before,
      name: name ?? before.name,
      requiresSecondFactor: requiresSecondFactor ?? before.requiresSecondFactor,
      tightening: wanted ?? before.tightening,
    };
    if (wanted !== undefined) ensureMayTighten(asker, before.tightening, wanted);
    if (after.requiresSecondFactor && !before.requiresSecondFactor)
      await ensureSecondFactor(transaction, principal);
    const changes = changesOf(before, after);
    // A key that leaked must not take down what people put up.
    const eases = before.requiresSecondFactor && !after.requiresSecondFactor;
    if (principal.type === 'api_key' && (eases || 'tightening' in changes)) throw new ConveyError(forPeople);
    if (Object.keys(changes).length === 0) return before;
    await transaction.query(
      'update workspaces set name = $2, requires_second_factor = $3, tightening = $4::jsonb where id = $1',
      [workspaceId, after.name, after.requiresSecondFactor, JSON.stringify(after.tightening)],
    );
    await recordChanges(transaction, workspaceId, actor, changes);
    return after;
  });
}

/** The event of changed settings: which they are for everybody, before and after in the part that can be erased. */
export async function recordChanges(
  transaction: Transaction,
  workspaceId: string,
  actor: Actor,
  changes: JsonObject,
): Promise<void> {
  await recordEvent(transaction, workspaceId, {
    ...actedBy(actor, { changes }),
    action: 'workspace.changed',
    target: { type: 'workspace', ref: workspaceId },
    outcome: 'success',
    details: { fields: Object.keys(changes) },
  });
}

/** Who asks everybody for a second factor has one, or would shut themselves out. */
async function ensureSecondFactor(transaction: Transaction, principal: Principal): Promise<void> {
  if (principal.type === 'api_key') return;
  const found = await transaction.query(
    `select from users u join sessions s on s.user_id = u.id
      where u.id = $1 and s.id = $2 and (u.totp_confirmed_at is not null or s.method = 'oidc')`,
    [principal.id, principal.sessionId],
  );
  if (found.length === 0) throw new ConveyError(secondFactorFirst);
}

/** `{field: {before, after}}` of what differs. */
function changesOf(before: Settings, after: Settings): Record<string, JsonObject> {
  const changes: Record<string, JsonObject> = {};
  const compare = (field: string, one: JsonValue, other: JsonValue) => {
    if (JSON.stringify(one) !== JSON.stringify(other)) changes[field] = { before: one, after: other };
  };
  compare('name', before.name, after.name);
  compare('requires_second_factor', before.requiresSecondFactor, after.requiresSecondFactor);
  compare('tightening', readTightening(before.tightening) as JsonObject, after.tightening as JsonObject);
  return changes;
}
