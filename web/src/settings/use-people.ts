import { $api } from '../api/client.ts';
import { useMay } from '../session/use-session.ts';

/** Names of who acts in the workspace, by id: its members and API keys, as far as the viewer may see them. */
export function usePeople(): { members: Map<string, string>; keys: Map<string, string> } {
  const may = useMay();
  const page = { params: { query: { limit: 100 } } };
  const members = $api.useQuery('get', '/v1/members', page, { enabled: may('members.read') });
  const keys = $api.useQuery('get', '/v1/api-keys', page, { enabled: may('keys.manage') });
  return {
    members: new Map(members.data?.members.map(({ user_id: id, name }) => [id, name])),
    keys: new Map(keys.data?.api_keys.map(({ id, name }) => [id, name])),
  };
}
