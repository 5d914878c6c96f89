/** One’s own account. Add to: `createRoute({ getParentRoute: () => signedIn, … })`. */
export const accountRoutes = [] as const;
