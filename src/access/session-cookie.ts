import type { FastifyReply, FastifyRequest } from 'fastify';

/** `__Host-`: only over HTTPS, only this host, only from its root (RFC 6265bis). */
const SECURE_NAME = '__Host-convey_session';
const PLAIN_NAME = 'convey_session';

/** The session token that a request brings, if any. A plain cookie counts only where HTTPS is not used. */
export function sessionTokenOf(request: FastifyRequest): string | undefined {
  const name = isSecure(request) ? SECURE_NAME : PLAIN_NAME;
  for (const pair of (request.headers.cookie ?? '').split(';')) {
    const at = pair.indexOf('=');
    if (pair.slice(0, at).trim() === name) return pair.slice(at + 1).trim() || undefined;
  }
  return undefined;
}

/** Hands a session to the browser. Not for scripts, and not sent along from other sites. */
export function setSessionCookie(
  request: FastifyRequest,
  reply: FastifyReply,
  { token, expiresAt }: { token: string; expiresAt: Date },
): void {
  reply.header('set-cookie', cookie(request, token, expiresAt));
}

/** Takes it away again. */
export function clearSessionCookie(request: FastifyRequest, reply: FastifyReply): void {
  reply.header('set-cookie', cookie(request, '', new Date(0)));
}

function cookie(request: FastifyRequest, value: string, expiresAt: Date): string {
  const attributes = `Path=/; Expires=${expiresAt.toUTCString()}; HttpOnly; SameSite=Lax`;
  return isSecure(request)
    ? `${SECURE_NAME}=${value}; ${attributes}; Secure`
    : `${PLAIN_NAME}=${value}; ${attributes}`;
}

/** Whether the browser sees HTTPS: it speaks it to us, or to a proxy that we trust. */
function isSecure({ protocol }: FastifyRequest): boolean {
  return protocol === 'https';
}
