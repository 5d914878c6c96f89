import { createRouter } from '@tanstack/react-router';
import { accountRoutes } from '../account/account.routes.ts';
import { contactsRoutes } from '../contacts/contacts.routes.ts';
import { conversationsRoutes } from '../conversations/conversations.routes.ts';
import { exportsRoutes } from '../exports/exports.routes.ts';
import { overviewRoutes } from '../overview/overview.routes.ts';
import { schedulesRoutes } from '../schedules/schedules.routes.ts';
import { sessionRoutes } from '../session/session.routes.ts';
import { settingsRoutes } from '../settings/settings.routes.ts';
import { verifyRoutes } from '../verify/verify.routes.ts';
import { welcomeRoutes } from '../welcome/welcome.routes.ts';
import { PageFailure } from './page-failure.tsx';
import { root, signedIn } from './root-routes.ts';

/** Every page of the app and its address. A page's code is loaded when it is first opened. */
export const router = createRouter({
  routeTree: root.addChildren([
    ...sessionRoutes,
    signedIn.addChildren([
      ...overviewRoutes,
      ...conversationsRoutes,
      ...contactsRoutes,
      ...exportsRoutes,
      ...schedulesRoutes,
      ...verifyRoutes,
      ...welcomeRoutes,
      ...accountRoutes,
      ...settingsRoutes,
    ]),
  ]),
  defaultPreload: 'intent',
  // A page sees of its address what it has checked, and nothing else.
  search: { strict: true },
  defaultErrorComponent: PageFailure,
});

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}
