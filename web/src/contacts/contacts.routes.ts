import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import type { paths } from '../api/schema.d.ts';
import { signedIn } from '../app/root-routes.ts';

/** Which contacts the list shows: the filters that the API has. */
export type ContactsSearch = Omit<
  NonNullable<paths['/v1/contacts']['get']['parameters']['query']>,
  'limit' | 'cursor' | 'count'
>;

/** How often each part may be said. */
const PARTS: Record<keyof ContactsSearch, 'once' | 'often'> = {
  q: 'once',
  kind: 'often',
  tag: 'often',
  email: 'once',
  external_id: 'once',
  since: 'once',
  until: 'once',
};

const contacts = createRoute({
  getParentRoute: () => signedIn,
  path: '/contacts',
  validateSearch: (search: Record<string, unknown>): ContactsSearch =>
    Object.fromEntries<unknown>(
      Object.entries(PARTS).flatMap(([part, often]) => {
        const value = search[part];
        if (value === undefined || value === '') return [];
        // Addresses are read as JSON: what looks like a number came as one.
        const words = (Array.isArray(value) ? value : [value]).map(String);
        return [[part, often === 'often' ? words : words[0]] as const];
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
