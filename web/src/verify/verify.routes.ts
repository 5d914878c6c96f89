/** Checking packages in the browser. Add to: `createRoute({ getParentRoute: () => signedIn, … })`. */
export const verifyRoutes = [] as const;
