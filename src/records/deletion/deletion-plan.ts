import { tables } from '../../catalog/catalog.ts';
import type { Table } from '../../catalog/declare.ts';

/** Rows of another table that hang on a deleted one. */
export interface Dependent {
  table: Table;
  /** The column that names the deleted row. */
  column: string;
  /** Without parents of their own to hang on, nothing has to be deleted before them. */
  isLeaf: boolean;
  /** They leave tombstones: they belong to a person, not to a conversation or ticket that takes them along. */
  leavesTombstones: boolean;
}

/** What deleting rows of a table takes: first the owned rows, then the links, then the rows themselves. */
export interface DeletionPlan {
  owned: readonly Dependent[];
  links: readonly { table: Table; column: string }[];
}

/** Tables whose rows something can belong to or refer to. */
const parents = new Set(tables.flatMap(({ references }) => references.map(({ table }) => table)));

/** Nothing hangs on a row of this table. */
export function isLeaf(table: Table): boolean {
  return !parents.has(table.name);
}

function planOf(table: Table): DeletionPlan {
  const isPerson = table.references.every(({ kind }) => kind !== 'owner');
  const references = tables.flatMap((child) =>
    child.references
      .filter((reference) => reference.table === table.name)
      .map(({ column, kind }) => ({ table: child, column, kind })),
  );
  return {
    owned: references
      .filter(({ kind }) => kind === 'owner')
      .map(({ table: child, column }) => ({
        table: child,
        column,
        isLeaf: isLeaf(child),
        leavesTombstones: isPerson && child.refPrefix !== undefined,
      })),
    links: references.filter(({ kind }) => kind === 'link'),
  };
}

const plans = new Map(tables.map((table) => [table.name, planOf(table)]));

/** Derived from the references of the catalogue, so that no table can be forgotten. */
export function deletionPlan(table: Table): DeletionPlan {
  return plans.get(table.name)!;
}

/** Whether a table's rows are in the change feed, so that changing one stamps it. */
export function isStamped(table: Table): boolean {
  return table.columns.some(({ name }) => name === 'changed_xid');
}
