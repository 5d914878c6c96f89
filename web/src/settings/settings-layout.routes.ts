import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { signedIn } from '../app/root-routes.ts';

/** Parent of every page of the settings: the list of pages beside the page. */
export const settingsLayout = createRoute({
  getParentRoute: () => signedIn,
  path: '/settings',
  component: lazyRouteComponent(() => import('./settings-layout.tsx'), 'SettingsLayout'),
});
