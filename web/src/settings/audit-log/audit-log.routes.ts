import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { settingsLayout } from '../settings-layout.routes.ts';
import { readAuditSearch } from './audit-search.ts';

const log = createRoute({
  getParentRoute: () => settingsLayout,
  path: '/audit-log',
  validateSearch: readAuditSearch,
  component: lazyRouteComponent(() => import('./audit-log-page.tsx'), 'AuditLogPage'),
});

const chain = createRoute({
  getParentRoute: () => settingsLayout,
  path: '/audit-log/chain',
  component: lazyRouteComponent(() => import('./chain-page.tsx'), 'ChainPage'),
});

/** The audit log, and whether it still says what was recorded. */
export const auditLogRoutes = [log, chain] as const;
