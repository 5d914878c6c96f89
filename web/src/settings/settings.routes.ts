import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { auditLogRoutes } from './audit-log/audit-log.routes.ts';
import { settingsLayout } from './settings-layout.routes.ts';
import { webhooksRoutes } from './webhooks/webhooks.routes.ts';

const index = createRoute({
  getParentRoute: () => settingsLayout,
  path: '/',
  component: lazyRouteComponent(() => import('./settings-index-page.tsx'), 'SettingsIndexPage'),
});

const general = createRoute({
  getParentRoute: () => settingsLayout,
  path: '/general',
  component: lazyRouteComponent(() => import('./general/general-page.tsx'), 'GeneralPage'),
});

const members = createRoute({
  getParentRoute: () => settingsLayout,
  path: '/members',
  component: lazyRouteComponent(() => import('./members/members-page.tsx'), 'MembersPage'),
});

const apiKeys = createRoute({
  getParentRoute: () => settingsLayout,
  path: '/api-keys',
  component: lazyRouteComponent(() => import('./api-keys/api-keys-page.tsx'), 'ApiKeysPage'),
});

const dataExport = createRoute({
  getParentRoute: () => settingsLayout,
  path: '/data-export',
  component: lazyRouteComponent(() => import('./data-export/data-export-page.tsx'), 'DataExportPage'),
});

const dataPrivacy = createRoute({
  getParentRoute: () => settingsLayout,
  path: '/data-privacy',
  component: lazyRouteComponent(() => import('./data-privacy/data-privacy-page.tsx'), 'DataPrivacyPage'),
});

const branding = createRoute({
  getParentRoute: () => settingsLayout,
  path: '/branding',
  component: lazyRouteComponent(() => import('./branding/branding-page.tsx'), 'BrandingPage'),
});

const mails = createRoute({
  getParentRoute: () => settingsLayout,
  path: '/mails',
  component: lazyRouteComponent(() => import('./mails/mails-page.tsx'), 'MailsPage'),
});

/** Settings of the workspace. Add to: `createRoute({ getParentRoute: () => settingsLayout, … })`. */
export const settingsRoutes = [
  settingsLayout.addChildren([
    index,
    general,
    dataExport,
    dataPrivacy,
    members,
    apiKeys,
    branding,
    mails,
    ...auditLogRoutes,
    ...webhooksRoutes,
  ]),
] as const;
