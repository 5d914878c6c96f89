import type { QueryClient } from '@tanstack/react-query';
import type { AnyRouter } from '@tanstack/react-router';
import { onEveryError } from '../api/on-every-error.ts';
import { codeOf } from '../api/problem.ts';

/** Asks for a sign-in as soon as the server knows nobody any more on a page for whoever is signed in. */
export function leaveWhenSignedOut(queries: QueryClient, router: AnyRouter): void {
  onEveryError(queries, (error) => {
    const { matches, location } = router.state;
    const isForSignedIn = matches.some(({ routeId }) => routeId.startsWith('/signed-in'));
    // Several are refused at once: the first has left already, while the page that asked is still the one that is shown.
    if (codeOf(error) !== 'access.unauthenticated' || !isForSignedIn || location.pathname === '/sign-in')
      return;
    queries.clear();
    void router.navigate({ to: '/sign-in', search: { next: location.href, told: 'ended' } });
  });
}
