import { Outlet, useRouterState } from '@tanstack/react-router';
import { NeedsSecondFactor } from '../../session/needs-second-factor.tsx';
import { NoWorkspace } from '../../session/no-workspace.tsx';
import { useWhoami } from '../../session/use-session.ts';

/** Pages that are about no workspace. */
const APART = /^\/(account|verify)\b/;

/** The page; or what has to be done first, where nothing of a workspace opens yet. */
export function ShellContent() {
  const { data: whoami } = useWhoami();
  const path = useRouterState({ select: ({ location }) => location.pathname });
  if (whoami === undefined || APART.test(path)) return <Outlet />;
  if (whoami.workspace === null) return <NoWorkspace />;
  if (whoami.needs_second_factor) return <NeedsSecondFactor workspace={whoami.workspace.name} />;
  return <Outlet />;
}
