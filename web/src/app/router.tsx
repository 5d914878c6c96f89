import { createRootRoute, createRoute, createRouter, lazyRouteComponent, redirect } from '@tanstack/react-router';
import { $api } from '../api/client.ts';
import { codeOf, RefusedError } from '../api/problem.ts';
import { queryClient } from '../api/query-client.ts';
import { NotFound } from './not-found.tsx';
import { Shell } from './shell/shell.tsx';

const root = createRootRoute({ notFoundComponent: NotFound });

/** Pages for whoever is signed in; everybody else is asked to sign in first, and comes back. */
const signedIn = createRoute({
  getParentRoute: () => root,
  id: 'signed-in',
  component: Shell,
  beforeLoad: async ({ location }) => {
    try {
      await queryClient.ensureQueryData($api.queryOptions('get', '/v1/whoami', {}));
    } catch (error) {
      if (!(error instanceof RefusedError)) throw error;
      if (error.status === 401 || codeOf(error) === 'access.second_factor_required')
        throw redirect({ to: '/sign-in', search: { next: location.href } });
      throw error;
    }
  },
});

const signIn = createRoute({
  getParentRoute: () => root,
  path: '/sign-in',
  validateSearch: (search): { next?: string } =>
    // Only to our own pages.
    typeof search['next'] === 'string' && /^\/(?!\/)/.test(search['next']) ? { next: search['next'] } : {},
  component: lazyRouteComponent(() => import('../session/sign-in-page.tsx'), 'SignInPage'),
});

const overview = createRoute({
  getParentRoute: () => signedIn,
  path: '/',
  component: lazyRouteComponent(() => import('../overview/overview-page.tsx'), 'OverviewPage'),
});

const exportsList = createRoute({
  getParentRoute: () => signedIn,
  path: '/exports',
  component: lazyRouteComponent(() => import('../exports/exports-page.tsx'), 'ExportsPage'),
});

/** Every page of the app and its address. A page's code is loaded when it is first opened. */
export const router = createRouter({
  routeTree: root.addChildren([signIn, signedIn.addChildren([overview, exportsList])]),
  defaultPreload: 'intent',
});

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}
