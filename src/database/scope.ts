/**
 * Whose data a transaction may see. Made at the edge (by `access`) from who asks, needed by every query:
 * no scope, no query. It reaches SQL as transaction settings that the row-level policies read.
 */
export interface Scope {
  workspaceId: string;
  /** Only conversations of these audiences, and what belongs to them; undefined: all. */
  audiences?: readonly string[];
  /** Without internal notes and events. */
  hidesInternal?: boolean;
}

/** The statement that puts a scope into the current transaction, and its values. */
export function scopeStatement(scope: Scope): { text: string; values: string[] } {
  const settings = scopeSettings(scope);
  return {
    text: `select ${settings.map(([name], index) => `set_config('${name}', $${index + 1}, true)`).join(', ')}`,
    values: settings.map(([, value]) => value),
  };
}

/** The transaction settings of a scope, by name. All of them, always: none may be left over from before. */
export function scopeSettings({ workspaceId, audiences, hidesInternal }: Scope): [string, string][] {
  return [
    ['convey.workspace_id', workspaceId],
    ['convey.audiences', audiences === undefined ? '' : textArray(audiences)],
    ['convey.hides_internal', hidesInternal === true ? 'on' : ''],
  ];
}

/** An array as PostgreSQL reads it from text. */
function textArray(texts: readonly string[]): string {
  return `{${texts.map((text) => `"${text.replaceAll(/["\\]/g, String.raw`\$&`)}"`).join(',')}}`;
}
