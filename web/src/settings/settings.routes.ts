/** Settings of the workspace. Add to: `createRoute({ getParentRoute: () => signedIn, … })`. */
export const settingsRoutes = [] as const;
