import { literal } from './literal.ts';

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

/** The statement that puts a scope into the current transaction. */
export function scopeStatement(scope: Scope): string {
  const settings = scopeSettings(scope).map(
    ([name, value]) => `set_config('${name}', ${literal(value)}, true)`,
  );
  return `select ${settings.join(', ')}`;
}

/** The transaction settings of a scope, by name. All of them, always: none may be left over from before. */
function scopeSettings({ workspaceId, audiences, hidesInternal }: Scope): [string, string][] {
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
