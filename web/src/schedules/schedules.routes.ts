/** Exports that come again by themselves. Add to: `createRoute({ getParentRoute: () => signedIn, … })`. */
export const schedulesRoutes = [] as const;
