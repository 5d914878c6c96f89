import { QueryClient } from '@tanstack/react-query';
import { RefusedError } from './problem.ts';

/** What was refused is not asked again: the answer would be the same. */
const mayPass = (error: unknown) => !(error instanceof RefusedError) || error.status >= 500;

/** Everything that was read from the server, and how long it counts as fresh. */
export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 10_000,
      retry: (failures, error) => failures < 2 && mayPass(error),
      throwOnError: false,
    },
    mutations: { retry: false },
  },
});
