import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { signedIn } from '../app/root-routes.ts';

const welcome = createRoute({
  getParentRoute: () => signedIn,
  path: '/welcome',
  component: lazyRouteComponent(() => import('./welcome-page.tsx'), 'WelcomePage'),
});

const upload = createRoute({
  getParentRoute: () => signedIn,
  path: '/welcome/upload',
  /** The import that the file was uploaded to, and the file. */
  validateSearch: (search): { import?: string; file?: string } => ({
    ...(typeof search['import'] === 'string' ? { import: search['import'] } : {}),
    ...(typeof search['file'] === 'string' ? { file: search['file'] } : {}),
  }),
  component: lazyRouteComponent(() => import('./upload-page.tsx'), 'UploadPage'),
});

const connect = createRoute({
  getParentRoute: () => signedIn,
  path: '/welcome/connect',
  component: lazyRouteComponent(() => import('./connect-page.tsx'), 'ConnectPage'),
});

const run = createRoute({
  getParentRoute: () => signedIn,
  path: '/welcome/imports/$id',
  component: lazyRouteComponent(() => import('./import-page.tsx'), 'ImportPage'),
});

/** Bringing data in: the sample, files, or the product itself. */
export const welcomeRoutes = [welcome, upload, connect, run] as const;
