import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { signedIn } from '../app/root-routes.ts';

const account = createRoute({
  getParentRoute: () => signedIn,
  path: '/account',
  component: lazyRouteComponent(() => import('./account-page.tsx'), 'AccountPage'),
});

/** One’s own account. */
export const accountRoutes = [account] as const;
