import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { signedIn } from '../app/root-routes.ts';

const list = createRoute({
  getParentRoute: () => signedIn,
  path: '/schedules',
  component: lazyRouteComponent(() => import('./schedules-page.tsx'), 'SchedulesPage'),
});

const make = createRoute({
  getParentRoute: () => signedIn,
  path: '/schedules/new',
  component: lazyRouteComponent(() => import('./form/schedule-form-pages.tsx'), 'NewSchedulePage'),
});

const one = createRoute({
  getParentRoute: () => signedIn,
  path: '/schedules/$id',
  component: lazyRouteComponent(() => import('./schedule-page.tsx'), 'SchedulePage'),
});

const edit = createRoute({
  getParentRoute: () => signedIn,
  path: '/schedules/$id/edit',
  component: lazyRouteComponent(() => import('./form/schedule-form-pages.tsx'), 'EditSchedulePage'),
});

/** Exports that come again by themselves. */
export const schedulesRoutes = [list, make, one, edit] as const;
