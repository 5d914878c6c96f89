import { createHash, generateKeyPairSync, sign } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { IdentityProvider } from '../../src/access/oidc/identity-provider.ts';

// A provider that answers with whatever token the test wants: which of them Convey believes. (With a real provider:
// oidc.test.ts.)

const CLIENT_ID = 'convey';
const REDIRECT_URI = 'http://127.0.0.1/v1/session/oidc/callback';
const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const foreign = generateKeyPairSync('rsa', { modulusLength: 2048 });

type Claims = Record<string, unknown>;
type MakeToken = (good: { header: Claims; claims: Claims }) => string;

let server: Server;
let issuer: string;
let makeToken: MakeToken;
let nonce: string;
let challenge: string | undefined;

const encode = (part: Claims) => Buffer.from(JSON.stringify(part)).toString('base64url');

function signed({ header, claims }: { header: Claims; claims: Claims }, key = privateKey): string {
  const text = `${encode(header)}.${encode(claims)}`;
  return `${text}.${sign('sha256', Buffer.from(text), key).toString('base64url')}`;
}

beforeAll(async () => {
  server = createServer((request, reply) => {
    const json = (body: unknown) =>
      reply.setHeader('content-type', 'application/json').end(JSON.stringify(body));
    const { pathname } = new URL(request.url!, issuer);
    if (pathname === '/jwks') {
      json({ keys: [{ ...publicKey.export({ format: 'jwk' }), kid: 'one', use: 'sig', alg: 'RS256' }] });
    } else if (pathname === '/token') {
      let body = '';
      request.setEncoding('utf8').on('data', (text) => {
        body += text;
      });
      request.on('end', () => {
        const verifier = new URLSearchParams(body).get('code_verifier') ?? '';
        if (createHash('sha256').update(verifier).digest('base64url') !== challenge) {
          reply.statusCode = 400;
          return json({ error: 'invalid_grant' });
        }
        const now = Math.floor(Date.now() / 1000);
        const claims = {
          iss: issuer,
          sub: 'ada',
          aud: CLIENT_ID,
          iat: now,
          exp: now + 60,
          nonce,
          email: 'ada@example.com',
          email_verified: true,
        };
        const token = makeToken({ header: { alg: 'RS256', kid: 'one' }, claims });
        json({ access_token: 'x', token_type: 'Bearer', id_token: token });
      });
    } else {
      json({
        issuer,
        authorization_endpoint: `${issuer}/authorize`,
        token_endpoint: `${issuer}/token`,
        jwks_uri: `${issuer}/jwks`,
        response_types_supported: ['code'],
        subject_types_supported: ['public'],
        id_token_signing_alg_values_supported: ['RS256'],
      });
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

/** Signs in at the provider, which answers with a token of the test's making. */
async function signInWith(make: MakeToken) {
  makeToken = make;
  const provider = new IdentityProvider({
    issuer,
    clientId: CLIENT_ID,
    clientSecret: undefined,
    redirectUri: REDIRECT_URI,
  });
  const { url, checks } = await provider.begin();
  nonce = checks.nonce;
  challenge = new URL(url).searchParams.get('code_challenge') ?? undefined;
  return provider.finish(`code=c&state=${checks.state}`, checks);
}

test('a good token says who somebody is', async () => {
  expect(await signInWith((good) => signed(good))).toMatchObject({
    issuer,
    subject: 'ada',
    email: 'ada@example.com',
    isEmailVerified: true,
  });
});

const hourAgo = Math.floor(Date.now() / 1000) - 3600;
const with_ =
  (changes: Claims): MakeToken =>
  ({ header, claims }) =>
    signed({ header, claims: { ...claims, ...changes } });

test.each<[string, MakeToken]>([
  ['for another client', with_({ aud: 'somebody-else' })],
  ['for several, meant for another', with_({ aud: [CLIENT_ID, 'somebody-else'], azp: 'somebody-else' })],
  ['of another issuer', with_({ iss: 'https://elsewhere.example' })],
  ['whose time is over', with_({ iat: hourAgo, exp: hourAgo + 60 })],
  ['without an end', with_({ exp: undefined })],
  ['of another request', with_({ nonce: 'another' })],
  ['of no request', with_({ nonce: undefined })],
  ['about nobody', with_({ sub: undefined })],
  ['without a signature', ({ header, claims }) => `${encode({ ...header, alg: 'none' })}.${encode(claims)}.`],
  [
    'signed with a secret instead of the key',
    ({ header, claims }) => signed({ header: { ...header, alg: 'HS256' }, claims }),
  ],
  ['signed by a foreign key', (good) => signed(good, foreign.privateKey)],
  [
    'signed by a foreign key that it names itself',
    ({ header, claims }) =>
      signed(
        { header: { ...header, kid: 'two', jwk: foreign.publicKey.export({ format: 'jwk' }) }, claims },
        foreign.privateKey,
      ),
  ],
  [
    'that was changed after it was signed',
    ({ header, claims }) => {
      const [head, , signature] = signed({ header, claims }).split('.');
      return `${head}.${encode({ ...claims, sub: 'grace' })}.${signature}`;
    },
  ],
  ['that is none', () => 'x.y.z'],
])('a token %s is refused', async (_what, make) => {
  await expect(signInWith(make)).rejects.toMatchObject({ code: expect.stringMatching(/^access\.oidc_/) });
});

test('an address that is not said to be verified, or in another way than true, does not count', async () => {
  for (const email_verified of [false, undefined, 'true', 1])
    expect(await signInWith(with_({ email_verified }))).toMatchObject({ isEmailVerified: false });
});
