import { actedBy, type Actor } from '../../access/actor.ts';
import { ensureName } from '../../access/name.ts';
import { authorize, can, type Principal, scopeOf, workspaceOf } from '../../access/principal.ts';
import type { AuditAction } from '../../audit/actions.ts';
import { recordEvent } from '../../audit/record-event.ts';
import type { Database, Transaction } from '../../database/connect.ts';
import { ConveyError } from '../../errors.ts';
import type { Page } from '../../http/paging.ts';
import { newId } from '../../ids.ts';
import type { ExportField } from '../order/export-fields.ts';
import { fieldSetTaken, tooManyFieldSets, unknownFieldSet } from './field-sets.errors.ts';

/** Saved choices that one may have in a workspace. */
const MOST_FIELD_SETS = 100;

/** A choice of fields that somebody keeps: their own, or everybody's in the workspace. */
export interface FieldSet {
  id: string;
  name: string;
  /** In the order of the table of fields. */
  fields: ExportField[];
  isShared: boolean;
  /** Id of the user or key that made it. */
  createdBy: string;
  createdAt: Date;
}

export type NewFieldSet = Pick<FieldSet, 'name' | 'fields' | 'isShared'>;

const COLUMNS = `id, name, fields, is_shared as "isShared", created_by as "createdBy", created_at as "createdAt"`;

/** One's own and the shared ones, the newest first, from a page on. */
export function listFieldSets(
  transaction: Transaction,
  principal: Principal,
  { after, limit }: Page,
): Promise<FieldSet[]> {
  return transaction.query<FieldSet>(
    `select ${COLUMNS} from field_sets
      where workspace_id = $1 and (created_by = $2 or is_shared)
        and ($3::text is null or (created_at, id) < (
          select created_at, id from field_sets where workspace_id = $1 and id = $3))
      order by field_sets.created_at desc, field_sets.id desc limit $4`,
    [workspaceOf(principal), principal.id, after ?? null, limit],
  );
}

/** One that the principal may use. @throws exports.unknown_field_set, also for somebody else's own */
export async function getFieldSet(
  transaction: Transaction,
  principal: Principal,
  id: string,
  lock: '' | 'for update' = '',
): Promise<FieldSet> {
  const [found] = await transaction.query<FieldSet>(
    `select ${COLUMNS} from field_sets
      where workspace_id = $1 and id = $2 and (created_by = $3 or is_shared) ${lock}`,
    [workspaceOf(principal), id, principal.id],
  );
  if (found === undefined) throw new ConveyError(unknownFieldSet);
  return found;
}

/**
 * Keeps a choice of fields. To share it takes `export.share_fields`.
 * @throws access.bad_name, access.forbidden, exports.field_set_taken, exports.too_many_field_sets
 */
export async function createFieldSet(
  database: Database,
  principal: Principal,
  actor: Actor,
  { name, fields, isShared }: NewFieldSet,
): Promise<FieldSet> {
  ensureName(name);
  if (isShared) authorize(principal, 'export.share_fields');
  const workspaceId = workspaceOf(principal);
  return database.inScope(scopeOf(principal), async (transaction) => {
    const [count] = await transaction.query<{ n: number }>(
      'select count(*) as n from field_sets where workspace_id = $1 and created_by = $2',
      [workspaceId, principal.id],
    );
    if (count!.n >= MOST_FIELD_SETS) throw new ConveyError(tooManyFieldSets);
    const [made] = await transaction.query<FieldSet>(
      `insert into field_sets (workspace_id, id, name, fields, is_shared, created_by)
       values ($1, $2, $3, $4, $5, $6)
       on conflict (workspace_id, created_by, name) do nothing returning ${COLUMNS}`,
      [workspaceId, newId('fst'), name, fields, isShared, principal.id],
    );
    if (made === undefined) throw new ConveyError(fieldSetTaken);
    await note(transaction, workspaceId, actor, 'field_set.created', made);
    return made;
  });
}

/**
 * Renames a choice of fields, changes or shares it. What others made and share takes `export.share_fields`, and so
 * does sharing.
 * @throws exports.unknown_field_set, access.bad_name, access.forbidden, exports.field_set_taken
 */
export async function changeFieldSet(
  database: Database,
  principal: Principal,
  actor: Actor,
  id: string,
  change: { [Part in keyof NewFieldSet]?: NewFieldSet[Part] | undefined },
): Promise<FieldSet> {
  if (change.name !== undefined) ensureName(change.name);
  const workspaceId = workspaceOf(principal);
  return database.inScope(scopeOf(principal), async (transaction) => {
    const before = await getFieldSet(transaction, principal, id, 'for update');
    ensureMayChange(principal, before, change.isShared);
    const name = change.name ?? before.name;
    const [taken] = await transaction.query(
      'select 1 from field_sets where workspace_id = $1 and created_by = $2 and name = $3 and id <> $4',
      [workspaceId, before.createdBy, name, id],
    );
    if (taken !== undefined) throw new ConveyError(fieldSetTaken);
    const [after] = await transaction.query<FieldSet>(
      `update field_sets set name = $3, fields = $4, is_shared = $5
        where workspace_id = $1 and id = $2 returning ${COLUMNS}`,
      [workspaceId, id, name, change.fields ?? before.fields, change.isShared ?? before.isShared],
    );
    await note(transaction, workspaceId, actor, 'field_set.changed', after!);
    return after!;
  });
}

/** Deletes a choice of fields; exports that were made with it stay as they are. @throws as `changeFieldSet` */
export async function deleteFieldSet(
  database: Database,
  principal: Principal,
  actor: Actor,
  id: string,
): Promise<void> {
  const workspaceId = workspaceOf(principal);
  await database.inScope(scopeOf(principal), async (transaction) => {
    const before = await getFieldSet(transaction, principal, id, 'for update');
    ensureMayChange(principal, before, undefined);
    await transaction.query('delete from field_sets where workspace_id = $1 and id = $2', [workspaceId, id]);
    await note(transaction, workspaceId, actor, 'field_set.deleted', before);
  });
}

/** Whether the principal may change it. */
export function mayChange(principal: Principal, { createdBy }: FieldSet): boolean {
  return createdBy === principal.id || can(principal, 'export.share_fields');
}

function ensureMayChange(principal: Principal, set: FieldSet, isShared: boolean | undefined): void {
  const isSharing = isShared === true && !set.isShared;
  if (isSharing || !mayChange(principal, set)) authorize(principal, 'export.share_fields');
}

/** Writes the audit event: the last statement of the transaction. Names are people's own words: not in it. */
async function note(
  transaction: Transaction,
  workspaceId: string,
  actor: Actor,
  action: AuditAction,
  { id, fields, isShared }: FieldSet,
): Promise<void> {
  await recordEvent(transaction, workspaceId, {
    ...actedBy(actor),
    action,
    target: { type: 'field_set', ref: id },
    outcome: 'success',
    details: { fields, is_shared: isShared },
  });
}
