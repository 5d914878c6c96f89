import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import type { paths } from '../api/schema.d.ts';
import { signedIn } from '../app/root-routes.ts';

/** Which contacts the list shows: the filters that the API has. */
export type ContactsSearch = Omit<
  NonNullable<paths['/v1/contacts']['get']['parameters']['query']>,
  'limit' | 'cursor' | 'count'
>;

const PARTS = ['q', 'kind', 'tag', 'email', 'external_id', 'since', 'until'] as const;
/** Parts that may be said several times. */
const LISTS: readonly string[] = ['kind', 'tag'];

const contacts = createRoute({
  getParentRoute: () => signedIn,
  path: '/contacts',
  validateSearch: (search: Record<string, unknown>): ContactsSearch =>
    Object.fromEntries<unknown>(
      PARTS.filter((part) => search[part] !== undefined && search[part] !== '').map((part) => {
        const value = search[part];
        // Addresses are read as JSON: what looks like a number came as one.
        const words = (Array.isArray(value) ? value : [value]).map(String);
        return [part, LISTS.includes(part) ? words : words[0]] as const;
      }),
    ) as ContactsSearch,
  component: lazyRouteComponent(() => import('./contacts-page.tsx'), 'ContactsPage'),
});

/** What of a contact is listed. */
export const contactTabs = ['conversations', 'tickets', 'files'] as const;
export type ContactTab = (typeof contactTabs)[number];

const contact = createRoute({
  getParentRoute: () => signedIn,
  path: '/contacts/$id',
  validateSearch: (search: Record<string, unknown>): { tab?: ContactTab } => {
    const tab = contactTabs.find((one) => one === search['tab']);
    return tab === undefined ? {} : { tab };
  },
  component: lazyRouteComponent(() => import('./contact-page.tsx'), 'ContactPage'),
});

/** The people on the other side. */
export const contactsRoutes = [contacts, contact] as const;
