import { hash, verify } from '@node-rs/bcrypt';
import { ConveyError } from '../../../errors.ts';
import { findPasswordWeakness } from './password-rules.ts';
import { badPassword } from '../sign-in.errors.ts';

/** Of bcrypt: 2^12 rounds, about a quarter of a second. Tests take a cheap one. */
const COST = 12;
const LEAST_CHARACTERS = 10;
/** bcrypt looks at no more: what is longer would be cut without a word (contract §7). */
const MOST_BYTES = 72;

/** Hashes and checks passwords, away from the event loop. */
export class Passwords {
  readonly #cost: number;
  #ofNobody: Promise<string> | undefined;

  constructor(cost = COST) {
    this.#cost = cost;
  }

  /**
   * The hash of a new password. Throws `access.bad_password` when it is shorter than 10 characters, longer than
   * 72 bytes, or easily guessed.
   * @param field JSON pointer of the field that holds it
   * @param about what it must not be made of: the person's address, names
   */
  async hash(password: string, field: string, about: { email: string; names: string[] }): Promise<string> {
    const detail = findPasswordProblem(password, about);
    if (detail !== undefined)
      throw new ConveyError(badPassword, undefined, { fields: [{ pointer: field, detail }] });
    return hash(password, { cost: this.#cost });
  }

  /**
   * Whether a password is right. Without a hash (there is no such user, or they have no password) it takes the
   * same time and is always wrong, so that time tells nobody who has an account.
   */
  async verify(password: string, passwordHash: string | null | undefined): Promise<boolean> {
    this.#ofNobody ??= hash('nobody has this one', { cost: this.#cost });
    const isRight = await verify(password, passwordHash ?? (await this.#ofNobody));
    const fits = Buffer.byteLength(password) <= MOST_BYTES;
    return isRight && fits && passwordHash != null;
  }

  /** Makes ready what the first `verify` needs, so that it takes no longer than the others. */
  async prepare(): Promise<void> {
    await this.verify('', undefined);
  }
}

function findPasswordProblem(
  password: string,
  about: { email: string; names: string[] },
): string | undefined {
  if (Array.from(password).length < LEAST_CHARACTERS)
    return `too short: it takes at least ${LEAST_CHARACTERS} characters`;
  if (Buffer.byteLength(password) > MOST_BYTES)
    return `too long: it takes at most ${MOST_BYTES} characters, of which “ä” counts two and “🦓” four`;
  return findPasswordWeakness(password, about);
}
