import { createHash, randomBytes } from 'node:crypto';

/** 256 random bits, 43 characters: what a session cookie, or a one-time link, holds. */
export function newSecretToken(): string {
  return randomBytes(32).toString('base64url');
}

/** What is stored instead of a token: it cannot be guessed at any speed, so a fast hash is enough. */
export function hashSecretToken(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}
