/** Conversations and their threads. Add to: `createRoute({ getParentRoute: () => signedIn, … })`. */
export const conversationsRoutes = [] as const;
