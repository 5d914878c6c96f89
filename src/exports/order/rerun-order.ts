import { type ExportPlan, isTable } from '../plan-export.ts';
import { defaultFieldsOf } from './default-fields.ts';
import { exportFieldNames, internalFields } from './export-fields.ts';
import type { Order, OrderChanges } from './order.schemas.ts';

/**
 * The order that a frozen plan came from, or one that gives the same: for asking again. Pure.
 * @param notify who was told of its end
 */
export function orderOfPlan(plan: ExportPlan, notify: readonly string[] = []): Order {
  const { kind, format, recordId, keep } = plan;
  return {
    kind,
    format,
    ...(recordId === null ? {} : { id: recordId }),
    ...(kind === 'conversations' ? { filter: plan.filter as NonNullable<Order['filter']> } : {}),
    ...(kind === 'conversations' && isTable(plan) ? { mode: plan.mode } : {}),
    ...(format === 'csv' ? { profile: plan.csvProfile } : {}),
    ...(kind === 'contact' ? { for: plan.contactProfile } : {}),
    ...fieldsOfPlan(plan),
    files: keep?.files ?? false,
    anonymize: plan.anonymize ?? false,
    notify: [...notify],
  };
}

/**
 * The fields of a plan. An order of conversations that names none would take the default, so that one without a
 * choice names all, but for what its asker could not see.
 */
function fieldsOfPlan({ kind, fields, includeInternal }: ExportPlan): Pick<Order, 'fields'> {
  if (fields == null && kind !== 'conversations') return {};
  return {
    fields: exportFieldNames.filter((name) =>
      fields == null ? includeInternal || !internalFields.includes(name) : fields.includes(name),
    ),
  };
}

/**
 * An order with some of its parts changed. What spoke of the old ones only goes with them: a filter with ids, the
 * rows of a table with the table's format, and fields that were the old format's own.
 */
export function changeOrder(order: Order, changes: OrderChanges): Order {
  const given = Object.fromEntries(Object.entries(changes).filter(([, value]) => value !== undefined));
  const gone = new Set<keyof Order>();
  if (changes.ids !== undefined) gone.add('filter');
  if (changes.field_set !== undefined) gone.add('fields');
  if (changes.format !== undefined && changes.format !== order.format) {
    const { format } = changes;
    if (!isTable({ format })) gone.add('mode');
    if (format !== 'csv') gone.add('profile');
    if (hasOwnFields(order)) gone.add('fields');
  } else if (changes.mode !== undefined && changes.mode !== order.mode && hasOwnFields(order))
    gone.add('fields');
  const kept = Object.fromEntries(Object.entries(order).filter(([part]) => !gone.has(part as keyof Order)));
  return { ...(kept as Order), ...given };
}

/** Whether its fields are those that an order of its format has when it names none. */
function hasOwnFields({ kind, format, mode, fields, files }: Order): boolean {
  const own = defaultFieldsOf({ kind, format: format!, mode });
  if (own === undefined || fields === undefined) return false;
  const chosen = fields.filter((name) => !(files && name === 'files'));
  return chosen.length === own.length && chosen.every((name) => own.includes(name));
}
