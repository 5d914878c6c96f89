import { ConveyError } from '../errors.ts';
import { unwritable } from './audit.errors.ts';
import type { JsonObject } from '../canonical-json.ts';
import { type ChainedEvent, hashBody, hashEvent, NO_BODY, NO_PREDECESSOR } from './hash-event.ts';
import type { StoredEvent } from './read-chain.ts';
import { parseStoredJson } from './stored-json.ts';

/** Where a chain has been checked up to. */
export interface ChainLink {
  seq: number;
  hash: string;
  prevHash: string;
}

/** Before the first event. */
export const CHAIN_START: ChainLink = { seq: 0, hash: NO_PREDECESSOR, prevHash: '' };

/** The first thing that is wrong, in plain words, and the event at which it shows. */
export interface ChainProblem {
  seq: number;
  reason: string;
}

/** Checks one event against the one before it; gives what is wrong, or undefined. Needs no database. */
export function findProblem(previous: ChainLink, event: StoredEvent): ChainProblem | undefined {
  const expected = previous.seq + 1;
  if (event.seq !== String(expected)) return wrongPlace(expected, event.seq);
  const because = (reason: string) => ({ seq: expected, reason });
  if (event.prev_hash !== previous.hash) {
    if (previous.seq === 0) return because('It is not the first event that was recorded.');
    if (event.prev_hash === previous.prevHash) {
      return because(`It names the same predecessor as event ${previous.seq} does: the log was forked here.`);
    }
    return because(
      `It was not recorded after event ${previous.seq} as that stands now: one of them was changed, put in or moved.`,
    );
  }
  if (hashOf(event) !== event.hash) {
    return because('It does not say what was recorded: it was changed afterwards.');
  }
  if (event.has_body && event.body_hash === NO_BODY) {
    return because('It was recorded without a personal part and has one now.');
  }
  if (event.has_body && bodyHashOf(event) !== event.body_hash) {
    return because('Its personal part is not the one that was recorded: it was changed afterwards.');
  }
  return undefined;
}

/** Whether the event was recorded with a personal part that is gone now. That is allowed. */
export function isBodyErased(event: StoredEvent): boolean {
  return !event.has_body && event.body_hash !== NO_BODY;
}

function wrongPlace(expected: number, found: string): ChainProblem {
  const missing = BigInt(found) - BigInt(expected);
  const what =
    missing < 0n
      ? `An event with the number ${found} was put in before the first one.`
      : missing === 1n
        ? `Event ${expected} is missing.`
        : `Events ${expected} to ${BigInt(found) - 1n} are missing.`;
  return { seq: expected, reason: what };
}

/** Hash of the event as it stands; undefined if what stands there cannot have been recorded by us. */
function hashOf(event: StoredEvent): string | undefined {
  return unlessUnwritable(() => {
    const details = parseStoredJson(event.details);
    if (details === undefined) return undefined;
    const chained: ChainedEvent = {
      workspace_id: event.workspace_id,
      seq: Number(event.seq),
      at: timeOf(event.at_epoch),
      actor: { type: event.actor_type, ref: event.actor_ref },
      action: event.action,
      target: { type: event.target_type, ref: event.target_ref },
      outcome: event.outcome,
      interface: event.interface,
      details: details as JsonObject, // if it is no object, it was not hashed as one, and the hashes differ
    };
    return hashEvent(event.prev_hash, chained, event.body_hash);
  });
}

function bodyHashOf({ salt, subject_ref, body: text }: StoredEvent): string | undefined {
  return unlessUnwritable(() => {
    const body = parseStoredJson(text!);
    return body === undefined ? undefined : hashBody(salt!, { subject_ref, body: body as JsonObject });
  });
}

function unlessUnwritable(hash: () => string | undefined): string | undefined {
  try {
    return hash();
  } catch (error) {
    if (error instanceof ConveyError && error.kind === unwritable) return undefined;
    throw error;
  }
}

/** `…Z` with milliseconds. A time that was not recorded by us (finer, infinite) stays as it is and so differs. */
function timeOf(epoch: string): string {
  const match = /^(-?\d+\.\d{3})000$/.exec(epoch);
  if (match === null) return epoch;
  const time = new Date(Math.round(Number(match[1]) * 1000));
  return Number.isNaN(time.getTime()) ? epoch : time.toISOString();
}
