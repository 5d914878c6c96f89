import type { paths } from '../../api/schema.d.ts';
import type { OrderFormat, OrderMode } from '../../exports/order/export-order.ts';

/** Exports of much at once that this page offers, and where each is sent at once. */
export const bulkPaths = {
  contacts: '/v1/contacts/export',
  conversations: '/v1/conversations/export',
  workspace: '/v1/workspace/export',
} as const satisfies Record<string, keyof paths>;

export type BulkKind = keyof typeof bulkPaths;

/** The address that sends a bulk export; a person opens it with a double click. */
export function bulkHref(kind: BulkKind, format: OrderFormat, mode?: OrderMode | null): string {
  const query = new URLSearchParams({
    format,
    ...(format === 'csv' ? { profile: 'spreadsheet' } : {}),
    ...(mode === undefined || mode === null ? {} : { mode }),
  });
  return `${bulkPaths[kind]}?${query.toString()}`;
}
