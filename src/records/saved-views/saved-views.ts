import { actedBy, type Actor } from '../../access/actor.ts';
import { ensureName } from '../../access/name.ts';
import { type Principal, scopeOf, workspaceOf } from '../../access/principal.ts';
import type { AuditAction } from '../../audit/actions.ts';
import { recordEvent } from '../../audit/record-event.ts';
import type { ConversationFilter } from '../../catalog/conversation-filter.ts';
import type { Database, Transaction } from '../../database/connect.ts';
import { ConveyError } from '../../errors.ts';
import type { Page } from '../../http/paging.ts';
import { newId } from '../../ids.ts';
import { tooManyViews, unknownView, viewTaken } from './saved-views.errors.ts';

/** Views that one may have in a workspace. */
const MOST_VIEWS = 100;

/** A filter of conversations under a name; seen by who made it alone. */
export interface SavedView {
  id: string;
  name: string;
  filter: ConversationFilter;
  createdAt: Date;
}

const COLUMNS = 'id, name, filter, created_at as "createdAt"';

/** One's own views, the newest first, from a page on. */
export function listViews(
  transaction: Transaction,
  principal: Principal,
  { after, limit }: Page,
): Promise<SavedView[]> {
  return transaction.query<SavedView>(
    `select ${COLUMNS} from saved_views
      where workspace_id = $1 and created_by = $2
        and ($3::text is null or (created_at, id) < (
          select created_at, id from saved_views where workspace_id = $1 and id = $3))
      order by saved_views.created_at desc, saved_views.id desc limit $4`,
    [workspaceOf(principal), principal.id, after ?? null, limit],
  );
}

/** Keeps a filter. @throws access.bad_name, records.view_taken, records.too_many_views */
export async function createView(
  database: Database,
  principal: Principal,
  actor: Actor,
  { name, filter }: Pick<SavedView, 'name' | 'filter'>,
): Promise<SavedView> {
  ensureName(name);
  const workspaceId = workspaceOf(principal);
  return database.inScope(scopeOf(principal), async (transaction) => {
    const [count] = await transaction.query<{ n: number }>(
      'select count(*) as n from saved_views where workspace_id = $1 and created_by = $2',
      [workspaceId, principal.id],
    );
    if (count!.n >= MOST_VIEWS) throw new ConveyError(tooManyViews);
    const [made] = await transaction.query<SavedView>(
      `insert into saved_views (workspace_id, id, name, filter, created_by) values ($1, $2, $3, $4, $5)
       on conflict (workspace_id, created_by, name) do nothing returning ${COLUMNS}`,
      [workspaceId, newId('viw'), name, JSON.stringify(filter), principal.id],
    );
    if (made === undefined) throw new ConveyError(viewTaken);
    await note(transaction, workspaceId, actor, 'saved_view.created', made);
    return made;
  });
}

/** Renames a view, or has it keep another filter. @throws access.bad_name, records.unknown_view, records.view_taken */
export async function changeView(
  database: Database,
  principal: Principal,
  actor: Actor,
  id: string,
  change: { name?: string | undefined; filter?: ConversationFilter | undefined },
): Promise<SavedView> {
  if (change.name !== undefined) ensureName(change.name);
  const workspaceId = workspaceOf(principal);
  return database.inScope(scopeOf(principal), async (transaction) => {
    const before = await getView(transaction, principal, id);
    const name = change.name ?? before.name;
    const [taken] = await transaction.query(
      'select 1 from saved_views where workspace_id = $1 and created_by = $2 and name = $3 and id <> $4',
      [workspaceId, principal.id, name, id],
    );
    if (taken !== undefined) throw new ConveyError(viewTaken);
    const [after] = await transaction.query<SavedView>(
      `update saved_views set name = $3, filter = $4 where workspace_id = $1 and id = $2 returning ${COLUMNS}`,
      [workspaceId, id, name, JSON.stringify(change.filter ?? before.filter)],
    );
    await note(transaction, workspaceId, actor, 'saved_view.changed', after!);
    return after!;
  });
}

/** Deletes a view. @throws records.unknown_view */
export async function deleteView(
  database: Database,
  principal: Principal,
  actor: Actor,
  id: string,
): Promise<void> {
  const workspaceId = workspaceOf(principal);
  await database.inScope(scopeOf(principal), async (transaction) => {
    const before = await getView(transaction, principal, id);
    await transaction.query('delete from saved_views where workspace_id = $1 and id = $2', [workspaceId, id]);
    await note(transaction, workspaceId, actor, 'saved_view.deleted', before);
  });
}

/** One's own view, held until the transaction ends; somebody else's is as unknown as one that is not there. */
async function getView(transaction: Transaction, principal: Principal, id: string): Promise<SavedView> {
  const [found] = await transaction.query<SavedView>(
    `select ${COLUMNS} from saved_views
      where workspace_id = $1 and id = $2 and created_by = $3 for update`,
    [workspaceOf(principal), id, principal.id],
  );
  if (found === undefined) throw new ConveyError(unknownView);
  return found;
}

/** Writes the audit event: the last statement of the transaction. Names and values are people's own words: not in it. */
async function note(
  transaction: Transaction,
  workspaceId: string,
  actor: Actor,
  action: AuditAction,
  { id, filter }: SavedView,
): Promise<void> {
  await recordEvent(transaction, workspaceId, {
    ...actedBy(actor),
    action,
    target: { type: 'saved_view', ref: id },
    outcome: 'success',
    details: { filter_parts: Object.keys(filter) },
  });
}
