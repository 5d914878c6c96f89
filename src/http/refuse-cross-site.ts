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
    if (
      request.routeOptions.config.export === true &&
      isRead &&
      request.headers['sec-fetch-site'] === 'cross-site'
    ) {
      throw new ConveyError(crossSite);
    }
  });
}
