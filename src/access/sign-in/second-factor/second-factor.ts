import { createHash, randomBytes } from 'node:crypto';
import { Secret, TOTP } from 'otpauth';
import type { Transaction } from '../../../database/connect.ts';
import type { HashCounted } from '../../../database/hash-counted.ts';
import { isMarked, mark } from '../../../database/rate-counters.ts';
import type { SealedTexts } from '../../../keys/sealed-texts.ts';

/** RFC 6238 as every app has it: SHA-1, 6 digits, 30 s. */
const PERIOD_S = 30;
const SECRET_BYTES = 20;
/** A clock may be one step off, either way (RFC 6238 §5.2). */
const WINDOW_STEPS = 1;
/** So long a code that was right is known again. */
const REPEATED_WITHIN_MS = 90_000;
const RECOVERY_CODES = 8;
/** Of base 32: 130 bits each, for which a fast hash is enough (ASVS 6.5.2 wants 112). */
const RECOVERY_CHARACTERS = 26;
const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz';

/** What sets up an authenticator app. Shown once. */
export interface NewSecret {
  /** Names this secret when one of its codes confirms it, so that no other is put in force by it. */
  setupId: string;
  /** Base 32, to be typed. */
  secret: string;
  /** `otpauth://totp/…`, to be shown as a QR code. */
  uri: string;
}

/** What a code turned out to be. */
export type CodeKind = 'totp' | 'recovery_code';

/** Makes a secret and keeps it sealed, replacing one that was never confirmed. False: one is in force. */
export async function makeSecret(
  transaction: Transaction,
  sealedTexts: SealedTexts,
  user: { id: string; email: string },
  issuer: string,
): Promise<NewSecret | undefined> {
  const secret = new Secret({ size: SECRET_BYTES });
  const sealed = await sealedTexts.seal(secret.base32, contextOf(user.id));
  const rows = await transaction.query(
    `update users set totp_secret = $2, totp_last_step = null
      where id = $1 and totp_confirmed_at is null returning id`,
    [user.id, sealed],
  );
  if (rows.length === 0) return undefined;
  const totp = new TOTP({ issuer, label: user.email, secret, period: PERIOD_S });
  return { setupId: setupIdOf(secret.base32), secret: secret.base32, uri: totp.toString() };
}

/**
 * Whether a code of the app is right now (± 1 step). Each step is taken once: a code that somebody saw is worth
 * nothing afterwards.
 * @param setupId given: only a code of that secret counts
 */
export async function useTotpCode(
  transaction: Transaction,
  sealedTexts: SealedTexts,
  userId: string,
  code: string,
  setupId?: string,
): Promise<boolean> {
  const [user] = await transaction.query<{ sealed: string | null }>(
    'select totp_secret as sealed from users where id = $1',
    [userId],
  );
  if (user?.sealed == null) return false;
  const base32 = await sealedTexts.open(user.sealed, contextOf(userId));
  if (setupId !== undefined && setupId !== setupIdOf(base32)) return false;
  const secret = Secret.fromBase32(base32);
  const timestamp = Date.now();
  const delta = TOTP.validate({ token: code, secret, period: PERIOD_S, window: WINDOW_STEPS, timestamp });
  if (delta === null) return false;
  const step = TOTP.counter({ period: PERIOD_S, timestamp }) + delta;
  const rows = await transaction.query(
    `update users set totp_last_step = $2
      where id = $1 and totp_secret = $3 and coalesce(totp_last_step, -1) < $2 returning id`,
    [userId, step, user.sealed],
  );
  return rows.length > 0;
}

/**
 * Uses up a code, of the app or a recovery code. `repeated`: it was right a moment ago, so that this is a form that
 * was sent twice, no guess; it opens nothing either. Undefined: it is none.
 */
export async function useCode(
  transaction: Transaction,
  { sealedTexts, hashCounted }: { sealedTexts: SealedTexts; hashCounted: HashCounted },
  userId: string,
  code: string,
): Promise<CodeKind | 'repeated' | undefined> {
  const plain = code.replaceAll(/[\s-]/g, '').toLowerCase();
  const used = `code-used:${hashCounted(`${userId} ${plain}`)}`;
  const kind = /^\d{6}$/.test(plain)
    ? (await useTotpCode(transaction, sealedTexts, userId, plain)) && ('totp' as const)
    : (await useRecoveryCode(transaction, userId, plain)) && ('recovery_code' as const);
  if (kind === false) return (await isMarked(transaction, used)) ? 'repeated' : undefined;
  // In the same transaction: whoever waited for it sees both.
  await mark(transaction, used, REPEATED_WITHIN_MS);
  return kind;
}

async function useRecoveryCode(transaction: Transaction, userId: string, plain: string): Promise<boolean> {
  const rows = await transaction.query(
    `update users set recovery_codes = array_remove(recovery_codes, $2)
      where id = $1 and $2 = any (recovery_codes) returning id`,
    [userId, hashOf(plain)],
  );
  return rows.length > 0;
}

/** Puts the secret in force that was shown; false: another took its place meanwhile, or one is in force. */
export async function confirmSecret(
  transaction: Transaction,
  sealedTexts: SealedTexts,
  userId: string,
  setupId: string,
): Promise<boolean> {
  const [user] = await transaction.query<{ sealed: string }>(
    `select totp_secret as sealed from users
      where id = $1 and totp_secret is not null and totp_confirmed_at is null for update`,
    [userId],
  );
  if (user === undefined) return false;
  if (setupIdOf(await sealedTexts.open(user.sealed, contextOf(userId))) !== setupId) return false;
  await transaction.query('update users set totp_confirmed_at = now() where id = $1', [userId]);
  return true;
}

/** Takes the second factor away, with what is left of its recovery codes. */
export async function removeSecret(transaction: Transaction, userId: string): Promise<void> {
  await transaction.query(
    `update users set totp_secret = null, totp_confirmed_at = null, totp_last_step = null, recovery_codes = '{}'
      where id = $1`,
    [userId],
  );
}

/** Makes 8 recovery codes, which replace those before. They are in the result and nowhere else. */
export async function renewRecoveryCodes(transaction: Transaction, userId: string): Promise<string[]> {
  const codes = Array.from({ length: RECOVERY_CODES }, () =>
    [...randomBytes(RECOVERY_CHARACTERS)].map((byte) => ALPHABET[byte & 31]).join(''),
  );
  await transaction.query('update users set recovery_codes = $2 where id = $1', [userId, codes.map(hashOf)]);
  return codes.map((code) => code.match(/.{1,4}/g)!.join('-'));
}

/** So many random bits cannot be guessed at any speed: a fast hash is enough. */
function hashOf(code: string): string {
  return createHash('sha256').update(code).digest('hex');
}

/** Kept nowhere: it can be told from the secret, which cannot be told from it. */
function setupIdOf(base32: string): string {
  return createHash('sha256').update(`set-up ${base32}`).digest('base64url');
}

function contextOf(userId: string): string {
  return `users.totp_secret ${userId}`;
}
