import { $api, type Schema } from '../api/client.ts';

/** What one may do here, by the server's own names. */
export type Permission = Schema<'Whoami'>['permissions'][number];

/** Who is signed in and what they may do. Refused while nobody is. */
export const useWhoami = () => $api.useQuery('get', '/v1/whoami', {}, { staleTime: 30_000, retry: false });

/** Asks whether the viewer may do something: roles decide what is shown. */
export function useMay(): (permission: Permission) => boolean {
  const { data } = useWhoami();
  return (permission) => data?.permissions.includes(permission) === true;
}
