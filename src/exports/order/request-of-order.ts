import { authorize, type Principal, scopeOf } from '../../access/principal.ts';
import type { Database } from '../../database/connect.ts';
import { contactProfileFor, permissionOfKind } from '../export-reach.ts';
import { getFieldSet } from '../field-sets/field-sets.ts';
import type { ExportRequest } from '../plan-export.ts';
import { internalFields } from './export-fields.ts';
import type { Order } from './order.schemas.ts';
import { badOrder, readOrder } from './read-order.ts';

export interface OrderDependencies {
  database: Database;
  /** Conversations in one part. */
  partConversations: number;
}

/**
 * What an order asks for, as far as whoever orders may have it now: its kind, notes and events, the form of one
 * person's export. Routes, reruns, previews and schedules all come through here.
 * @throws exports.bad_request naming the parts of the order that are wrong; access.forbidden naming the permission;
 *   access.plan_required; exports.unknown_field_set
 */
export async function requestOfOrder(
  { database, partConversations }: OrderDependencies,
  principal: Principal,
  order: Order,
): Promise<ExportRequest> {
  authorize(principal, 'export.order');
  authorize(principal, permissionOfKind[order.kind]);
  const request = readOrder(await withFieldSet(database, principal, order), partConversations);
  // Who may not see them learns so, instead of getting less than was asked for.
  if (request.fields?.some((field) => (internalFields as readonly string[]).includes(field)))
    authorize(principal, 'notes.read');
  if (request.kind === 'contact') request.contactProfile = contactProfileFor(principal, order.for);
  return request;
}

/** The order with the fields of the saved set that it names. */
async function withFieldSet(database: Database, principal: Principal, order: Order): Promise<Order> {
  const { field_set: id, ...rest } = order;
  if (id === undefined) return order;
  if (rest.fields !== undefined)
    throw badOrder([{ pointer: '/field_set', detail: 'takes the place of fields: give one of them' }]);
  const { fields } = await database.inScope(scopeOf(principal), (transaction) =>
    getFieldSet(transaction, principal, id),
  );
  return { ...rest, fields };
}
