import type { PermissionName } from '../access/permissions.ts';
import { findPrincipal } from '../access/find-principal.ts';
import { authorize, can, type Principal, scopeOf } from '../access/principal.ts';
import type { Database } from '../database/connect.ts';
import { ConveyError } from '../errors.ts';
import { beyondReach } from './exports.errors.ts';
import type { ExportRow } from './keep/find-export.ts';
import type { AcceptedExport } from './request-export.ts';
import type { ContactProfile, ExportKind, ExportPlan } from './plan-export.ts';

/** The permission that each kind of export needs, to ask for it and to fetch it. */
export const permissionOfKind: Readonly<Record<ExportKind, PermissionName>> = {
  workspace: 'export.workspace',
  contacts: 'export.contacts',
  conversations: 'export.conversations',
  conversation: 'export.conversation',
  contact: 'export.contact',
  audit: 'audit.export',
};

/**
 * Which form of one person's export a principal gets: `record` by default for those who may have it, `subject`
 * for the others. Throws `access.forbidden` for who asks for `record` and may not.
 */
export function contactProfileFor(principal: Principal, asked: ContactProfile | undefined): ContactProfile {
  if (asked === 'record') authorize(principal, 'export.contact_record');
  return asked ?? (can(principal, 'export.contact_record') ? 'record' : 'subject');
}

/**
 * Refuses an export whose frozen plan holds more than the principal may see now, however it came to be: asked
 * for by somebody else, or before a role or an audience was taken away (contract §5).
 * @throws access.forbidden naming the permission, exports.beyond_reach
 */
export function ensureWithinReach(principal: Principal, row: Pick<ExportRow, 'plan' | 'requested_by'>): void {
  const { plan } = row;
  // A key sees all of its workspace; its scopes said so at the edge. Only the audit log has scopes of its own.
  if (principal.type === 'api_key' && plan.kind !== 'audit') return;
  authorize(principal, permissionOfKind[plan.kind]);
  if (principal.type === 'api_key') return;
  if (row.requested_by.id !== principal.id) authorize(principal, 'export.read_others');
  if (plan.kind === 'contact' && plan.contactProfile === 'record')
    authorize(principal, 'export.contact_record');
  if (plan.includeInternal || plan.searchesInternal === true) authorize(principal, 'notes.read');
  if (!coversAudiences(principal, plan)) throw new ConveyError(beyondReach);
}

/**
 * Asks again, when an export is about to run, whether it may: it can have waited long, and whoever asked for it may
 * have left meanwhile or lost what its frozen plan holds (contract §5). What the operator asked for always runs.
 * @throws access.no_longer_allowed, access.forbidden naming the permission, exports.beyond_reach
 */
export async function ensureStillAllowed(
  database: Database,
  { scope, plan, asker: { type, id, name } }: AcceptedExport,
): Promise<void> {
  if (type === 'operator') return;
  const principal = await findPrincipal(database, scope.workspaceId, { type, id });
  authorize(principal, 'export.order');
  ensureWithinReach(principal, { plan, requested_by: { type, id, name } });
}

function coversAudiences(principal: Principal, { audiences }: ExportPlan): boolean {
  const mine = scopeOf(principal).audiences;
  if (mine === undefined) return true;
  return (audiences ?? null) !== null && audiences!.every((audience) => mine.includes(audience));
}

/** Which exports a list shows. */
export interface ListReach {
  /** Id of the one whose exports they are; undefined: everybody's. */
  onlyOf?: string | undefined;
  /** Only exports that hold no other audiences than these. */
  audiences?: readonly string[] | undefined;
}

/** Which exports a principal's list shows: its own, if not all, and only those within its audiences. */
export function listReach(principal: Principal): ListReach {
  return {
    onlyOf: can(principal, 'export.read_others') ? undefined : principal.id,
    audiences: scopeOf(principal).audiences,
  };
}

/**
 * The same as SQL, in which two parameters are the values that `reachValues` gives.
 * @param first number of the first of them
 * @param exports the table's name or alias
 */
export function reachSql(first: number, exports = 'exports'): string {
  const [onlyOf, audiences] = [`$${first}`, `$${first + 1}`];
  const held = `${exports}.plan -> 'audiences'`;
  return `(${onlyOf}::text is null or ${exports}.requested_by ->> 'id' = ${onlyOf})
    and (${audiences}::jsonb is null or (jsonb_typeof(${held}) = 'array' and ${held} <@ ${audiences}))`;
}

/** The values of `reachSql`. */
export function reachValues({ onlyOf, audiences }: ListReach): [string | null, string | null] {
  return [onlyOf ?? null, audiences === undefined ? null : JSON.stringify(audiences)];
}
