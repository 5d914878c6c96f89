import { randomBytes } from 'node:crypto';
import type { JsonObject, JsonValue } from '../canonical-json.ts';
import type { Transaction } from '../database/connect.ts';
import { advisoryLocks } from '../database/advisory-locks.ts';
import { ConveyError } from '../errors.ts';
import type { AuditAction } from './actions.ts';
import { unwritable } from './audit.errors.ts';
import { auditableJson } from './auditable-json.ts';
import { type ChainedEvent, hashBody, hashEvent, NO_BODY, NO_PREDECESSOR } from './hash-event.ts';

/** The workspace whose chain holds what concerns the server and no single workspace. */
export const SYSTEM_WORKSPACE_ID = 'wsp_system';

const MAX_PART_BYTES = 64 * 1024;
const MAX_USER_AGENT_CHARACTERS = 512;
const NUL_IN_JSON = /(?<!\\)(?:\\\\)*\\u0000/;

/** What personal data an event may hold. It lies beside the chain and can be erased. */
export interface PersonalPart {
  ip?: string;
  /** Cut after 512 characters. */
  user_agent?: string;
  /** Display names at that time, of whom or what the event is about. */
  names?: JsonObject;
  /** `{field: {before, after}}` */
  changes?: JsonObject;
  readonly [more: string]: JsonValue | undefined;
}

export interface AuditEvent {
  action: AuditAction;
  /** Who acted. The name is personal and goes with the personal part, as `actor_name`. */
  actor: { type: 'user' | 'api_key' | 'operator' | 'system'; ref: string; name?: string };
  /** What it was done to: kind of thing and its `ref`, never a host id. */
  target: { type: string; ref: string };
  outcome: 'success' | 'denied' | 'failed';
  interface: 'api' | 'cli' | 'web' | 'system';
  /** Counts, formats, refs, codes. Never personal data: it stays for ever. */
  details?: JsonObject;
  personal?: PersonalPart;
  /** `ref` of the person it is about: erasing them deletes the personal part. */
  subjectRef?: string;
}

/** The server itself acts: nobody asked for it. */
export const bySystem = {
  actor: { type: 'system', ref: 'system' },
  interface: 'system',
} as const satisfies Pick<AuditEvent, 'actor' | 'interface'>;

/**
 * Appends an event to a workspace's chain: the last thing the caller's transaction does, so that act and
 * event stand or fall together and the chain is locked only for a moment. The transaction must be a short
 * READ COMMITTED one in that workspace's scope; anything else is a programming error and throws. An act of
 * the server itself runs in the scope of `SYSTEM_WORKSPACE_ID` (tables outside row-level security are within
 * reach there too). A transaction thus writes to one chain only, and two chains' locks can never deadlock.
 * @throws audit.unwritable for text with NUL or lone surrogates, values that are not JSON, and details or a
 *   personal part over 64 KiB
 */
export async function recordEvent(
  transaction: Transaction,
  workspaceId: string,
  event: AuditEvent,
): Promise<{ seq: number; hash: string }> {
  const body = personalBody(event);
  const bodyText = body && writeJson(body.body);
  const detailsText = writeJson(event.details ?? {});
  await lockChain(transaction, workspaceId);
  // A statement of its own: only one that begins after the lock was given sees what its last holder wrote.
  const [head] = await transaction.query<{ at_ms: number; seq: number | null; hash: string | null }>(
    `select clock.at_ms, last.seq, last.hash
       from (select floor(extract(epoch from clock_timestamp()) * 1000)::bigint as at_ms) clock
       left join lateral (
         select seq, hash from audit_events where workspace_id = $1 order by seq desc limit 1) last on true`,
    [workspaceId],
  );
  const salt = randomBytes(32).toString('hex');
  const bodyHash = body === undefined ? NO_BODY : hashBody(salt, body);
  const prevHash = head!.hash ?? NO_PREDECESSOR;
  const chained: ChainedEvent = {
    workspace_id: workspaceId,
    seq: (head!.seq ?? 0) + 1,
    at: new Date(head!.at_ms).toISOString(),
    actor: { type: event.actor.type, ref: event.actor.ref },
    action: event.action,
    target: { type: event.target.type, ref: event.target.ref },
    outcome: event.outcome,
    interface: event.interface,
    details: event.details ?? {},
  };
  ensureStorable(auditableJson([{ ...chained }, event.subjectRef ?? null]));
  const hash = hashEvent(prevHash, chained, bodyHash);
  await insertEvent(transaction, chained, { detailsText, bodyHash, prevHash, hash });
  if (body !== undefined) {
    await transaction.query(
      `insert into audit_bodies (workspace_id, seq, subject_ref, salt, body) values ($1, $2, $3, $4, $5::jsonb)`,
      [workspaceId, chained.seq, body.subject_ref, salt, bodyText],
    );
  }
  return { seq: chained.seq, hash };
}

