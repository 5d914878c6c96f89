import type { QueryClient } from '@tanstack/react-query';
import type { AnyRouter } from '@tanstack/react-router';
import { codeOf } from '../api/problem.ts';

/** Asks for a sign-in as soon as the server knows nobody any more on a page for whoever is signed in. */
export function leaveWhenSignedOut(queries: QueryClient, router: AnyRouter): void {
  const look = (error: unknown) => {
    const { matches, location } = router.state;
    const isForSignedIn = matches.some(({ routeId }) => routeId.startsWith('/signed-in'));
    if (codeOf(error) !== 'access.unauthenticated' || !isForSignedIn) return;
    queries.clear();
    void router.navigate({ to: '/sign-in', search: { next: location.href, told: 'ended' } });
  };
  queries.getQueryCache().subscribe((event) => {
    if (event.type === 'updated' && event.action.type === 'error') look(event.action.error);
  });
  queries.getMutationCache().subscribe((event) => {
    if (event.type === 'updated' && event.action.type === 'error') look(event.action.error);
  });
}
