/** Bringing the first data in. Add to: `createRoute({ getParentRoute: () => signedIn, … })`. */
export const welcomeRoutes = [] as const;
