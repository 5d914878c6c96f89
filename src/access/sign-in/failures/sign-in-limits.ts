import type { FastifyReply } from 'fastify';
import type { Database } from '../../../database/connect.ts';
import type { HashCounted } from '../../../database/hash-counted.ts';
import { addToCounter, clearCounter, readCounter, takeFromCounter } from '../../../database/rate-counters.ts';
import { ConveyError } from '../../../errors.ts';
import { networkOf } from '../../../networks.ts';
import { tooManySignIns } from '../sign-in.errors.ts';

/** Contract §3: 5 tries a minute, then 15 minutes. */
const TRIES = 5;
const WINDOW_MS = 60_000;
const LOCK_MS = 15 * 60_000;

/** One try. Exactly one of the three is called, when it is known how it went. */
export interface Attempt {
  /** It was right: the account's tries are forgotten. */
  succeeded(): Promise<void>;
  /** It was what had been right a moment before, once more: as if it had not been made. */
  repeated(): Promise<void>;
  /** It was wrong. True: this one locked the account. */
  failed(): Promise<boolean>;
}

/**
 * Counts failed tries for each account and each network (/24, or /64 of IPv6), in the database, so that several
 * servers count together. An account is counted by what was typed: one that does not exist locks the same way.
 */
export class SignInLimits {
  readonly #database: Database;
  readonly #hashCounted: HashCounted;

  constructor(database: Database, hashCounted: HashCounted) {
    this.#database = database;
    this.#hashCounted = hashCounted;
  }

  /**
   * Before a secret is checked. The try counts from here, so that many at once get no more than 5 checks. Throws
   * `access.too_many_sign_ins` with `Retry-After` while locked.
   * @param account what is tried, and whose: `password <email key>`, `second factor <user id>`
   */
  async begin(account: string, ip: string, reply: FastifyReply): Promise<Attempt> {
    const keys = [`account ${account}`, `network ${networkOf(ip)}`].map(
      (text) => `sign-in:${this.#hashCounted(text)}`,
    );
    for (const key of keys) {
      const lock = await readCounter(this.#database, lockOf(key));
      if (lock !== undefined) refuse(reply, lock.endsAt);
    }
    const counts: number[] = [];
    for (const key of keys) {
      const { count, endsAt } = await addToCounter(this.#database, key, WINDOW_MS);
      if (count > TRIES) refuse(reply, endsAt);
      counts.push(count);
    }
    const [account_ = '', network = ''] = keys;
    return {
      succeeded: async () => {
        await clearCounter(this.#database, account_);
        await takeFromCounter(this.#database, network);
      },
      repeated: async () => {
        for (const key of keys) await takeFromCounter(this.#database, key);
      },
      failed: async () => {
        let isNew = false;
        for (const [index, key] of keys.entries()) {
          if (counts[index]! < TRIES) continue;
          const { count } = await addToCounter(this.#database, lockOf(key), LOCK_MS);
          if (key === account_) isNew = count === 1;
        }
        return isNew;
      },
    };
  }

  /** Ends the lock of one step of an account; those of its other steps and of networks stay. */
  async unlock(account: string): Promise<void> {
    const key = `sign-in:${this.#hashCounted(`account ${account}`)}`;
    await clearCounter(this.#database, key);
    await clearCounter(this.#database, lockOf(key));
  }
}

function lockOf(key: string): string {
  return key.replace('sign-in:', 'sign-in-lock:');
}

function refuse(reply: FastifyReply, endsAt: Date): never {
  reply.header('retry-after', String(Math.max(1, Math.ceil((endsAt.getTime() - Date.now()) / 1000))));
  throw new ConveyError(tooManySignIns);
}
