import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { settingsLayout } from '../settings-layout.routes.ts';
import { readDeliverySearch } from './delivery-search.ts';

const list = createRoute({
  getParentRoute: () => settingsLayout,
  path: '/webhooks',
  component: lazyRouteComponent(() => import('./webhooks-page.tsx'), 'WebhooksPage'),
});

const detail = createRoute({
  getParentRoute: () => settingsLayout,
  path: '/webhooks/$id',
  validateSearch: readDeliverySearch,
  component: lazyRouteComponent(() => import('./webhook-page.tsx'), 'WebhookPage'),
});

/** Webhooks, and what was sent to each. */
export const webhooksRoutes = [list, detail] as const;
