import type { FastifyReply, FastifyRequest } from 'fastify';
import { recordEvent, SYSTEM_WORKSPACE_ID } from '../../../audit/record-event.ts';
import type { Database } from '../../../database/connect.ts';
import type { HashCounted } from '../../../database/hash-counted.ts';
import type { Log } from '../../../log.ts';
import type { Mailer } from '../../../notify/mail/mailer.ts';
import type { Actor } from '../../actor.ts';
import { RollUp } from '../../roll-up.ts';
import { accountActor, changeAccount } from '../account-events.ts';
import { AfterReply } from './after-reply.ts';
import { SignInLimits } from './sign-in-limits.ts';
import type { User } from '../users.ts';

/** What was to be proven. */
export type SignInStep = 'password' | 'second_factor';

interface Failure {
  /** Undefined: there is no such user. */
  account: Actor | undefined;
  step: SignInStep;
  ip: string;
  userAgent: string;
}

const NOBODY: Actor = { type: 'system', ref: 'nobody', interface: 'web' };

/**
 * Guards every check of a secret that a person could guess: counts tries, locks, mails the locked account's
 * owner, and writes failures into the audit log, rolled up by the minute. What was typed is written nowhere:
 * people type passwords into the wrong field.
 */
export class FailedSignIns {
  readonly limits: SignInLimits;
  readonly afterReply: AfterReply;
  readonly #database: Database;
  readonly #log: Log;
  readonly #mailer: Mailer;
  readonly #failures: RollUp<Failure>;

  constructor({
    database,
    mailer,
    log,
    hashCounted,
  }: {
    database: Database;
    mailer: Mailer;
    log: Log;
    hashCounted: HashCounted;
  }) {
    this.#database = database;
    this.#log = log;
    this.#mailer = mailer;
    this.limits = new SignInLimits(database, hashCounted);
    this.afterReply = new AfterReply(log);
    this.#failures = new RollUp(async (failure, times) => {
      await this.#record(failure, times).catch((error: unknown) =>
        log.error('a failed sign-in could not be written down', { error }),
      );
    });
  }

  /**
   * Runs one check. Throws `access.too_many_sign_ins` without running it while locked.
   * @param key whose tries are counted together: `emailKeyOf` for passwords, the user's id for codes
   * @param check gives the user, and whether what they showed was right; `isRepeated`: no, but it just was, so
   *   that it is no failure
   */
  async guard<Who extends User | undefined>(
    request: FastifyRequest,
    reply: FastifyReply,
    { step, key }: { step: SignInStep; key: string },
    check: () => Promise<{ user: Who; isRight: boolean; isRepeated?: boolean }>,
  ): Promise<{ user: Who; isRight: boolean }> {
    const attempt = await this.limits.begin(`${step} ${key}`, request.ip, reply);
    const { user, isRight, isRepeated = false } = await check();
    if (isRepeated) await attempt.repeated();
    if (isRepeated) return { user, isRight: false };
    if (isRight) {
      await attempt.succeeded();
      return { user, isRight };
    }
    const isLockedNow = await attempt.failed();
    const account = user && accountActor(user, request);
    this.afterReply.add('noting a failed sign-in', async () => {
      const userAgent = request.headers['user-agent'] ?? '';
      await this.#failures.note(`${user?.id ?? 'nobody'} ${step}`, {
        account,
        step,
        ip: request.ip,
        userAgent,
      });
      if (isLockedNow && user !== undefined) await this.#tellLocked(user, account!, step);
    });
    return { user, isRight };
  }

  /** Before the database is closed. */
  async close(): Promise<void> {
    await this.afterReply.settled();
    await this.#failures.flush();
  }

  async #tellLocked({ email, locale, name }: User, account: Actor, step: SignInStep): Promise<void> {
    await changeAccount(
      { database: this.#database, log: this.#log },
      account,
      (transaction) =>
        this.#mailer.queue(transaction, {
          to: email,
          template: step === 'password' ? 'sign_in_locked' : 'codes_locked',
          locale,
          values: { name, minutes: '15', at: new Date().toISOString() },
        }),
      () => ({ action: 'user.locked', outcome: 'denied', details: { step } }),
    );
  }

  async #record({ account, step, ip, userAgent }: Failure, times: number): Promise<void> {
    const details = { step, times };
    if (account !== undefined) {
      await changeAccount(
        { database: this.#database, log: this.#log },
        account,
        async () => {},
        () => ({ action: 'user.sign_in_failed', outcome: 'failed', details }),
      );
      return;
    }
    await this.#database.inScope({ workspaceId: SYSTEM_WORKSPACE_ID }, (transaction) =>
      recordEvent(transaction, SYSTEM_WORKSPACE_ID, {
        action: 'user.sign_in_failed',
        actor: { type: NOBODY.type, ref: NOBODY.ref },
        target: { type: 'user', ref: 'unknown' },
        outcome: 'failed',
        interface: NOBODY.interface,
        details,
        personal: { ip, user_agent: userAgent },
      }),
    );
  }
}
