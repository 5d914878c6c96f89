import type { FastifyReply, FastifyRequest } from 'fastify';
import { hostCookie, readHostCookie } from './host-cookie.ts';

const NAME = 'convey_session';

/** The session token that a request brings, if any. */
export function sessionTokenOf(request: FastifyRequest): string | undefined {
  return readHostCookie(request, NAME);
}

/** Hands a session to the browser. */
export function setSessionCookie(
  request: FastifyRequest,
  reply: FastifyReply,
  { token, expiresAt }: { token: string; expiresAt: Date },
): void {
  reply.header('set-cookie', hostCookie(request, NAME, { value: token, expiresAt }));
}

/** Takes it away again. */
export function clearSessionCookie(request: FastifyRequest, reply: FastifyReply): void {
  reply.header('set-cookie', hostCookie(request, NAME, { value: '', expiresAt: new Date(0) }));
}
