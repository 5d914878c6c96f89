import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import type { Schema } from '../api/client.ts';
import { signedIn } from '../app/root-routes.ts';

/** Which exports the list shows. */
export interface ExportsSearch {
  status?: Schema<'Export'>['status'];
  kind?: Schema<'Export'>['kind'];
  /** Only the viewer's own. */
  mine?: true;
}

const exportsList = createRoute({
  getParentRoute: () => signedIn,
  path: '/exports',
  // What is no state or kind the server refuses, and says what there is.
  validateSearch: ({ status, kind, mine }): ExportsSearch => ({
    ...(typeof status === 'string' ? { status: status as Schema<'Export'>['status'] } : {}),
    ...(typeof kind === 'string' ? { kind: kind as Schema<'Export'>['kind'] } : {}),
    ...(mine === true ? { mine } : {}),
  }),
  component: lazyRouteComponent(() => import('./exports-page.tsx'), 'ExportsPage'),
});

const exportDetail = createRoute({
  getParentRoute: () => signedIn,
  path: '/exports/$id',
  component: lazyRouteComponent(() => import('./detail/export-page.tsx'), 'ExportPage'),
});

/** Exports that were asked for: all of them, and one. */
export const exportsRoutes = [exportsList, exportDetail] as const;
