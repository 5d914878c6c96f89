import type { FastifyRequest } from 'fastify';
import { ConveyError } from '../errors.ts';
import { crossSite } from './http.errors.ts';
import type { App } from './route-config.ts';

/**
 * Another site must not make a signed-in person's browser start or fetch an export: on routes with
 * `config.export`, requests that the browser marks as coming from another site are refused. Programs send
 * no such header.
 */
export function refuseCrossSite(app: App): void {
  app.addHook('onRequest', async (request) => {
    const isRead = request.method === 'GET' || request.method === 'HEAD';
    if (request.routeOptions.config.export === true && isRead) ensureNotCrossSite(request);
  });
}

/** Throws `http.cross_site` for what the browser says another site began; a typed address is no other site. */
export function ensureNotCrossSite({ headers }: FastifyRequest): void {
  if (headers['sec-fetch-site'] === 'cross-site') throw new ConveyError(crossSite);
}

/**
 * For requests that bring a session's cookie: what changes something must come from our own pages. Browsers say
 * so with `Sec-Fetch-Site`, older ones with `Origin`; whoever says neither is no browser, and has an API key.
 * (The cookie is SameSite=Lax as well.)
 */
export function ensureSameOrigin({ method, headers, host }: FastifyRequest): void {
  if (method === 'GET' || method === 'HEAD' || method === 'OPTIONS') return;
  const { 'sec-fetch-site': site, origin } = headers;
  const isOurs =
    site === undefined
      ? origin !== undefined && URL.canParse(origin) && new URL(origin).host === host
      : site === 'same-origin';
  if (!isOurs) throw new ConveyError(crossSite);
}
