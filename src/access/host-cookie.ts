import type { FastifyRequest } from 'fastify';

declare module 'fastify' {
  interface FastifyInstance {
    /** The address that people know this server by is https. */
    hasHttpsAddress: boolean;
  }
}

/** `__Host-`: only over HTTPS, only this host, only from its root (RFC 6265bis). */
const SECURE_PREFIX = '__Host-';

/** The value of a cookie that a request brings, if any. A plain cookie counts only where HTTPS is not used. */
export function readHostCookie(request: FastifyRequest, name: string): string | undefined {
  const wanted = nameFor(request, name);
  for (const pair of (request.headers.cookie ?? '').split(';')) {
    const at = pair.indexOf('=');
    if (pair.slice(0, at).trim() === wanted) return pair.slice(at + 1).trim() || undefined;
  }
  return undefined;
}

/** A cookie for this host alone, not for scripts, and not sent along from other sites; as `Set-Cookie` takes it. */
export function hostCookie(
  request: FastifyRequest,
  name: string,
  { value, expiresAt }: { value: string; expiresAt: Date },
): string {
  const attributes = `Path=/; Expires=${expiresAt.toUTCString()}; HttpOnly; SameSite=Lax`;
  return `${nameFor(request, name)}=${value}; ${attributes}${isSecure(request) ? '; Secure' : ''}`;
}

function nameFor(request: FastifyRequest, name: string): string {
  return isSecure(request) ? SECURE_PREFIX + name : name;
}

/**
 * Whether the browser sees HTTPS: it speaks it to us, or to a proxy that we trust, or the public address says so
 * (whoever set that, but no trusted proxy, would have plain cookies otherwise).
 */
function isSecure({ protocol, server }: FastifyRequest): boolean {
  return protocol === 'https' || server.hasHttpsAddress;
}
