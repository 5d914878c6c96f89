import { Outlet, useRouterState } from '@tanstack/react-router';
import { NeedsSecondFactor } from '../../session/needs-second-factor.tsx';
import { NoWorkspace } from '../../session/no-workspace.tsx';
import { PlaceGuard } from '../../session/place-guard.tsx';
import { useWhoami } from '../../session/use-session.ts';
import { settingsPages } from '../../settings/settings-pages.ts';
import { navItems } from './nav-items.ts';

/** Each page of the settings is a place of its own, before the one they are in. */
const places = [...settingsPages, ...navItems];

/** Pages that are about no workspace. */
const APART = /^\/(account|verify)\b/;

/** The page; or what has to be done first, where nothing of a workspace opens yet. */
export function ShellContent() {
  const { data: whoami } = useWhoami();
  const path = useRouterState({ select: ({ location }) => location.pathname });
  if (whoami === undefined || APART.test(path)) return <Outlet />;
  if (whoami.workspace === null) return <NoWorkspace />;
  if (whoami.needs_second_factor) return <NeedsSecondFactor workspace={whoami.workspace.name} />;
  return (
    <PlaceGuard places={places}>
      <Outlet />
    </PlaceGuard>
  );
}
