/**
 * Whose data a transaction may see. Made at the edge (by `access`) from who asks, needed by every query:
 * no scope, no query. It reaches SQL as transaction settings that the row-level policies read.
 */
export interface Scope {
  workspaceId: string;
}

/** The statement that puts a scope into the current transaction, and its values. */
export function scopeStatement(scope: Scope): { text: string; values: string[] } {
  return { text: `select set_config('convey.workspace_id', $1, true)`, values: [scope.workspaceId] };
}
