import { ConveyError } from '../errors.ts';
import { unwritable } from './audit.errors.ts';
import type { JsonObject } from '../canonical-json.ts';
import {
  type ChainedBody,
  type ChainedEvent,
  hashBody,
  hashEvent,
  NO_BODY,
  NO_PREDECESSOR,
} from './hash-event.ts';
import type { StoredEvent } from './read-chain.ts';
import { parseStoredJson } from './stored-json.ts';

/** An event that was read from the database or from a file, ready to be checked. */
export interface PlacedEvent {
  /** Digits; not yet trusted to be a place in a chain. */
  seq: string;
  hash: string;
  prevHash: string;
  bodyHash: string;
  /** What it says; undefined: nothing that can have been recorded by us. */
  chained: ChainedEvent | undefined;
  /** Whether its personal part is there. */
  hasBody: boolean;
  /** The personal part; undefined also for one that cannot have been recorded by us. */
  salted: (ChainedBody & { salt: string }) | undefined;
}

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
export function findProblem(previous: ChainLink, event: PlacedEvent): ChainProblem | undefined {
  const broken = findBreak(previous, event);
  if (broken !== undefined) return broken;
  const reason = findChange(event);
  return reason === undefined ? undefined : { seq: previous.seq + 1, reason };
}

/** Whether an event follows the one before it; gives what is wrong, or undefined. What it says is not looked at. */
export function findBreak(previous: ChainLink, event: PlacedEvent): ChainProblem | undefined {
  const expected = previous.seq + 1;
  if (event.seq !== String(expected)) return wrongPlace(expected, event.seq);
  const because = (reason: string) => ({ seq: expected, reason });
  if (event.prevHash !== previous.hash) {
    if (previous.seq === 0) return because('It is not the first event that was recorded.');
    if (event.prevHash === previous.prevHash) {
      return because(`It names the same predecessor as event ${previous.seq} does: the log was forked here.`);
    }
    return because(
      `It was not recorded after event ${previous.seq} as that stands now: one of them was changed, put in or moved.`,
    );
  }
  return undefined;
}

/** What is wrong with an event by itself, whatever stands around it; undefined if it says what was recorded. */
export function findChange(event: PlacedEvent): string | undefined {
  const { chained, salted, hash, prevHash, bodyHash, hasBody } = event;
  const found = chained && unlessUnwritable(() => hashEvent(prevHash, chained, bodyHash));
  if (found !== hash) return 'It does not say what was recorded: it was changed afterwards.';
  if (!hasBody) return undefined;
  if (bodyHash === NO_BODY) return 'It was recorded without a personal part and has one now.';
  const foundBody = salted && unlessUnwritable(() => bodyHashOf(salted));
  if (foundBody !== bodyHash)
    return 'Its personal part is not the one that was recorded: it was changed afterwards.';
  return undefined;
}

/** Whether the event was recorded with a personal part that is gone now. That is allowed. */
export function isBodyErased(event: Pick<PlacedEvent, 'hasBody' | 'bodyHash'>): boolean {
  return !event.hasBody && event.bodyHash !== NO_BODY;
}

/** A stored event as it can be checked. */
export function placeStored(event: StoredEvent): PlacedEvent {
  return {
    seq: event.seq,
    hash: event.hash,
    prevHash: event.prev_hash,
    bodyHash: event.body_hash,
    chained: chainedOf(event),
    hasBody: event.has_body,
    salted: event.has_body ? saltedOf(event) : undefined,
  };
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

function chainedOf(event: StoredEvent): ChainedEvent | undefined {
  const details = parseStoredJson(event.details);
  if (details === undefined) return undefined;
  return {
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
}

function saltedOf({ salt, subject_ref, body: text }: StoredEvent): PlacedEvent['salted'] {
  const body = parseStoredJson(text!);
  return body === undefined ? undefined : { salt: salt!, subject_ref, body: body as JsonObject };
}

function bodyHashOf({ salt, ...body }: ChainedBody & { salt: string }): string {
  return hashBody(salt, body);
}

function unlessUnwritable(hash: () => string): string | undefined {
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
