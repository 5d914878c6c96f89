import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { SealedTexts } from '../../keys/sealed-texts.ts';
import { hostCookie, readHostCookie } from '../host-cookie.ts';

const NAME = 'convey_oidc';
const CONTEXT = 'oidc sign-in';
/** Time for a password, a second factor and a consent over there. */
export const STARTED_FOR_MS = 10 * 60_000;

const startedSchema = z.object({
  state: z.string(),
  nonce: z.string(),
  codeVerifier: z.string(),
  returnTo: z.string(),
  endsAtMs: z.number(),
});

/** A sign-in that went to the provider and is to come back. */
export type StartedSignIn = z.infer<typeof startedSchema>;

/** Keeps it with the browser that began, sealed: no other can finish it, and the server stores nothing. */
export async function keepStarted(
  sealedTexts: SealedTexts,
  request: FastifyRequest,
  reply: FastifyReply,
  started: Omit<StartedSignIn, 'endsAtMs'>,
): Promise<void> {
  const endsAtMs = Date.now() + STARTED_FOR_MS;
  const value = await sealedTexts.seal(JSON.stringify({ ...started, endsAtMs }), CONTEXT);
  reply.header('set-cookie', hostCookie(request, NAME, { value, expiresAt: new Date(endsAtMs) }));
}

/** Takes it back from the browser; undefined: it brings none that is good. */
export async function takeStarted(
  sealedTexts: SealedTexts,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<StartedSignIn | undefined> {
  const sealed = readHostCookie(request, NAME);
  if (sealed === undefined) return undefined;
  reply.header('set-cookie', hostCookie(request, NAME, { value: '', expiresAt: new Date(0) }));
  const text = await sealedTexts.open(sealed, CONTEXT).catch(() => undefined);
  if (text === undefined) return undefined;
  const started = startedSchema.parse(JSON.parse(text));
  return started.endsAtMs > Date.now() ? started : undefined;
}
