import { createHash } from 'node:crypto';
import type { JsonObject } from '../canonical-json.ts';
import { auditableJson } from './auditable-json.ts';

/** What the first event of a chain has as its predecessor's hash. */
export const NO_PREDECESSOR = '0'.repeat(64);
/** What an event without a personal part has as its body's hash: there is nothing that could be erased. */
export const NO_BODY = '0'.repeat(64);

/** The public half of an event, in the form that is hashed. Members are named as in the API and the CSV. */
export interface ChainedEvent {
  workspace_id: string;
  /** Place in the chain, from 1 without gaps. */
  seq: number;
  /** RFC 3339, UTC, milliseconds, `Z`. */
  at: string;
  actor: { type: string; ref: string };
  action: string;
  target: { type: string; ref: string };
  outcome: string;
  interface: string;
  details: JsonObject;
}

/** The personal half, which may be erased. Whom it is about is hashed too: it decides what erasure finds. */
export interface ChainedBody {
  subject_ref: string | null;
  body: JsonObject;
}

/**
 * Hash of an event: SHA-256, in lower-case hexadecimal, of four lines joined by `\n`: `convey.audit.event.v1`,
 * the previous event's hash, the event as canonical JSON (RFC 8785), the body's hash. Canonical JSON holds
 * no line breaks, so no two different events give the same text; `printf … | sha256sum` checks it by hand.
 */
export function hashEvent(prevHash: string, event: ChainedEvent, bodyHash: string): string {
  return sha256Lines('convey.audit.event.v1', prevHash, auditableJson({ ...event }), bodyHash);
}

/**
 * Hash of the personal half: the same with the lines `convey.audit.body.v1`, the salt, the body as canonical
 * JSON. The salt is 256 random bits that are deleted with the body, so that afterwards nobody can find out by
 * trying names and addresses what the hash was of.
 */
export function hashBody(salt: string, body: ChainedBody): string {
  return sha256Lines('convey.audit.body.v1', salt, auditableJson({ ...body }));
}

function sha256Lines(...lines: string[]): string {
  return createHash('sha256').update(lines.join('\n')).digest('hex');
}
