import type { QueryClient } from '@tanstack/react-query';

/** Calls with every error of a request, whatever it read or changed. */
export function onEveryError(queries: QueryClient, look: (error: unknown) => void): void {
  queries.getQueryCache().subscribe((event) => {
    if (event.type === 'updated' && event.action.type === 'error') look(event.action.error);
  });
  queries.getMutationCache().subscribe((event) => {
    if (event.type === 'updated' && event.action.type === 'error') look(event.action.error);
  });
}
