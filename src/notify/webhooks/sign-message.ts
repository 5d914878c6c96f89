import { createHmac, createPrivateKey, generateKeyPairSync, randomBytes, sign } from 'node:crypto';

const SECRET_BYTES = 32; // the specification takes 24 to 64

/** What a webhook signs with, in the forms of Standard Webhooks 1.0. */
export interface SigningSecrets {
  /** `whsec_…`: the current one, and the one before while a rotation lasts. */
  secrets: readonly string[];
  /** `whsk_…`, the seed of the Ed25519 key, and `whpk_…`, its public key. */
  privateKey: string;
  publicKey: string;
}

/** A new symmetric secret. */
export function newSecret(): string {
  return `whsec_${randomBytes(SECRET_BYTES).toString('base64')}`;
}

/** A new Ed25519 key: 32 bytes each, Base64. */
export function newKeyPair(): { privateKey: string; publicKey: string } {
  const { d = '', x = '' } = generateKeyPairSync('ed25519').privateKey.export({ format: 'jwk' });
  return { privateKey: `whsk_${toBase64(d)}`, publicKey: `whpk_${toBase64(x)}` };
}

/**
 * The headers of one try (Standard Webhooks 1.0): the signatures cover `id.timestamp.body`, the time is that of
 * the try, in seconds.
 */
export function signedHeaders(
  { secrets, privateKey, publicKey }: SigningSecrets,
  messageId: string,
  at: Date,
  body: string,
): Record<'webhook-id' | 'webhook-timestamp' | 'webhook-signature', string> {
  const timestamp = String(Math.floor(at.getTime() / 1000));
  const signed = `${messageId}.${timestamp}.${body}`;
  const symmetric = secrets.map((secret) => {
    const key = Buffer.from(secret.replace(/^whsec_/, ''), 'base64');
    return `v1,${createHmac('sha256', key).update(signed).digest('base64')}`;
  });
  const key = createPrivateKey({
    key: { kty: 'OKP', crv: 'Ed25519', d: toBase64Url(privateKey), x: toBase64Url(publicKey) },
    format: 'jwk',
  });
  const asymmetric = `v1a,${sign(null, Buffer.from(signed), key).toString('base64')}`;
  return {
    'webhook-id': messageId,
    'webhook-timestamp': timestamp,
    'webhook-signature': [...symmetric, asymmetric].join(' '),
  };
}

function toBase64(base64Url: string): string {
  return Buffer.from(base64Url, 'base64url').toString('base64');
}

function toBase64Url(key: string): string {
  return Buffer.from(key.replace(/^wh[sp]k_/, ''), 'base64').toString('base64url');
}
