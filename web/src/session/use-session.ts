import { useQueryClient } from '@tanstack/react-query';
import { useRouter } from '@tanstack/react-router';
import { $api, type Schema } from '../api/client.ts';

/** What one may do here, by the server's own names. */
export type Permission = Schema<'Whoami'>['permissions'][number];

/** Who is signed in and what they may do. Refused while nobody is. */
export const useWhoami = () => $api.useQuery('get', '/v1/whoami', {}, { staleTime: 30_000, retry: false });

/** The signed-in person, their workspaces and how they sign in. Refused while nobody is. */
export const useSession = () => $api.useQuery('get', '/v1/session', {}, { staleTime: 30_000, retry: false });

/** Asks whether the viewer may do something: roles decide what is shown. */
export function useMay(): (permission: Permission) => boolean {
  const { data } = useWhoami();
  return (permission) => data?.permissions.includes(permission) === true;
}

/** Goes on to a page as somebody else than before (or as nobody): nothing that was read for them is kept. */
export function useEnter(): (href: string) => Promise<void> {
  const queries = useQueryClient();
  const router = useRouter();
  return async (href) => {
    queries.clear();
    await router.navigate({ href });
  };
}
