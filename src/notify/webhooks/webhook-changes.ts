import { createHash } from 'node:crypto';
import type { JsonObject, JsonValue } from '../../canonical-json.ts';

/** What of a webhook the audit log shows. */
interface ShownWebhook {
  url: string;
  description: string;
  events: readonly string[];
  disabledAt: Date | null;
}

/**
 * `{field: {before, after}}` of what differs, for an event's personal part; null: there was or is none. An address may
 * hold secrets in its query and its user: the log has its origin and path, and the SHA-256 of the whole to compare.
 */
export function webhookChanges(
  before: ShownWebhook | null,
  after: ShownWebhook | null,
): Record<string, JsonObject> {
  const [one, other] = [shownFields(before), shownFields(after)];
  const changes: Record<string, JsonObject> = {};
  for (const field of Object.keys(one ?? other ?? {})) {
    const change = { before: one?.[field] ?? null, after: other?.[field] ?? null };
    if (JSON.stringify(change.before) !== JSON.stringify(change.after)) changes[field] = change;
  }
  return changes;
}

function shownFields(webhook: ShownWebhook | null): Record<string, JsonValue> | null {
  if (webhook === null) return null;
  const { url, description, events, disabledAt } = webhook;
  const { origin, pathname } = new URL(url);
  return {
    url: origin + pathname,
    url_sha256: createHash('sha256').update(url).digest('hex'),
    description,
    events,
    disabled: disabledAt !== null,
  };
}
