import { createHmac } from 'node:crypto';

/** Makes of what is counted (an email address, a network) a key of a counter that does not tell it. */
export type HashCounted = (text: string) => string;

/**
 * HMAC-SHA-256 under a secret of the server: addresses and networks are few enough to be tried one by one, so that
 * a plain hash would tell them to whoever has a copy of the database.
 */
export function hashCountedWith(secret: Uint8Array): HashCounted {
  return (text) => createHmac('sha256', secret).update(text).digest('base64url');
}
