import { createPublicKey, verify } from 'node:crypto';
import { Webhook } from 'standardwebhooks';
import { expect, test } from 'vitest';
import { newKeyPair, newSecret, signedHeaders } from './sign-message.ts';

const at = new Date();
const body = '{"data":{},"timestamp":"2026-11-21T10:00:00.000Z","type":"webhook.test"}';

/** As docs/webhooks.md says it: the Ed25519 signature with nothing but Node. */
function verifyAsymmetric(publicKey: string, headers: Record<string, string>, text: string): boolean {
  const key = createPublicKey({
    key: {
      kty: 'OKP',
      crv: 'Ed25519',
      x: Buffer.from(publicKey.slice('whpk_'.length), 'base64').toString('base64url'),
    },
    format: 'jwk',
  });
  const signed = Buffer.from(`${headers['webhook-id']}.${headers['webhook-timestamp']}.${text}`);
  return headers['webhook-signature']!.split(' ')
    .filter((one) => one.startsWith('v1a,'))
    .some((one) => verify(null, signed, key, Buffer.from(one.slice('v1a,'.length), 'base64')));
}

test('the public Standard Webhooks library takes our v1 signature, and none over another body, id or secret', () => {
  const secret = newSecret();
  const headers = signedHeaders({ secrets: [secret], ...newKeyPair() }, 'msg_1', at, body);
  expect(new Webhook(secret).verify(body, headers)).toEqual(JSON.parse(body));
  expect(() => new Webhook(secret).verify(`${body} `, headers)).toThrow();
  expect(() => new Webhook(secret).verify(body, { ...headers, 'webhook-id': 'msg_2' })).toThrow();
  expect(() => new Webhook(newSecret()).verify(body, headers)).toThrow();
});

test('Node’s own Ed25519 takes our v1a signature, and none over another body, id or key', () => {
  const pair = newKeyPair();
  const headers = signedHeaders({ secrets: [newSecret()], ...pair }, 'msg_1', at, body);
  expect(pair.publicKey).toMatch(/^whpk_[A-Za-z0-9+/]{43}=$/);
  expect(verifyAsymmetric(pair.publicKey, headers, body)).toBe(true);
  expect(verifyAsymmetric(pair.publicKey, headers, `${body} `)).toBe(false);
  expect(verifyAsymmetric(pair.publicKey, { ...headers, 'webhook-id': 'msg_2' }, body)).toBe(false);
  expect(verifyAsymmetric(newKeyPair().publicKey, headers, body)).toBe(false);
});

test('while a secret is rotated, holders of either secret can check the message', () => {
  const [current, previous] = [newSecret(), newSecret()];
  const headers = signedHeaders({ secrets: [current, previous], ...newKeyPair() }, 'msg_1', at, body);
  expect(headers['webhook-signature'].split(' ').map((one) => one.split(',')[0])).toEqual([
    'v1',
    'v1',
    'v1a',
  ]);
  for (const secret of [current, previous])
    expect(() => new Webhook(secret).verify(body, headers)).not.toThrow();
});

test('a secret has 32 random bytes, which is what the specification asks for, and no two are alike', () => {
  const secrets = Array.from({ length: 50 }, newSecret);
  expect(new Set(secrets).size).toBe(50);
  for (const secret of secrets) {
    expect(secret).toMatch(/^whsec_/);
    expect(Buffer.from(secret.slice('whsec_'.length), 'base64')).toHaveLength(32);
  }
});
