import { $api } from '../api/client.ts';

/** Works in another workspace from now on. The app begins anew: nothing of the one before is left on any page. */
export function useSwitchWorkspace(): {
  to: (workspace: string) => void;
  isPending: boolean;
  error: unknown;
} {
  const { mutate, isPending, error } = $api.useMutation('post', '/v1/session/workspace', {
    onSuccess: () => window.location.assign('/'),
  });
  return { to: (workspace) => mutate({ body: { workspace } }), isPending, error };
}
