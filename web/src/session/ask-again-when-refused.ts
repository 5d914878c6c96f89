import type { QueryClient } from '@tanstack/react-query';
import { onEveryError } from '../api/on-every-error.ts';
import { codeOf } from '../api/problem.ts';

/**
 * Looks again at what one may do as soon as the server refuses something: an owner may have changed one's role meanwhile,
 * and what was taken away is not offered any longer.
 */
export function askAgainWhenRefused(queries: QueryClient): void {
  onEveryError(queries, (error) => {
    if (codeOf(error) === 'access.forbidden')
      void queries.invalidateQueries({ queryKey: ['get', '/v1/whoami'] });
  });
}
