import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { signedIn } from '../app/root-routes.ts';
import { readConversationsSearch } from './filter/read-filter.ts';

const list = createRoute({
  getParentRoute: () => signedIn,
  path: '/conversations',
  validateSearch: readConversationsSearch,
  component: lazyRouteComponent(() => import('./conversations-page.tsx'), 'ConversationsPage'),
});

const thread = createRoute({
  getParentRoute: () => signedIn,
  path: '/conversations/$id',
  component: lazyRouteComponent(() => import('./thread/conversation-page.tsx'), 'ConversationPage'),
});

/** Conversations as a list, and one as a thread. */
export const conversationsRoutes = [list, thread] as const;
