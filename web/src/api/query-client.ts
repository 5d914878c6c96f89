import { QueryClient } from '@tanstack/react-query';
import { isNoAnswer } from './problem.ts';

/** Everything that was read from the server, and how long it counts as fresh. */
export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      networkMode: 'always',
      staleTime: 10_000,
      // What was refused is not asked again: the answer would be the same.
      retry: (failures, error) => failures < 2 && isNoAnswer(error),
      throwOnError: false,
    },
    // Nothing waits for a network to come back and is done then, when nobody expects it any more.
    mutations: { retry: false, networkMode: 'always' },
  },
});

/** Reads again all that is shown, and forgets the rest: it was said in another language. */
export function askAnew(): void {
  queryClient.removeQueries({ type: 'inactive' });
  void queryClient.invalidateQueries();
}
