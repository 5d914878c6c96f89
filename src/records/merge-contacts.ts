import { contacts } from '../catalog/tables/people.ts';
import { tables } from '../catalog/catalog.ts';
import type { Column } from '../catalog/declare.ts';
import type { Transaction } from '../database/connect.ts';
import { BATCH_ROWS } from './assemble-batch.ts';
import { leaveTombstones, stampSql } from './deletion/delete-step.ts';
import { isStamped } from './deletion/deletion-plan.ts';
import { shapes } from './grammar/record-shape.ts';
import type { Rejection } from './grammar/refusal.ts';
import { badMerge } from './ingest.errors.ts';
import { NOW } from './staging/stage-sql.ts';

/** What became of a merge; `unfinished`: go on in another transaction. */
export type MergeOutcome =
  | { state: 'merged' | 'unchanged' | 'unfinished' }
  | { state: 'waiting'; parentId: string }
  | { state: 'refused'; rejection: Rejection };

interface ContactMerge {
  transaction: Transaction;
  workspaceId: string;
  feedEpoch: number;
  /** The contact that goes. */
  from: string;
  /** The contact that stays. */
  into: string;
}

/**
 * One transaction's share of merging a contact into another: points up to 5,000 rows at the one that stays;
 * when none is left, fills its empty fields, unites tags and identities, and deletes the other with a
 * tombstone `merged`. Its id lives on as an alias, so that late lines find the right person. The transaction
 * is in the workspace's scope and holds its lock.
 */
export async function mergeContacts(merge: ContactMerge): Promise<MergeOutcome> {
  const { transaction, workspaceId, from } = merge;
  const aliases = await transaction.query<{ id: string; contact_id: string }>(
    'select id, contact_id from contact_aliases where workspace_id = $1 and id = any($2::text[])',
    [workspaceId, [from, merge.into]],
  );
  const meant = new Map(aliases.map(({ id, contact_id: contactId }) => [id, contactId]));
  const into = meant.get(merge.into) ?? merge.into;
  if (meant.get(from) === into) return { state: 'unchanged' };
  if (meant.has(from)) return refused('id', 'The contact was merged into another one before.');
  if (from === into) return refused('into', 'It takes another contact: this one was merged into it.');

  const found = await transaction.query<{ id: string; ref: string }>(
    'select id, ref from contacts where workspace_id = $1 and id = any($2::text[])',
    [workspaceId, [from, into]],
  );
  const refs = new Map(found.map(({ id, ref }) => [id, ref]));
  if (!refs.has(into)) return { state: 'waiting', parentId: into };
  const ref = refs.get(from);
  if (ref !== undefined) {
    if (!(await pointElsewhere({ ...merge, into }))) return { state: 'unfinished' };
    await transaction.query(FILL, [workspaceId, from, into, merge.feedEpoch]);
    await transaction.query('delete from contacts where workspace_id = $1 and id = $2', [workspaceId, from]);
    await leaveTombstones({ ...merge, reason: 'merged' }, 'contacts', [ref]);
  }
  await transaction.query(
    `insert into contact_aliases (workspace_id, id, contact_id, merged_at) values ($1, $2, $3, ${NOW})`,
    [workspaceId, from, into],
  );
  return { state: 'merged' };
}

function refused(field: string, detail: string): MergeOutcome {
  return { state: 'refused', rejection: { code: badMerge.code, field, detail } };
}

/** Every column, of any table, that names a contact. */
const REFERENCES = tables.flatMap((table) =>
  table.references
    .filter((reference) => reference.table === 'contacts')
    .map(({ column }) => ({ table, column })),
);

/** Points rows at the contact that stays; false when the budget did not suffice for all. */
async function pointElsewhere({
  transaction,
  workspaceId,
  feedEpoch,
  from,
  into,
}: ContactMerge): Promise<boolean> {
  let budget = BATCH_ROWS;
  for (const { table, column } of REFERENCES) {
    if (budget <= 0) return false;
    const some = `ctid = any(array(select ctid from ${table.name} where workspace_id = $1 and ${column} = $2 limit ${budget}))`;
    const isPart = table.kind === 'record' && table.refPrefix === undefined;
    const sql = isPart
      ? movePartsSql(table.name, column, table.references[0]!.column, some)
      : `update ${table.name} set ${column} = $3${isStamped(table) ? `, ${stampSql('$4')}` : ''} where ${some}`;
    const values: unknown[] = [workspaceId, from, into];
    if (isPart || isStamped(table)) values.push(feedEpoch);
    const { rowCount } = await transaction.client.query(sql, values);
    budget -= rowCount ?? 0;
  }
  return budget > 0;
}

/**
 * Participants: where both contacts take part, the one that stays keeps its role. The conversations change
 * with them, as participants have no place of their own in the change feed.
 */
function movePartsSql(table: string, column: string, ownerColumn: string, some: string): string {
  return `with moved as (
      delete from ${table} where ${some} returning ${ownerColumn} as owner_id, role
    ), added as (
      insert into ${table} (workspace_id, ${ownerColumn}, ${column}, role)
      select $1, owner_id, $3, role from moved on conflict do nothing
    )
    update conversations set ${stampSql('$4')}
     where workspace_id = $1 and id in (select owner_id from moved)`;
}

/** What the contact that stays (`b`) has of a column afterwards, given the one that goes (`a`). */
function unitedValue({ name, type, json }: Column): string {
  if (type === 'text[]') {
    return `(select array_agg(tag order by place) from (
      select tag, min(place) as place from unnest(b.${name} || a.${name}) with ordinality u(tag, place) group by tag) t)`;
  }
  if (type === 'jsonb' && json === 'array') {
    return `(select jsonb_agg(item order by place) from (
      select item, min(place) as place
        from jsonb_array_elements(coalesce(b.${name}, '[]') || coalesce(a.${name}, '[]')) with ordinality u(item, place)
       group by item) t)`;
  }
  if (type === 'jsonb' && json === 'object') return `coalesce(a.${name} || b.${name}, b.${name}, a.${name})`;
  return `coalesce(b.${name}, a.${name})`;
}

const KEPT = new Set(['created_at', 'updated_at', 'version']);

const FILL = `update contacts b set ${shapes
  .get(contacts.name)!
  .columns.filter(({ name }) => !KEPT.has(name))
  .map((column) => `${column.name} = ${unitedValue(column)}`)
  .join(', ')}, ${stampSql('$4')}
  from contacts a where a.workspace_id = $1 and a.id = $2 and b.workspace_id = $1 and b.id = $3`;
