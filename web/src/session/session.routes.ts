import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { root } from '../app/root-routes.ts';

const signIn = createRoute({
  getParentRoute: () => root,
  path: '/sign-in',
  validateSearch: (search): { next?: string } =>
    // Only to our own pages.
    typeof search['next'] === 'string' && /^\/(?!\/)/.test(search['next']) ? { next: search['next'] } : {},
  component: lazyRouteComponent(() => import('./sign-in-page.tsx'), 'SignInPage'),
});

/** Pages on which nobody is signed in yet. */
export const sessionRoutes = [signIn] as const;
