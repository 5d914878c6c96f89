import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { root } from '../app/root-routes.ts';

/** What the sign-in page has to tell. */
const told = ['ended', 'password_set'] as const;

interface SignInSearch {
  /** The page to go on to. */
  next?: string | undefined;
  /** Why a sign-in at another provider failed: the server’s code. */
  error?: string | undefined;
  told?: (typeof told)[number] | undefined;
}

const signIn = createRoute({
  getParentRoute: () => root,
  path: '/sign-in',
  // Each is named even where it is not taken: what is left out here would stay as the address has it.
  validateSearch: ({ next, error, told: what }): SignInSearch => ({
    // Only to our own pages.
    next: typeof next === 'string' && /^\/(?![/\\]|sign-in)/.test(next) ? next : undefined,
    error: typeof error === 'string' && /^[\w.]+$/.test(error) ? error : undefined,
    told: told.find((one) => one === what),
  }),
  component: lazyRouteComponent(() => import('./sign-in/sign-in-page.tsx'), 'SignInPage'),
});

const invite = createRoute({
  getParentRoute: () => root,
  path: '/invite',
  component: lazyRouteComponent(() => import('./join/invite-page.tsx'), 'InvitePage'),
});

const reset = createRoute({
  getParentRoute: () => root,
  path: '/reset',
  component: lazyRouteComponent(() => import('./reset/reset-page.tsx'), 'ResetPage'),
});

const firstOwner = createRoute({
  getParentRoute: () => root,
  path: '/first-owner',
  component: lazyRouteComponent(() => import('./join/first-owner-page.tsx'), 'FirstOwnerPage'),
});

/** Pages on which nobody is signed in yet. Mails link to `/invite` and `/reset`, the server’s start to `/first-owner`. */
export const sessionRoutes = [signIn, invite, reset, firstOwner] as const;