/** Waits its turn on the chain; the turn ends with the transaction. */
async function lockChain(transaction: Transaction, workspaceId: string): Promise<void> {
  const [state] = await transaction.query<{ isolation: string; scope: string | null }>(
    `select current_setting('transaction_isolation') as isolation,
            current_setting('convey.workspace_id', true) as scope,
            pg_advisory_xact_lock($1, hashtext($2))`,
    [advisoryLocks.auditChain, workspaceId],
  );
  if (state?.isolation !== 'read committed')
    throw new Error('audit events need a READ COMMITTED transaction');
  if (state.scope !== workspaceId)
    throw new Error('audit events need a transaction in their workspace’s scope');
}

async function insertEvent(
  transaction: Transaction,
  event: ChainedEvent,
  sealed: { detailsText: string; bodyHash: string; prevHash: string; hash: string },
): Promise<void> {
  await transaction.query(
    `insert into audit_events (workspace_id, seq, at, actor_type, actor_ref, action, target_type, target_ref,
                               outcome, interface, details, body_hash, prev_hash, hash)
     values ($1, $2, $3::timestamptz, $4, $5, $6, $7, $8, $9, $10, $11::jsonb, $12, $13, $14)`,
    [
      [event.workspace_id, event.seq, event.at, event.actor.type, event.actor.ref, event.action],
      [event.target.type, event.target.ref, event.outcome, event.interface, sealed.detailsText],
      [sealed.bodyHash, sealed.prevHash, sealed.hash],
    ].flat(),
  );
}

function personalBody({ actor, personal, subjectRef }: AuditEvent) {
  if (personal === undefined && actor.name === undefined && subjectRef === undefined) return undefined;
  const { user_agent: userAgent, ...rest } = personal ?? {};
  const body: Record<string, JsonValue> = {};
  for (const [key, value] of Object.entries(rest)) if (value !== undefined) body[key] = value;
  if (actor.name !== undefined) body['actor_name'] = actor.name;
  // Anybody can send anything as a user agent: it is cut and mended, so that it never stops the act.
  if (userAgent !== undefined) {
    body['user_agent'] = userAgent.slice(0, MAX_USER_AGENT_CHARACTERS).toWellFormed().replaceAll('\0', '');
  }
  return { subject_ref: subjectRef ?? null, body };
}

function writeJson(value: JsonObject): string {
  const text = auditableJson(value);
  if (Buffer.byteLength(text) > MAX_PART_BYTES) {
    throw new ConveyError(unwritable, `One part of it has more than ${MAX_PART_BYTES} bytes.`);
  }
  ensureStorable(text);
  return text;
}

/** PostgreSQL's text and jsonb hold every well-formed text but one with NUL. */
function ensureStorable(canonical: string): void {
  if (NUL_IN_JSON.test(canonical)) throw new ConveyError(unwritable, 'A text in it holds NUL.');
}
