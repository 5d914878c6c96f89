import { z } from 'zod';
import type { App } from '../http/route-config.ts';
import type { ListedKey, SigningKeys } from '../keys/signing-keys.ts';

const endorsement = z.object({ by: z.string(), public_key: z.string(), signature: z.string() });
const keySchema = z.object({
  fingerprint: z.string().describe('`sha256:` and the SHA-256 of the SubjectPublicKeyInfo: what one pins.'),
  status: z.enum(['current', 'retired', 'compromised']),
  created_at: z.iso.datetime(),
  retired_at: z.iso.datetime().optional(),
  public_key: z.string().describe('SubjectPublicKeyInfo in DER, Base64.'),
  endorsements: z.array(endorsement).describe('Older keys’ signatures over it, newest first.'),
  kty: z.literal('OKP'),
  crv: z.literal('Ed25519'),
  x: z.string(),
  kid: z.string(),
  use: z.literal('sig'),
});

/** The raw key is the end of its SubjectPublicKeyInfo (RFC 8410). */
const RAW_KEY_BYTES = 32;

/** `/.well-known/convey-keys.json`: the public keys that sign packages and receipts (docs/package.md). */
export function registerKeyRoutes(app: App, signingKeys: SigningKeys): void {
  app.get(
    '/.well-known/convey-keys.json',
    {
      config: { operation: 'listSigningKeys' },
      schema: {
        tags: ['exports'],
        summary: 'The keys that sign packages and receipts',
        response: { 200: z.object({ keys: z.array(keySchema) }) },
      },
    },
    async (_request, reply) => {
      await signingKeys.current(); // makes the first one
      reply.header('cache-control', 'public, max-age=300');
      return { keys: (await signingKeys.list()).map(describeKey) };
    },
  );
}

/** A key as JWK (RFC 8037) with what Convey says of it. */
export function describeKey(key: ListedKey): z.infer<typeof keySchema> {
  const { fingerprint, publicKey, endorsements, createdAt, retiredAt, isCompromised } = key;
  return {
    fingerprint,
    status: isCompromised ? 'compromised' : retiredAt === null ? 'current' : 'retired',
    created_at: createdAt.toISOString(),
    ...(retiredAt === null ? {} : { retired_at: retiredAt.toISOString() }),
    public_key: publicKey,
    endorsements: [...endorsements],
    kty: 'OKP',
    crv: 'Ed25519',
    x: Buffer.from(publicKey, 'base64').subarray(-RAW_KEY_BYTES).toString('base64url'),
    kid: fingerprint,
    use: 'sig',
  };
}
