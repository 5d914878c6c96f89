import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { signedIn } from '../app/root-routes.ts';

const verify = createRoute({
  getParentRoute: () => signedIn,
  path: '/verify',
  component: lazyRouteComponent(() => import('./verify-page.tsx'), 'VerifyPage'),
});

/** Checking packages in the browser. */
export const verifyRoutes = [verify] as const;
