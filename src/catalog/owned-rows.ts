import { literal } from '../database/literal.ts';
import type { Dataset } from './datasets.ts';

const OWNED: Readonly<Record<string, (id: string) => string>> = {
  contacts: (id) => `t.id = ${id}`,
  tickets: (id) => `t.contact_id = ${id}`,
  // Theirs by name; or in their own conversation and nobody else's.
  files: (id) => `t.contact_id = ${id} or (t.contact_id is null and t.conversation_id in (
           select c.id from conversations c where c.workspace_id = t.workspace_id and c.contact_id = ${id}))`,
};

/**
 * SQL on alias `t` that holds for the rows of a dataset that are one contact's own: what their page lists, and what
 * one person's export starts from. Undefined for datasets that are found through their parents.
 */
export function ownedRows({ name }: Dataset, contactId: string): string | undefined {
  return OWNED[name]?.(literal(contactId));
}
