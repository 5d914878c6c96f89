import { createRootRoute, createRoute, redirect } from '@tanstack/react-router';
import { $api } from '../api/client.ts';
import { RefusedError } from '../api/problem.ts';
import { queryClient } from '../api/query-client.ts';
import { NotFound } from './not-found.tsx';
import { Shell } from './shell/shell.tsx';

/** Parent of every page that needs nobody signed in. */
export const root = createRootRoute({ notFoundComponent: NotFound });

/** Parent of the pages for whoever is signed in; everybody else is asked to sign in first, and comes back. */
export const signedIn = createRoute({
  getParentRoute: () => root,
  id: 'signed-in',
  component: Shell,
  beforeLoad: async ({ location }) => {
    try {
      await queryClient.ensureQueryData($api.queryOptions('get', '/v1/whoami', {}));
    } catch (error) {
      if (!(error instanceof RefusedError) || error.status !== 401) throw error;
      throw redirect({ to: '/sign-in', search: { next: location.href } });
    }
  },
});
