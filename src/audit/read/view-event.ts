import type { JsonObject, JsonValue } from '../../canonical-json.ts';
import { isBodyErased, type PlacedEvent } from '../check-event.ts';
import type { ChainedEvent } from '../hash-event.ts';

/** An event as people and programs read it: the chained part, and the personal part taken apart. */
export interface EventView extends Omit<ChainedEvent, 'workspace_id'> {
  /** Display name of who acted, at that time. */
  actor_name: string | null;
  ip: string | null;
  user_agent: string | null;
  /** `{field: {before, after}}` */
  changes: JsonObject | null;
  /** What else is personal: names, filters. */
  personal: JsonObject;
  /** It had a personal part, which was erased. */
  body_erased: boolean;
  hash: string;
  prev_hash: string;
}

/** The view of an event whose `chained` part could be read. */
export function viewEvent(event: PlacedEvent): EventView {
  const { workspace_id: _, ...chained } = event.chained!;
  const body = isObject(event.salted?.body) ? event.salted.body : {};
  const { actor_name: name, ip, user_agent: userAgent, changes, ...personal } = body;
  return {
    ...chained,
    actor_name: textOrNull(name),
    ip: textOrNull(ip),
    user_agent: textOrNull(userAgent),
    changes: changesOf(chained.details, changes),
    personal,
    body_erased: isBodyErased(event),
    hash: event.hash,
    prev_hash: event.prevHash,
  };
}

/** What changed, wherever it is told: among the details, if it is nothing personal, or in the personal part. */
function changesOf(details: JsonValue, personal: JsonValue | undefined): JsonObject | null {
  const open = isObject(details) && isObject(details['changes']) ? details['changes'] : {};
  const all = { ...open, ...(isObject(personal) ? personal : {}) };
  return Object.keys(all).length === 0 ? null : all;
}

function textOrNull(value: JsonValue | undefined): string | null {
  return typeof value === 'string' ? value : null;
}

function isObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
