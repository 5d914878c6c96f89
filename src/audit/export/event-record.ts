import { z } from 'zod';
import { canonicalJson, type JsonObject, NotCanonicalError } from '../../canonical-json.ts';
import { parseJson } from '../../parse-json.ts';
import { placeStored, type PlacedEvent } from '../check-event.ts';
import type { StoredEvent } from '../read-chain.ts';
import { parseStoredJson } from '../stored-json.ts';

const json = z.unknown().transform((value) => value as JsonObject);
const recordSchema = z.object({
  event: z.object({
    workspace_id: z.string(),
    seq: z.number(),
    at: z.string(),
    actor: z.object({ type: z.string(), ref: z.string() }),
    action: z.string(),
    target: z.object({ type: z.string(), ref: z.string() }),
    outcome: z.string(),
    interface: z.string(),
    details: json,
  }),
  prev_hash: z.string(),
  body_hash: z.string(),
  hash: z.string(),
  body: z.object({ salt: z.string(), subject_ref: z.string().nullable(), body: json }).nullable(),
});

/**
 * An event as a file holds it: canonical JSON of everything that was hashed, salt and personal part included, so
 * that the file can be verified alone.
 */
export function recordText({ chained, salted, hash, prevHash, bodyHash }: PlacedEvent): string {
  return canonicalJson({
    event: { ...chained! },
    prev_hash: prevHash,
    body_hash: bodyHash,
    hash,
    body: salted === undefined ? null : { ...salted },
  });
}

/** The event in such a text; undefined if the text is not, to the byte, what `recordText` would write. */
export function parseRecord(text: string): PlacedEvent | undefined {
  try {
    const { event, body, ...record } = recordSchema.parse(parseJson(text));
    const placed: PlacedEvent = {
      seq: String(event.seq),
      hash: record.hash,
      prevHash: record.prev_hash,
      bodyHash: record.body_hash,
      chained: event,
      hasBody: body !== null,
      salted: body ?? undefined,
    };
    return recordText(placed) === text ? placed : undefined;
  } catch {
    return undefined; // no JSON, no record, or nothing that has canonical JSON
  }
}

/**
 * A stored event as it can be shown and exported, whatever somebody made of it: JSON that we would not have
 * written stands there as its text, so that the hash does not fit and the check says so.
 */
export function placeReadable(event: StoredEvent): PlacedEvent {
  const { details, body } = event;
  return placeStored({ ...event, details: readable(details), body: body === null ? null : readable(body) });
}

function readable(text: string): string {
  const value = parseStoredJson(text);
  try {
    if (value !== undefined) return canonicalJson(value) && text;
  } catch (error) {
    if (!(error instanceof NotCanonicalError)) throw error;
  }
  return JSON.stringify(text);
}
