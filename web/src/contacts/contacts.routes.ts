/** Contacts. Add to: `createRoute({ getParentRoute: () => signedIn, … })`. */
export const contactsRoutes = [] as const;
